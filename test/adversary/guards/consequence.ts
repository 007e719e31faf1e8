/** What a message does and gives away. */
import { type Guard, guard, never, policy } from './guard.ts';

const tripwires = `${policy}/tripwires.ts`;
const web = `${policy}/web-tripwires.ts`;

export const consequence: Guard[] = [
  guard(
    'consequence: the label raises',
    'what the agent itself calls',
    `${policy}/consequence.ts`,
    '...readLabel(request.label, payload, tripwires), ',
  ),
  guard(
    'consequence: a typed price',
    'a price in the field alone',
    `${policy}/consequence.ts`,
    'if (price !== null && !isKnownToBind) {',
    never,
  ),
  guard(
    'consequence: a price that recurs',
    'monthly pass',
    `${policy}/consequence.ts`,
    'if ((price !== null || isKnownToBind) && hasRecurringWords(text, price)) {',
    never,
  ),
  guard(
    'consequence: strictest treatment',
    'a private fact in a plain',
    `${policy}/consequence.ts`,
    'treatments.indexOf(b.treatment) > treatments.indexOf(a.treatment) ? b : a',
    'treatments.indexOf(b.treatment) < treatments.indexOf(a.treatment) ? b : a',
  ),
  guard(
    'tripwire: acceptance',
    'an acceptance that calls',
    tripwires,
    'if (acceptance !== undefined) {',
    never,
  ),
  guard(
    'tripwire: a bare yes',
    'an acceptance that calls',
    `${policy}/acceptance.ts`,
    'return hasReply && isSealable(lastInbound) ? findYes(sentences) : undefined;',
    'return undefined;',
  ),
  guard(
    'tripwire: look-alike letters',
    'an acceptance that calls',
    `${policy}/reading.ts`,
    'lookAlikes.get(character) ?? character',
    'character',
  ),
  guard(
    'tripwire: a price in words',
    'a purchase that calls itself',
    tripwires,
    'if (sentences.some((sentence) => !sentence.isQuestion && findAmounts(sentence).length > 0)) {',
    never,
  ),
  guard(
    'tripwire: cancellation',
    'a cancellation that calls',
    tripwires,
    'if (cancellation !== undefined) {',
    never,
  ),
  guard(
    'tripwire: private fields',
    'a private fact in a plain',
    tripwires,
    'holdsField(searched, field))',
    'false)',
  ),
  guard(
    'tripwire: card numbers',
    'a private fact in a plain',
    `${policy}/secrets.ts`,
    'if (hasCardNumber(plain)) return',
    'if (false as boolean) return',
  ),
  guard(
    'tripwire: account numbers',
    'a private fact in a plain',
    `${policy}/secrets.ts`,
    'if (hasIban(plain)) return',
    'if (false as boolean) return',
  ),
  guard(
    'tripwire: passwords',
    'a private fact in a plain',
    `${policy}/secrets.ts`,
    `return hasPassword(plain) ? 'a password or one-time code' : undefined;`,
    'return undefined;',
  ),
  guard(
    'tripwire: what is shared with whom',
    'a private fact in a plain',
    `${policy}/share.ts`,
    'return contract.share.some(',
    'return [true].concat(contract.share.map(() => true))[0] === true || contract.share.some(',
  ),
  {
    name: 'web: a POST',
    by: 'a POST waits',
    edits: [
      { file: web, find: '...findPost(request, facts),\n', replace: '' },
      {
        file: 'src/agent/tools/http-request.ts',
        find: "raise(method === 'POST' ? 'commit' : 'message', consequence)",
        replace: "raise('message', consequence)",
      },
    ],
  },
  guard('web: private data held', 'asks before every request', web, '...findHeld(facts),\n'),
  guard(
    'web: private data told',
    'a private fact in a request',
    web,
    '...findTold(listTold(payload, request, facts), payload.to, facts),\n',
  ),
];
