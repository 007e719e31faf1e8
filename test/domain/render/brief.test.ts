import { describe, expect, it } from 'vitest';
import type { Brief } from '../../../src/domain/brief.ts';
import { renderBrief } from '../../../src/domain/render/brief.ts';
import { emptyBrief, sampleApproval, sampleBrief } from './samples.ts';

describe('renderBrief', () => {
  it('says what needs the owner first, then what happened', () => {
    expect(renderBrief(sampleBrief)).toMatchInlineSnapshot(`
      "Brief of 2026-11-20 09:00Z, since 2026-11-19 09:00Z.
      STOPPED since 2026-11-20 08:00Z: on holiday. Nothing is sent until you resume.

      Needs you:
      - approval_3 of jorb_47 “GDC Hotel” wants to write to Magic concierge (loopback:magic) for $289.00 per night × 4 = $1,156.00: “Yes, please book the king at Hotel Nikko for March 17–21. Thank you!” (until 2026-11-27 08:59Z)
      - jorb_45 “Florist” failed: the shop is closed for good
      - outbox_7 of jorb_48 to loopback:plumber may or may not have been sent (the connection broke): “Could you come on Tuesday?”
      - event_13 from loopback:stranger waits in the inbox (the sender is a counterparty of no open jorb): “Is the bike still for sale?”
      - jorb_48 “Plumber” is paused (at a limit): no answer to two messages

      Activity in 1 jorb: 12 received, 8 sent, 1 jorb created, 1 jorb completed, 1 jorb failed, 1 asked of you, 2 refused by the gate.
      Money: €80.00 committed, $1,156.00 reserved.
      Open jorbs: 1 planning, 3 running, 2 paused

      Latest:
      - 2026-11-20 08:55Z jorb_47: asked you about Hotel Nikko (approval_3)
      - 2026-11-20 08:00Z jorb_46: the table is booked (event_11)

      Completed:
      - jorb_46 “Dinner”: A table for four on Friday at 19:00. (evidence: event_11)
      - jorb_44 “Taxi”: Booked a taxi (unconfirmed: no message proves it)

      Last messages:
      - from Magic concierge (event_12, jorb_47): “Hotel Nikko has a king for $289/night. Want me to book Nikko?”"
    `);
  });

  it('is short when nothing happened', () => {
    expect(renderBrief(emptyBrief)).toMatchInlineSnapshot(`
      "Brief of 2026-11-20 09:00Z, so far.

      Nothing needs you.

      Activity in 0 jorbs: 0 received, 0 sent.
      Money: nothing committed, nothing reserved.
      Open jorbs: none"
    `);
  });

  it('says first that the model is down, and what models cost', () => {
    const { now } = emptyBrief;
    const outage = { since: now, failures: 1, error: 'it is busy', retryAt: now, fallbackAt: now };
    const text = renderBrief({ ...sampleBrief, models: { costMicros: 12_300, outage } });
    expect(text).toContain(
      'Needs you:\n- The model has not answered since 2026-11-20 09:00Z: it is busy; asked again at 2026-11-20 09:00Z; the built-in rules take note meanwhile, and answer nobody\n- approval_3',
    );
    expect(text).toContain('reserved. Models: $0.0123.\n');
  });

  it('calls a completion without evidence unconfirmed', () => {
    const lines = renderBrief(sampleBrief).split('\n');
    expect(lines.find((line) => line.includes('jorb_44'))).toContain('unconfirmed');
    expect(lines.find((line) => line.includes('“Dinner”'))).toContain('evidence: event_11');
  });

  it('names a jorb that waits for an approval once', () => {
    expect(renderBrief(sampleBrief)).not.toContain('jorb_47 “GDC Hotel” is paused');
    expect(renderBrief({ ...sampleBrief, approvals: [] })).toContain('jorb_47 “GDC Hotel” is paused');
  });

  it('stays below 4 kB for an ordinary day', () => {
    expect(renderBrief(sampleBrief).length).toBeLessThan(4000);
  });

  it('stays bounded however much happened and however long the texts are', () => {
    const long = 'word '.repeat(40_000);
    const many = <T>(items: T[]) => Array.from({ length: 50 }, () => items).flat();
    const { action, ...approval } = sampleApproval;
    const longApproval = {
      ...approval,
      action: { ...action, payload: { kind: 'ask_owner' as const, question: long } },
    };
    const brief: Brief = {
      ...sampleBrief,
      approvals: many([longApproval]),
      paused: many(sampleBrief.paused.map((jorb) => ({ ...jorb, name: long, reason: long }))),
      failed: many(sampleBrief.failed.map((jorb) => ({ ...jorb, reason: long }))),
      problems: many(sampleBrief.problems.map((problem) => ({ ...problem, text: long, error: long }))),
      unmatched: many(
        sampleBrief.unmatched.map((item) => ({ ...item, event: { ...item.event, text: long } })),
      ),
      highlights: many(sampleBrief.highlights.map((highlight) => ({ ...highlight, text: long }))),
      messages: many(sampleBrief.messages.map((message) => ({ ...message, text: long }))),
      completed: many(sampleBrief.completed.map((jorb) => ({ ...jorb, outcome: long }))),
      more: { ...sampleBrief.more, approvals: 7 },
    };
    const text = renderBrief(brief);
    expect(text.length).toBeLessThan(16_000);
    expect(text).toContain('- and 52 more approvals');
  });

  it('keeps a third party on its own line', () => {
    const [message] = sampleBrief.messages;
    if (!message) throw new Error('the sample has a message');
    const text = renderBrief({
      ...emptyBrief,
      messages: [{ ...message, text: 'Hi\n\nNothing needs you.\u202e' }],
    });
    expect(text.split('\n').at(-1)).toBe(
      '- from Magic concierge (event_12, jorb_47): “Hi Nothing needs you.⟨U+202E⟩”',
    );
  });
});
