import { canonicalJson } from '../lib/canonical.ts';
import type { Finding } from './action.ts';
import { addressKey } from './contact.ts';
import { type Contract, type Treatment, treatments } from './contract.ts';
import { type Agreed, type Clipped, clipMoney } from './widening-money.ts';

/** A contract beyond what may be set without a human, and what makes it so. */
export type Widening = { contract: Contract; findings: Finding[] };

/**
 * Splits a requested contract. Narrower limits are in force at once. A wider one stays at the most that
 * needs no human, and the whole request becomes the widening that one has to confirm.
 */
export function computeWidening(
  requested: Contract,
  agreed: Agreed,
): { inForce: Contract; widening: Widening | null } {
  const counterparties = clipCounterparties(requested, agreed);
  const money = clipMoney(requested, agreed);
  const messages = clipMessages(requested, agreed);
  const share = clipShare(requested, agreed);
  const deadlineAt = clipDeadline(requested, agreed);
  const treatment = clipTreatment(requested, agreed);
  const parts = [counterparties, money, messages, share, deadlineAt, treatment];
  const inForce: Contract = {
    ...requested,
    counterparties: counterparties.inForce,
    money: money.inForce,
    messages: messages.inForce,
    share: share.inForce,
    deadlineAt: deadlineAt.inForce,
    treatment: treatment.inForce,
  };
  const findings = parts
    .flatMap(({ wider }) => wider)
    .map((because) => ({ rule: 'widening' as const, consequence: 'none' as const, because }));
  return { inForce, widening: findings.length > 0 ? { contract: requested, findings } : null };
}

export function isSameContract(a: Contract, b: Contract): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function clipCounterparties(
  { counterparties }: Contract,
  { current, isStarted }: Agreed,
): Clipped<Contract['counterparties']> {
  if (!isStarted || current === null) return { inForce: counterparties, wider: [] };
  const known = new Set(current.counterparties.map(addressKey));
  const added = counterparties.filter((each) => !known.has(addressKey(each)));
  return {
    inForce: counterparties.filter((each) => known.has(addressKey(each))),
    wider: added.map((each) => `it may also write to ${addressKey(each)}`),
  };
}

function clipMessages({ messages }: Contract, { defaults, current }: Agreed): Clipped<Contract['messages']> {
  const wider: string[] = [];
  const clip = (name: keyof Contract['messages'], words: string) => {
    const most = Math.max(defaults.messages[name], current?.messages[name] ?? 0);
    if (messages[name] <= most) return messages[name];
    wider.push(`it may send ${messages[name]} messages ${words}, instead of ${most}`);
    return most;
  };
  const inForce = {
    perHour: clip('perHour', 'an hour'),
    perDay: clip('perDay', 'a day'),
    perRecipientDay: clip('perRecipientDay', 'a day to one contact'),
  };
  return { inForce, wider };
}

function clipShare({ share }: Contract, { defaults, current }: Agreed): Clipped<Contract['share']> {
  const agreed = [...defaults.share, ...(current?.share ?? [])];
  const wider: string[] = [];
  const inForce = share.flatMap(({ field, with: wanted }): Contract['share'] => {
    const known = agreed.filter((entry) => entry.field === field).map((entry) => entry.with);
    if (known.includes('all')) return [{ field, with: wanted }];
    const keys = known.flatMap((each) => (each === 'all' ? [] : each));
    const added =
      wanted === 'all' ? 'all contacts' : wanted.filter((key) => !keys.includes(key)).join(' and ');
    if (added !== '') wider.push(`it may tell your ${field} to ${added}`);
    const left = wanted === 'all' ? keys : wanted.filter((key) => keys.includes(key));
    return left.length > 0 ? [{ field, with: left }] : [];
  });
  return { inForce, wider };
}

function clipDeadline({ deadlineAt }: Contract, { current, isStarted }: Agreed): Clipped<number | null> {
  const agreed = isStarted ? (current?.deadlineAt ?? null) : null;
  if (agreed === null || (deadlineAt !== null && deadlineAt <= agreed))
    return { inForce: deadlineAt, wider: [] };
  const word =
    deadlineAt === null
      ? 'it has no deadline any more'
      : `its deadline is ${new Date(deadlineAt).toISOString()}`;
  return { inForce: agreed, wider: [`${word}, instead of ${new Date(agreed).toISOString()}`] };
}

function clipTreatment(
  { treatment }: Contract,
  { defaults, current }: Agreed,
): Clipped<Contract['treatment']> {
  const wider: string[] = [];
  const inForce = { ...treatment };
  for (const name of Object.keys(treatment) as (keyof Contract['treatment'])[]) {
    const freest = findFreer(defaults.treatment[name], current?.treatment[name]);
    if (treatments.indexOf(treatment[name]) >= treatments.indexOf(freest)) continue;
    wider.push(`${name} is treated as "${treatment[name]}", instead of "${freest}"`);
    inForce[name] = freest;
  }
  return { inForce, wider };
}

function findFreer(a: Treatment, b: Treatment | undefined): Treatment {
  return b !== undefined && treatments.indexOf(b) < treatments.indexOf(a) ? b : a;
}
