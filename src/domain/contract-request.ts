import { currencyDigits } from '../lib/money.ts';
import { findTimeZone } from '../lib/zone.ts';
import type { NewCounterparty } from './contact.ts';
import { type Contract, type Treatment, treatments } from './contract.ts';
import { readDeadline } from './read-deadline.ts';
import { quote, readAmount, readLine, readWhole, refuseField } from './read-fields.ts';
import { readShare } from './read-share.ts';
import type { ContractRequest } from './requests.ts';

const mostMessages = 1_000;
const longestWaitHours = 720;
const hourMs = 3_600_000;

/**
 * The contract a request asks for: what it says, over `base`. Says nothing about what may be in force
 * without a human; `widening.ts` does. `contacts` are those of the new contract.
 */
export function readContractRequest(
  request: ContractRequest,
  base: Contract,
  context: { contacts: readonly NewCounterparty[]; timeZone: string; now: number },
): Contract {
  const { messages } = base;
  const count = (value: number | undefined, name: string, before: number) =>
    value === undefined ? before : readWhole(value, `contract.${name}`, mostMessages);
  return {
    counterparties: context.contacts.map(({ channel, address }) => ({ channel, address })),
    money: readMoney(request, base.money),
    messages: {
      perHour: count(request.messages_per_hour, 'messages_per_hour', messages.perHour),
      perDay: count(request.messages_per_day, 'messages_per_day', messages.perDay),
      perRecipientDay: count(
        request.messages_per_contact_per_day,
        'messages_per_contact_per_day',
        messages.perRecipientDay,
      ),
    },
    share: readShare(request.share, base, context.contacts),
    quietHours: readQuietHours(request.quiet_hours, base.quietHours),
    deadlineAt: orBase(request.deadline, base.deadlineAt, (text) =>
      readDeadline(text, 'contract.deadline', context),
    ),
    followUpMs: readFollowUp(request.follow_up_hours, base.followUpMs),
    treatment: readTreatment(request.treatment, base.treatment),
  };
}

/** Left out is as before, null is none. */
function orBase<In, Out>(
  given: In | null | undefined,
  base: Out | null,
  read: (given: In) => Out,
): Out | null {
  if (given === undefined) return base;
  return given === null ? null : read(given);
}

function readMoney(request: ContractRequest, base: Contract['money']): Contract['money'] {
  const currency = readCurrency(request.currency ?? base.currency);
  const isSame = currency === base.currency;
  const amount = (text: string, name: string) => readAmount(text, `contract.${name}`, currency).minor;
  const kept = isSame ? base : { withoutApproval: 0, budget: null, offerLimit: null };
  if (!isSame) refuseForgottenLimits(request, base, currency);
  const { spend_without_approval: without } = request;
  return {
    currency,
    withoutApproval: without === undefined ? kept.withoutApproval : amount(without, 'spend_without_approval'),
    budget: orBase(request.budget, kept.budget, (text) => amount(text, 'budget')),
    offerLimit: orBase(request.offer_limit, kept.offerLimit, ({ amount: text, per }) => ({
      minor: amount(text, 'offer_limit.amount'),
      per: readLine(per, 'contract.offer_limit.per', 40),
    })),
  };
}

function readCurrency(text: string): string {
  if (currencyDigits(text) !== undefined) return text;
  throw refuseField(
    'contract.currency',
    `must be an ISO 4217 currency such as USD or EUR, not ${quote(text)}`,
  );
}

/** Limits in another currency cannot be carried over, and must not silently end. */
function refuseForgottenLimits(request: ContractRequest, base: Contract['money'], currency: string): void {
  const forgotten =
    (base.budget !== null && request.budget === undefined && 'budget') ||
    (base.offerLimit !== null && request.offer_limit === undefined && 'offer_limit');
  if (forgotten)
    throw refuseField(`contract.${forgotten}`, `must be given again in ${currency}, the new currency`);
}

function readQuietHours(
  request: ContractRequest['quiet_hours'],
  base: Contract['quietHours'],
): Contract['quietHours'] {
  return orBase(request, base, ({ from, to, time_zone }) => {
    for (const [name, text] of Object.entries({ from, to })) {
      if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)) {
        throw refuseField(`contract.quiet_hours.${name}`, `must be a time such as 22:00, not ${quote(text)}`);
      }
    }
    if (from === to)
      throw refuseField('contract.quiet_hours.to', `must differ from ${from}, where they begin`);
    const timeZone = findTimeZone(time_zone);
    if (timeZone !== undefined) return { from, to, timeZone };
    throw refuseField(
      'contract.quiet_hours.time_zone',
      `must be an IANA time zone such as America/Los_Angeles, not ${quote(time_zone)}`,
    );
  });
}

function readFollowUp(hours: number | undefined, before: number): number {
  if (hours === undefined) return before;
  if (hours >= 0.001 && hours <= longestWaitHours) return Math.round(hours * hourMs);
  throw refuseField(
    'contract.follow_up_hours',
    `must be a number of hours from 0.001 to ${longestWaitHours}, not ${hours}`,
  );
}

function readTreatment(
  request: ContractRequest['treatment'],
  base: Contract['treatment'],
): Contract['treatment'] {
  const treatment = { ...base };
  for (const [name, text] of Object.entries(request ?? {})) {
    const consequence = (Object.keys(base) as (keyof Contract['treatment'])[]).find((key) => key === name);
    if (consequence === undefined) {
      throw refuseField(
        'contract.treatment',
        `has no ${quote(name)}; it has ${Object.keys(base).join(', ')}`,
      );
    }
    const allowed = treatments.filter((each) => each !== 'within_limit' || isMoney(consequence));
    const given = allowed.find((each): each is Treatment => each === text);
    if (given === undefined) {
      throw refuseField(
        `contract.treatment.${name}`,
        `must be one of ${allowed.join(', ')}, not ${quote(text)}`,
      );
    }
    treatment[consequence] = given;
  }
  return treatment;
}

function isMoney(consequence: string): boolean {
  return consequence === 'commit' || consequence === 'purchase';
}
