/** Money, messages and questions. */
import { type Guard, guard, never, policy } from './guard.ts';

const rate = `${policy}/rate.ts`;
const money = `${policy}/money.ts`;

export const spend: Guard[] = [
  guard(
    'money: an unknown price',
    'at no price',
    money,
    'if (payload.price === null)\n    return',
    'if (payload.price === null) return draft;\n  if (payload.price === null)\n    return',
  ),
  guard(
    'money: words against field',
    'an amount in words',
    money,
    'if (listAmounts(dropFirstContactLine(payload, facts)).some((amount) => !isPrice(amount, price))) {',
    never,
  ),
  guard(
    'money: the currency',
    'a price needs a currency',
    money,
    'if (price.currency !== money.currency) {',
    never,
  ),
  guard(
    'money: the limit of an offer',
    'an offer above the limit',
    money,
    'if (offerLimit !== null && price.minor > offerLimit.minor * countUnits(price, offerLimit.per)) {',
    never,
  ),
  guard('money: what is left', 'what is said to be paid back', money, 'if (minor > left) {', never),
  guard(
    'money: the total in words',
    'at 5.00 waits',
    money,
    '  if (!listAmounts(text).some((amount) => !amount.isUnitPrice && isAmountOf(amount, { minor, currency }))) {',
    `  ${never}`,
  ),
  guard('money: a number beyond', 'at 5.00 waits', money, 'return isBeyond ?', 'return (false as boolean) ?'),
  guard(
    'ledger: the budget',
    'meets the budget',
    'src/db/ledger.ts',
    '@minor <= @jorbLimit)',
    '@minor <= @jorbLimit + 1e12)',
  ),
  guard(
    'ledger: the errand',
    'meets the limit of the errand',
    'src/db/ledger.ts',
    '@minor <= @jorbWithoutApproval)',
    '@minor <= @jorbWithoutApproval + 1e12)',
  ),
  guard(
    'ledger: the owner',
    'meets the limit of the owner',
    'src/db/ledger.ts',
    '@minor <= @ownerWithoutApproval)',
    '@minor <= @ownerWithoutApproval + 1e12)',
  ),
];

export const rates: Guard[] = [
  guard(
    'rate: an hour',
    'a storm of messages',
    rate,
    'if (within(facts.recentSends, hourMs) >= perHour) {',
    never,
  ),
  guard(
    'rate: a day',
    'a day has its number, whoever',
    rate,
    'if (within(facts.recentSends, dayMs) >= perDay) {',
    never,
  ),
  guard(
    'rate: a recipient',
    'over all recipients and for each',
    rate,
    'if (within(toRecipient, dayMs) >= perRecipientDay) {',
    never,
  ),
  guard(
    'rate: two machines',
    'two machines that thank',
    rate,
    'if (within(toRecipient, loopMs) >= loopSends) {',
    never,
  ),
  guard(
    'rate: no progress',
    'talk that leads nowhere',
    rate,
    'if (toRecipient.filter(({ at }) => at > facts.lastProgressAt).length >= sendsWithoutProgress) {',
    never,
  ),
  guard(
    'rate: the same words',
    'the same words are not said twice',
    rate,
    'if (repetition !== undefined) return',
    'if (false as boolean) return',
  ),
  guard(
    'approval: questions of an errand',
    'an agent that asks for everything',
    `${policy}/approval.ts`,
    'if (jorb >= mostPendingOfJorb) {',
    never,
  ),
  guard(
    'approval: questions of the owner',
    'held to twenty questions',
    `${policy}/approval.ts`,
    'if (owner >= mostPendingOfOwner) {',
    never,
  ),
];
