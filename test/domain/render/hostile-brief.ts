import fc from 'fast-check';
import type { Approval } from '../../../src/domain/approval.ts';
import type { Brief } from '../../../src/domain/brief.ts';
import type { Id } from '../../../src/domain/ids.ts';
import { emptyBrief, sampleApproval, sampleBrief } from './samples.ts';

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '👩‍👩‍👧‍👦'.repeat(400),
    '宿'.repeat(3000),
    '\u202e“\n- approval_1'.repeat(300),
    'word '.repeat(2000),
    '',
  ),
);
const wordsOrNull = fc.option(words, { nil: null });
const id = <Kind extends string>(kind: Kind): fc.Arbitrary<Id<Kind>> =>
  fc.integer({ min: 1, max: 999_999_999 }).map((row): Id<Kind> => `${kind}_${row}`);
const at = fc.integer({ min: -1e13, max: 1e13 });
const many = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 25, size: 'max' });
const more = fc.integer({ min: 0, max: 1_000_000 });
const sums = fc.array(
  fc.record({
    minor: fc.integer({ min: 1, max: 1e12 }),
    currency: fc.constantFrom('USD', 'JPY', 'XAF', 'KWD'),
  }),
  { maxLength: 30, size: 'max' },
);
const jorb = { id: id('jorb'), name: words, reason: wordsOrNull };

const approval = fc
  .record({
    ...{ id: id('approval'), jorbId: id('jorb'), name: words, text: words, recipientName: wordsOrNull },
    ...{ kind: fc.constantFrom('send_message' as const, 'ask_owner' as const), address: words },
    quantity: fc.integer({ min: 1, max: 1000 }),
    per: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: null }),
  })
  .map(
    ({ id, jorbId, name, text, recipientName, kind, address, ...price }): Approval => ({
      ...sampleApproval,
      ...{ id, recipientName, jorb: { id: jorbId, name, status: 'paused' } },
      action: {
        ...sampleApproval.action,
        payload:
          kind === 'ask_owner'
            ? { kind, question: text }
            : {
                kind,
                to: { channel: 'loopback', address },
                text,
                price: { minor: 1e12, currency: 'USD', ...price },
              },
      },
    }),
  );
const message = fc.record({
  ...{ direction: fc.constantFrom('in' as const, 'out' as const), id: id('event'), jorbId: id('jorb') },
  ...{ channel: fc.constant('loopback' as const), address: words, contactName: words, text: words, at },
  status: fc.constant('handled' as const),
});
const highlight = fc.record({
  at,
  jorbId: fc.option(id('jorb'), { nil: null }),
  text: words,
  evidence: id('turn'),
});
const unmatched = fc
  .record({
    eventId: id('event'),
    text: words,
    address: words,
    contactName: wordsOrNull,
    reason: words,
    other: id('jorb'),
  })
  .map(({ eventId, text, address, contactName, reason, other }): Brief['unmatched'][number] => {
    const [sample] = sampleBrief.unmatched;
    if (!sample) throw new Error('the sample has one');
    const suggestion = { id: other, name: text, confidence: 0.7, reason };
    const event = { ...sample.event, id: eventId, text, address };
    return { ...sample, event, contactName, reason, suggestion: contactName === null ? null : suggestion };
  });
const promise = fc.record({
  ...{ id: id('promise'), by: fc.constantFrom('us' as const, 'them' as const), text: words, dueAt: at },
  with: fc.record({ channel: fc.constant('loopback' as const), address: words }),
  ...{ sourceEventId: fc.constant(null), jorbId: id('jorb'), jorbName: words, contactName: wordsOrNull },
});

/** As many of everything as the store gives, in words that nobody would choose who means well. */
export const hostileBrief: fc.Arbitrary<Brief> = fc
  .record({
    ...{ since: fc.option(at, { nil: null }), looksBack: fc.boolean() },
    stopped: fc.option(fc.record({ at, reason: wordsOrNull }), { nil: null }),
    approvals: many(approval),
    paused: many(fc.record({ ...jorb, pauseCause: fc.constantFrom('owner' as const, 'error' as const) })),
    failed: many(fc.record(jorb)),
    problems: many(
      fc.record({
        ...{
          id: id('outbox'),
          jorbId: id('jorb'),
          kind: fc.constantFrom('unknown' as const, 'failed' as const),
        },
        ...{ to: words, text: words, error: wordsOrNull, at },
      }),
    ),
    unmatched: many(unmatched),
    failures: many(highlight),
    lateReplies: many(message),
    promises: many(promise),
    upcoming: many(
      fc.record({
        ...{ at, jorbId: id('jorb'), jorbName: words, reason: wordsOrNull },
        kind: fc.constantFrom('wake' as const, 'deadline' as const),
      }),
    ),
    jorbs: many(
      fc.record({
        ...{
          id: id('jorb'),
          name: words,
          status: fc.constant('running' as const),
          pauseCause: fc.constant(null),
        },
        ...{ received: more, sent: more, committed: sums, reserved: sums, changes: many(words) },
        isCut: fc.boolean(),
      }),
    ),
    highlights: many(highlight),
    messages: many(message),
    completed: many(
      fc.record({ id: id('jorb'), name: words, outcome: wordsOrNull, evidence: many(id('event')) }),
    ),
    money: fc.record({ committed: sums, reserved: sums }),
    outage: fc.option(
      fc.record({
        since: at,
        failures: more,
        error: words,
        retryAt: at,
        fallbackAt: fc.option(at, { nil: null }),
      }),
      { nil: null },
    ),
    more: fc.record({
      ...{ approvals: more, paused: more, failed: more, problems: more, unmatched: more },
      ...{ failures: more, lateReplies: more, promises: more, completed: more, jorbs: more },
    }),
  })
  .map(({ outage, ...brief }) => ({ ...emptyBrief, ...brief, models: { costMicros: 12_300, outage } }));

/** Of every entry that a brief shows, the ids that its line names. */
export function listIds(brief: Brief): string[] {
  return [
    ...brief.approvals.flatMap((approval) => [approval.id, approval.jorb.id]),
    ...[...brief.paused, ...brief.failed, ...brief.completed, ...brief.jorbs].map(({ id }) => id),
    ...[...brief.problems, ...brief.lateReplies, ...brief.promises, ...brief.messages].flatMap((item) => [
      item.id,
      item.jorbId,
    ]),
    ...brief.unmatched.flatMap(({ event, suggestion }) => [event.id, ...(suggestion ? [suggestion.id] : [])]),
    ...[...brief.failures, ...brief.highlights].flatMap(({ jorbId, evidence }) =>
      jorbId === null ? [evidence] : [evidence, jorbId],
    ),
    ...brief.upcoming.map(({ jorbId }) => jorbId),
  ];
}
