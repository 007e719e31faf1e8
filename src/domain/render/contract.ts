import { formatDuration } from '../../lib/duration.ts';
import { formatMoney } from '../../lib/money.ts';
import { addressKey, type Counterparty } from '../contact.ts';
import { type Contract, type Treatment, treatments } from '../contract.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';

const treatmentWords: Record<Treatment, string> = {
  allow: 'without asking',
  within_limit: 'within the limit',
  ask: 'asks you',
  refuse: 'never',
};

/** The limits of a jorb, one line each. `names` are the names the owner gave to its addresses. */
export function renderContract(
  contract: Contract,
  names: readonly Pick<Counterparty, 'channel' | 'address' | 'name'>[] = [],
  timeZone?: string,
): string[] {
  const { money, messages, quietHours, deadlineAt, share } = contract;
  const amount = (minor: number) => formatMoney({ minor, currency: money.currency });
  const writesTo = contract.counterparties.map((address) => {
    const key = addressKey(address);
    const known = names.find((name) => addressKey(name) === key);
    return known ? `${renderLine(known.name, 60)} (${key})` : key;
  });
  const lines = [
    `May write to: ${writesTo.join(', ') || 'nobody'}`,
    `Money: ${renderFreeMoney(contract, amount(money.withoutApproval))}, ${money.budget === null ? 'no budget beyond what you approve' : `${amount(money.budget)} in all`}${
      money.offerLimit
        ? `; at most ${amount(money.offerLimit.minor)} per ${renderLine(money.offerLimit.per, 40)}`
        : ''
    }`,
    `Messages: at most ${messages.perHour} an hour, ${messages.perDay} a day, ${messages.perRecipientDay} a day to one address`,
    `May tell: ${share.map((entry) => `${renderLine(entry.field, 40)} to ${entry.with === 'all' ? 'all of them' : entry.with.join(', ')}`).join('; ') || 'nothing private'}`,
    `Autonomy: ${renderTreatments(contract)}`,
    `Asks again after ${formatDuration(contract.followUpMs)} without an answer`,
  ];
  if (quietHours) lines.push(`Quiet: ${quietHours.from}–${quietHours.to} ${quietHours.timeZone}`);
  if (deadlineAt !== null) lines.push(`Deadline: ${formatInstant(deadlineAt, timeZone)}`);
  return lines;
}

/** The limit means something only where a treatment makes use of it. */
function renderFreeMoney({ treatment }: Contract, limit: string): string {
  const isFree = [treatment.commit, treatment.purchase].some(
    (word) => word === 'allow' || word === 'within_limit',
  );
  return isFree ? `${limit} without asking` : `nothing without asking (the limit of ${limit} is not in use)`;
}

function renderTreatments({ treatment }: Contract): string {
  return treatments
    .flatMap((word) => {
      const classes = Object.entries(treatment).filter(([, value]) => value === word);
      return classes.length === 0
        ? []
        : [`${treatmentWords[word]}: ${classes.map(([name]) => name.replaceAll('_', ' ')).join(', ')}`];
    })
    .join('; ');
}
