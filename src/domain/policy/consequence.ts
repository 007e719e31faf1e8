import { formatMoney } from '../../lib/money.ts';
import type { Finding, SendPayload } from '../action.ts';
import { type Consequence, type Contract, type Treatment, treatments } from '../contract.ts';
import { type Check, isBinding, refuse } from './check.ts';
import { dropFirstContactLine } from './first-contact.ts';
import { hasRecurringWords } from './recurring.ts';
import { findTripwires } from './tripwires.ts';
import { findWebTripwires } from './web-tripwires.ts';

/**
 * Check 4: what the message does, from its effect. The agent's label, the words and the price can each
 * raise the class; the strictest treatment of all classes it falls into holds.
 */
export const checkConsequence: Check = ({ request, facts }, draft) => {
  const { payload } = draft;
  if (payload.kind !== 'send_message') return draft;
  const text = dropFirstContactLine(payload, facts);
  const tripwires =
    payload.to.channel === 'web' ? findWebTripwires(payload, facts) : findTripwires(text, payload.to, facts);
  const found = [...draft.findings, ...readLabel(request.label, payload, tripwires), ...tripwires];
  const findings = [...found, ...readPrice(payload, text, isBinding(found))];
  const raised = { ...draft, findings };
  const { treatment, consequence } = findStrictest(facts.contract, findings);
  switch (treatment) {
    case 'refuse':
      return refuse(
        raised,
        'treatment',
        `the contract refuses ${describe[consequence]}; find another way or pause`,
      );
    case 'ask': {
      const because = 'the contract asks before every message';
      const asked: Finding = { rule: 'treatment', consequence: 'message', because };
      return { ...raised, asks: true, findings: findings.length > 0 ? findings : [asked] };
    }
    case 'within_limit':
      return { ...raised, withinLimit: true };
    case 'allow':
      return raised;
  }
};

const describe: Record<Exclude<Consequence, 'none'>, string> = {
  message: 'all messages',
  new_recipient: 'messages to new addresses',
  share_info: 'disclosures of private information',
  cancel: 'cancellations',
  commit: 'commitments',
  purchase: 'purchases',
};

/** The label of a request follows from its method: it is told once. */
function readLabel(label: Consequence, { to }: SendPayload, tripwires: readonly Finding[]): Finding[] {
  if (label === 'none' || label === 'message') return [];
  if (to.channel === 'web' && tripwires.some(({ consequence }) => consequence === label)) return [];
  return [
    { rule: 'label', consequence: label, because: `the agent itself counts it among ${describe[label]}` },
  ];
}

function readPrice({ price }: SendPayload, text: string, isKnownToBind: boolean): Finding[] {
  const findings: Finding[] = [];
  if (price !== null && !isKnownToBind) {
    findings.push({ rule: 'price', consequence: 'purchase', because: `it costs ${formatMoney(price)}` });
  }
  if ((price !== null || isKnownToBind) && hasRecurringWords(text, price)) {
    const because = 'the price comes again and again, which counts as above every limit';
    findings.push({ rule: 'recurring_price', consequence: 'commit', because });
  }
  return findings;
}

/** Only money can be within a limit: for the other classes that treatment asks. */
function findStrictest(
  contract: Contract,
  findings: readonly Finding[],
): { treatment: Treatment; consequence: Exclude<Consequence, 'none'> } {
  const classes = new Set<Exclude<Consequence, 'none'>>(['message']);
  for (const { consequence } of findings) if (consequence !== 'none') classes.add(consequence);
  return Array.from(classes, (consequence) => {
    const treatment = contract.treatment[consequence];
    const isMoney = consequence === 'commit' || consequence === 'purchase';
    return {
      consequence,
      treatment: treatment === 'within_limit' && !isMoney ? ('ask' as const) : treatment,
    };
  }).reduce((a, b) => (treatments.indexOf(b.treatment) > treatments.indexOf(a.treatment) ? b : a));
}
