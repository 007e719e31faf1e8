import { formatMoney } from '../../../lib/money.ts';
import type { Digest, DigestCost, DigestPurchase } from '../../digest.ts';
import { renderPrice } from '../price.ts';
import { renderLine } from '../quote.ts';
import { type Amount, type Block, line, type PageSection, title } from './page.ts';
import type { When } from './when.ts';
import {
  count,
  formatCount,
  nameContact,
  nameJorb,
  noteMore,
  renderCost,
  renderName,
  renderUse,
  sum,
} from './words.ts';

/** What everything cost since the last digest: models, messages, purchases; in all and jorb by jorb. */
export function renderCosts({ costs, activity, more }: Digest, when: When): PageSection[] {
  const { sent, sentIsPartial, jorbs, settled, reserved, modelTotal } = costs;
  if (modelTotal.calls + activity.received + activity.sent + settled.length + reserved.length === 0) {
    return [
      { title: 'Costs', note: 'None: no message came or went, no model was asked, nothing was bought.' },
    ];
  }
  const purchases = jorbs.flatMap(({ id, purchases }) => purchases.map((each) => ({ ...each, jorbId: id })));
  const messages: Amount[] = [
    { label: ['Received'], amount: formatCount(activity.received) },
    ...sent.map((each) => ({
      label: [`Sent by ${renderName(each.channel)}`],
      amount: formatCount(each.count),
    })),
    { label: ['Sent in all'], amount: formatCount(activity.sent), isTotal: true },
  ];
  return [
    {
      title: 'Costs',
      blocks: [
        title('Models'),
        ...renderModels(costs),
        title('Messages'),
        amounts(messages),
        ...(sentIsPartial ? [line('By channel only the newest are counted.')] : []),
        title('Purchases and commitments'),
        ...renderPurchases(costs, purchases, when),
        ...(jorbs.length > 0 ? [title('Jorb by jorb'), amounts(jorbs.map(renderJorb))] : []),
        ...noteMore(more.costs, 'jorb', { command: 'jorbs list --filter all' }),
      ],
    },
  ];
}

function amounts(rows: Amount[]): Block {
  return { kind: 'amounts', rows };
}

function renderModels({ models, modelTotal, routing }: Digest['costs']): Block[] {
  if (models.length === 0) return [line('No model was asked.')];
  const rows = models.map((use) => ({
    label: [renderName(use.model)],
    detail: renderUse(use),
    amount: renderCost(use),
  }));
  const total = {
    label: ['Models in all'],
    detail: renderUse(modelTotal),
    amount: renderCost(modelTotal),
    isTotal: true,
  };
  const ofRouting = {
    label: ['of it to route messages'],
    detail: renderUse(routing),
    amount: renderCost(routing),
  };
  return [amounts([...rows, total, ...(routing.calls > 0 ? [ofRouting] : [])])];
}

function renderPurchases(
  { settled, reserved }: Digest['costs'],
  purchases: (DigestPurchase & { jorbId: string })[],
  when: When,
): Block[] {
  const rows: Amount[] = purchases.map(({ actionId, jorbId, money, price, to, state, at, consequence }) => ({
    label: [`${state === 'settled' ? 'Committed' : 'Reserved'}${to ? ` to ${nameContact(to, null)}` : ''}`],
    detail: [
      jorbId,
      actionId,
      consequence.replaceAll('_', ' '),
      ...(price && (price.quantity > 1 || price.per) ? [renderLine(renderPrice(price), 120)] : []),
      when(at),
    ].join(' · '),
    amount: formatMoney(money),
  }));
  return [
    amounts([
      ...rows,
      { label: ['Committed in all'], amount: sum(settled) || 'nothing', isTotal: true },
      { label: ['Reserved now'], amount: sum(reserved) || 'nothing' },
    ]),
  ];
}

function renderJorb({
  id,
  name,
  models,
  received,
  sent,
  settled,
  reserved,
  morePurchases,
}: DigestCost): Amount {
  const byChannel = sent.map((each) => `${formatCount(each.count)} sent by ${renderName(each.channel)}`);
  return {
    label: [nameJorb({ id, name })],
    detail: [
      `${formatCount(received)} received`,
      ...(byChannel.length > 0 ? byChannel : ['0 sent']),
      ...(models.calls > 0 ? [renderUse(models)] : []),
      ...(settled.length > 0 ? [`${sum(settled)} committed`] : []),
      ...(reserved.length > 0 ? [`${sum(reserved)} reserved`] : []),
      ...(morePurchases > 0 ? [`${count(morePurchases, 'purchase')} not listed above`] : []),
    ].join(' · '),
    amount: models.calls > 0 ? renderCost(models) : '',
  };
}
