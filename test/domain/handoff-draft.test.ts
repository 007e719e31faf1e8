import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildHandoff, changeTexts, drawHandoff } from '../../src/domain/build-handoff.ts';
import { defaultContract } from '../../src/domain/contract.ts';
import type { HandoffDraft, HandoffGround } from '../../src/domain/handoff.ts';
import { checkDraft, draftLimits, repairDraft } from '../../src/domain/handoff-draft.ts';
import { addFirstContactLine, cutFirstContactLine } from '../../src/domain/policy/first-contact.ts';
import { renderContract } from '../../src/domain/render/contract.ts';
import type { TurnContext } from '../../src/domain/turn.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { buildErrandContext } from '../agent/errand-context.ts';
import { testEpoch } from '../support/clock.ts';
import { buildFacts, buildMessage } from '../support/gate.ts';

const magic = { channel: 'loopback', address: 'magic' } as const;
const known = ['event_1', 'event_2', 'fact_1', 'outbox_7', 'promise_1', 'promise_2', 'approval_3'];

function buildGround(more: Partial<HandoffGround> = {}): HandoffGround {
  return {
    promises: [
      { id: 'promise_1', by: 'them', with: magic, text: 'to call', dueAt: testEpoch, sourceEventId: null },
      { id: 'promise_2', by: 'us', with: magic, text: 'to say when', dueAt: null, sourceEventId: 'event_1' },
    ],
    approvals: [{ id: 'approval_3', asked: 'write to loopback:magic: “We take it.”' }],
    contract: {
      ...defaultContract({ minor: 10_000, currency: 'USD' }),
      counterparties: [magic],
      quietHours: { from: '21:00', to: '08:00', timeZone: 'UTC' },
      deadlineAt: testEpoch + hourMs,
    },
    contractVersion: 4,
    knows: (id) => known.includes(id),
    ...more,
  };
}

function buildDraft(more: Partial<HandoffDraft> = {}): HandoffDraft {
  return {
    status: 'Magic offered; the owner is asked.',
    done: [{ text: 'Magic offered $289, event_1.', ids: ['event_1', 'fact_1'] }],
    openQuestions: [],
    promises: [
      { id: 'promise_1', remark: 'late' },
      { id: 'promise_2', remark: null },
    ],
    approvals: [{ id: 'approval_3', remark: null }],
    facts: [],
    decisions: [{ text: 'No smoking floor, the owner says.', ids: [] }],
    nextSteps: [{ text: 'Ask again', at: '2026-11-21T09:00:00+01:00' }],
    learnings: ['They answer in the morning.'],
    ...more,
  };
}

const ground = buildGround();

describe('a draft', () => {
  test('with which nothing is wrong becomes the handoff as it is', () => {
    const draft = buildDraft();
    expect(checkDraft(draft, ground)).toEqual([]);
    expect(repairDraft(draft, ground)).toEqual(draft);
    expect(buildHandoff(draft, ground)).toEqual({
      status: draft.status,
      done: draft.done,
      openQuestions: [],
      promises: [
        {
          ...{ id: 'promise_1', by: 'them', with: 'loopback:magic', text: 'to call', dueAt: testEpoch },
          remark: 'late',
        },
        {
          ...{ id: 'promise_2', by: 'us', with: 'loopback:magic', text: 'to say when', dueAt: null },
          remark: null,
        },
      ],
      approvals: [{ id: 'approval_3', asked: 'write to loopback:magic: “We take it.”', remark: null }],
      facts: [],
      decisions: draft.decisions,
      contractVersion: 4,
      limits: renderContract(ground.contract),
      nextSteps: [{ text: 'Ask again', at: Date.UTC(2026, 10, 21, 8) }],
      learnings: draft.learnings,
    });
  });

  const note = (text: string, ...ids: string[]) => [{ text, ids }];
  test.each<[string, Partial<HandoffDraft>, string]>([
    ['an open promise left out', { promises: [{ id: 'promise_1', remark: null }] }, 'promise_2'],
    ['a pending question left out', { approvals: [] }, 'approval_3'],
    [
      'a promise that nobody made',
      { promises: [...buildDraft().promises, { id: 'promise_8', remark: null }] },
      'promise_8',
    ],
    [
      'a promise among the questions',
      { approvals: [...buildDraft().approvals, { id: 'promise_1', remark: null }] },
      'promise_1',
    ],
    ['an event of another errand', { done: note('They wrote.', 'event_9') }, 'event_9'],
    ['an id that is none', { facts: note('x', 'rm -rf /') }, 'rm -rf'],
    ['an id in words', { learnings: ['As event_77 says.'] }, 'event_77'],
    ['an id in the status', { status: 'See outbox_1' }, 'outbox_1'],
    ['an id in a remark', { approvals: [{ id: 'approval_3', remark: 'see action_5' }] }, 'action_5'],
    ['a time that is none', { nextSteps: [{ text: 'x', at: 'next week' }] }, 'next week'],
    ['a time without its offset', { nextSteps: [{ text: 'x', at: '2026-11-21T09:00:00' }] }, '2026-11-21'],
    ['no status', { status: ' \n' }, 'status'],
    ['a status that is too long', { status: 'x'.repeat(draftLimits.status + 1) }, 'status'],
    ['a text that is too long', { decisions: note('x'.repeat(draftLimits.text + 1)) }, 'decisions'],
    ['too many lines', { learnings: Array(draftLimits.items + 1).fill('x') }, 'learnings'],
    [
      'too many ids',
      { openQuestions: note('x', ...Array(draftLimits.ids + 1).fill('event_1')) },
      'open_questions',
    ],
  ])('is wrong with %s, and mended by code', (_, more, named) => {
    const problems = checkDraft(buildDraft(more), ground);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
    expect(problems[0]?.length).toBeLessThan(200);
    const left = checkDraft(repairDraft(buildDraft(more), ground), ground);
    // What is missing is drawn from the rows; an empty status stays empty.
    expect(left.filter((problem) => !/does not list it|status is empty/.test(problem))).toEqual([]);
  });

  test('is told of no more problems than it can mend at once', () => {
    const done = Array.from({ length: 12 }, (_, line) => ({
      text: 'x',
      ids: Array.from({ length: 12 }, (_, n) => `event_${100 + 12 * line + n}`),
    }));
    const problems = checkDraft(buildDraft({ done }), ground);
    expect(problems.length).toBeLessThanOrEqual(21);
    expect(problems.at(-1)).toContain('more');
  });

  test('keeps its words where an id is taken out of them', () => {
    const draft = buildDraft({
      done: [{ text: 'As event_77 and event_1 say, event_7.', ids: ['event_77', 'event_1'] }],
    });
    expect(repairDraft(draft, ground).done).toEqual([
      { text: 'As event_? and event_1 say, event_?.', ids: ['event_1'] },
    ]);
  });

  test('is not cut into the name of another event', () => {
    const text = `${'x'.repeat(202)} event_12 ${'y'.repeat(300)}`;
    const [note] = repairDraft(
      buildDraft({ facts: [{ text, ids: [] }] }),
      buildGround({ knows: (id) => id === 'event_1' || id === 'event_12' }),
    ).facts;
    expect(note?.text).not.toMatch(/event_1…/);
  });
});

const id = fc.oneof(
  fc.constantFrom(...known, 'promise_3', 'approval_1', 'event_99', 'event_01', '__proto__', ''),
  fc.string({ maxLength: 50 }),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('word ', 'event_99 ', 'event_1', '\ud800', '👨‍👩‍👧', '> [end of handoff_1] '),
      fc.constantFrom(1, 40, 2000),
    )
    .map(([piece, times]) => piece.repeat(times)),
);
const notes = fc.array(fc.record({ text, ids: fc.array(id, { maxLength: 20 }) }), { maxLength: 20 });
const remarks = fc.array(fc.record({ id, remark: fc.option(text) }), { maxLength: 20 });
const drafts: fc.Arbitrary<HandoffDraft> = fc.record({
  status: text,
  done: notes,
  openQuestions: notes,
  promises: remarks,
  approvals: remarks,
  facts: notes,
  decisions: notes,
  nextSteps: fc.array(
    fc.record({ text, at: fc.option(fc.oneof(fc.constant('2026-11-21T09:00:00Z'), text)) }),
    {
      maxLength: 20,
    },
  ),
  learnings: fc.array(text, { maxLength: 20 }),
});

describe('whatever a draft says, its handoff', () => {
  test('holds every open promise, pending question and clause, and no other', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const handoff = buildHandoff(repairDraft(draft, ground), ground);
        const rows = handoff.promises.map(({ remark: _, ...row }) => row);
        expect(rows).toEqual(
          ground.promises.map(({ with: __, sourceEventId: ___, ...row }) => ({
            ...row,
            with: 'loopback:magic',
          })),
        );
        expect(handoff.approvals.map(({ remark: _, ...row }) => row)).toEqual(ground.approvals);
        expect(handoff.limits).toEqual(renderContract(ground.contract));
        expect(handoff.contractVersion).toBe(4);
      }),
    );
  });

  test('names no id that the errand has not', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const body = JSON.stringify(buildHandoff(repairDraft(draft, ground), ground));
        const named = body.match(
          /(?<![\p{L}\p{N}_])(event|outbox|fact|promise|approval|action)_\d+(?![\p{L}\p{N}_])/gu,
        );
        expect((named ?? []).filter((each) => !known.includes(each))).toEqual([]);
      }),
    );
  });

  test('is within its bounds, and there is nothing left to mend in it', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const repaired = repairDraft(draft, ground);
        const whole = {
          ...repaired,
          status: repaired.status || 'nothing',
          promises: ground.promises.map((promise) => ({ id: promise.id, remark: null })),
          approvals: ground.approvals.map((approval) => ({ id: approval.id, remark: null })),
        };
        expect(checkDraft(whole, ground)).toEqual([]);
        expect(repairDraft(repaired, ground)).toEqual(repaired);
        expect(JSON.stringify(repaired).isWellFormed()).toBe(true);
      }),
    );
  });

  test('is a matter of a moment, however long it is', () => {
    const long = 'event_99 '.repeat(200_000);
    const draft = buildDraft({ status: long, learnings: Array(1000).fill(long.slice(0, 10_000)) });
    const begun = performance.now();
    expect(checkDraft(draft, ground).length).toBeGreaterThan(0);
    repairDraft(draft, ground);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

test('a handoff with its texts changed is changed in each of them', () => {
  const draft = buildDraft({ openQuestions: [{ text: 'q', ids: [] }], facts: [{ text: 'f', ids: [] }] });
  const changed = changeTexts(buildHandoff(draft, ground), () => 'XX');
  const { limits: _, contractVersion: __, ...texts } = changed;
  const strings = JSON.stringify(texts).match(/"(text|status|asked|remark)":"(.*?)"/g) ?? [];
  expect(strings.length).toBeGreaterThan(8);
  expect(strings.filter((each) => !each.endsWith('"XX"'))).toEqual([]);
  expect(changed.learnings).toEqual(['XX']);
});

describe('a handoff drawn from the rows', () => {
  const context = buildErrandContext();
  const rows = buildGround({
    promises: context.promises,
    approvals: [{ id: 'approval_3', asked: 'add breakfast' }],
    knows: () => true,
  });

  test('tells what they tell, and there is nothing wrong with it', () => {
    const draft = drawHandoff(context);
    expect(checkDraft(draft, rows)).toEqual([]);
    expect(draft).toMatchInlineSnapshot(`
      {
        "approvals": [
          {
            "id": "approval_3",
            "remark": null,
          },
        ],
        "decisions": [
          {
            "ids": [
              "approval_1",
            ],
            "text": "approval_1 was answered: Not.",
          },
          {
            "ids": [
              "approval_2",
            ],
            "text": "approval_2 was accepted: Yes. Ask for a receipt.",
          },
          {
            "ids": [],
            "text": "The owner said: No smoking floor. Thank you.",
          },
        ],
        "done": [
          {
            "ids": [
              "event_22",
              "event_26",
            ],
            "text": "Heard from loopback:magic: 2 messages",
          },
          {
            "ids": [
              "event_24",
            ],
            "text": "Heard from loopback:+14155550101: 1 message",
          },
        ],
        "facts": [
          {
            "ids": [
              "fact_1",
              "event_22",
            ],
            "text": "offer.magic: $289 per night, 4 nights",
          },
          {
            "ids": [
              "fact_2",
              "event_22",
            ],
            "text": "free.magic: March 17 to 21",
          },
          {
            "ids": [
              "fact_3",
            ],
            "text": "course: take Magic unless Nikko answers",
          },
        ],
        "learnings": [],
        "nextSteps": [
          {
            "at": null,
            "text": "The owner answers approval_3",
          },
          {
            "at": "2026-11-21T09:00:00.000Z",
            "text": "Look again: ask Nikko once more",
          },
          {
            "at": null,
            "text": "Book the better one",
          },
          {
            "at": null,
            "text": "Tell the owner",
          },
        ],
        "openQuestions": [],
        "promises": [
          {
            "id": "promise_1",
            "remark": null,
          },
          {
            "id": "promise_2",
            "remark": null,
          },
        ],
        "status": "Phase 2 of 3: Book the better one. Hotel Magic offers $289 a night; the booking is on its way",
      }
    `);
  });

  test('leaves out the line with which the gate ends a first message', () => {
    const facts = buildFacts();
    const recipient = { ...facts.recipient, everSent: 0 };
    const written = addFirstContactLine(buildMessage('Is it free?'), { ...facts, recipient });
    expect(written.text).toContain('automated assistant');
    expect(cutFirstContactLine(written.text)).toBe('Is it free?');
  });

  test('tells who was written to and who wrote, in words that end where words end', () => {
    const to = { channel: 'loopback', address: 'magic' } as const;
    const text = `What is free from March 17 to 21? ${'And what else is there? '.repeat(30)}Bye.`;
    const sent = {
      ...{ id: 'action_9', consequence: 'message', status: 'done', refusal: null, at: 1, writtenAt: 1 },
      payload: { kind: 'send_message', to, text, price: null },
    } as unknown as TurnContext['actions'][number];
    const { done } = drawHandoff({ ...context, actions: [sent] });
    expect(done[0]?.text).toMatch(/^Wrote to loopback:magic: What is free .*\b(And|what|else|is|there\?)…$/);
    expect(done.slice(1)).toEqual([
      { text: 'Heard from loopback:magic: 2 messages', ids: ['event_22', 'event_26'] },
      { text: 'Heard from loopback:+14155550101: 1 message', ids: ['event_24'] },
    ]);
    const since = {
      id: 'handoff_1',
      at: context.now,
      body: buildHandoff(buildDraft({ done: [] }), ground),
    } as const;
    expect(drawHandoff({ ...context, handoff: since }).done).toEqual([]);
  });

  test.each([
    ['approval', ['The owner answers approval_3', 'Book the better one', 'Tell the owner']],
    [
      'agent',
      [
        'The owner answers approval_3',
        'The owner lets it go on, or steers it',
        'Book the better one',
        'Tell the owner',
      ],
    ],
  ] as const)(
    'of a jorb that is paused (%s) says what the owner does, and no time that is over',
    (pauseCause, steps) => {
      const jorb = { ...context.jorb, status: 'paused', pauseCause } as const;
      const draft = drawHandoff({ ...context, jorb });
      expect(draft.nextSteps).toEqual(steps.map((text) => ({ text, at: null })));
      expect(checkDraft(draft, rows)).toEqual([]);
    },
  );

  test('keeps what the last one told', () => {
    const body = buildHandoff(buildDraft(), ground);
    const again = drawHandoff({ ...context, handoff: { id: 'handoff_1', at: testEpoch, body } });
    expect(again.done[0]).toEqual(body.done[0]);
    expect(again.decisions[0]).toEqual(body.decisions[0]);
    expect(again.learnings).toEqual(body.learnings);
    const third = drawHandoff({
      ...context,
      handoff: { id: 'handoff_2', at: testEpoch, body: buildHandoff(again, rows) },
    });
    expect(third.done).toEqual(again.done);
    expect(third.decisions).toEqual(again.decisions);
  });
});

test.each<[string, Partial<HandoffDraft>]>([
  ['a text', { status: 'event_1 event_99 '.repeat(100_000) }],
  ['ids', { done: [{ text: 'x', ids: Array.from({ length: 100_000 }, (_, index) => `event_${index}`) }] }],
  ['lines', { learnings: Array.from({ length: 100_000 }, () => 'event_1') }],
  ['remarks', { promises: Array.from({ length: 100_000 }, () => ({ id: 'promise_1', remark: 'event_99' })) }],
])('a model that writes far too much of %s has few rows looked up for it', (_, more) => {
  let asked = 0;
  const counting = buildGround({
    knows: (id) => {
      asked += 1;
      return known.includes(id);
    },
  });
  const draft = buildDraft(more);
  expect(checkDraft(draft, counting)).not.toEqual([]);
  expect(
    checkDraft(repairDraft(draft, counting), ground).filter((each) => !each.includes('does not list')),
  ).toEqual([]);
  expect(asked).toBeLessThan(2000);
});
