import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Brief } from '../../../src/domain/brief.ts';
import { fitBrief, renderBrief } from '../../../src/domain/render/brief.ts';
import { countNeeds } from '../../../src/domain/render/brief-summary.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { thirdPartyNote } from '../../../src/mcp/present/message.ts';
import { hostileBrief, listIds } from './hostile-brief.ts';
import { emptyBrief, sampleBrief } from './samples.ts';

const widest = { needs: 5, rest: 5, bytes: 300 };

describe('renderBrief', () => {
  it('says what needs the owner first, then what happened', () => {
    expect(renderBrief(sampleBrief)).toMatchInlineSnapshot(`
      "Since yesterday 09:00: 12 received, 8 sent in 2 jorbs; 1 jorb created, 1 jorb completed, 1 jorb failed, 1 asked of you, 2 refused by the gate, 1 went wrong, 1 late reply; 5 need you.
      STOPPED since 2026-11-20 08:00Z: on holiday. Nothing is sent until you resume.

      Needs you:
      - approval_3 of jorb_47 “GDC Hotel” wants to write to Magic concierge (loopback:magic) for $289.00 per night × 4 = $1,156.00: “Yes, please book the king at Hotel Nikko for March 17–21. Thank you!” (until 2026-11-27 08:59Z)
      - jorb_45 “Florist” failed: the shop is closed for good
      - outbox_7 of jorb_48 to loopback:plumber may or may not have been sent (the connection broke): “Could you come on Tuesday?”
      - event_13 from loopback:stranger waits in the inbox (the sender is a counterparty of no open jorb): “Is the bike still for sale?”
      - jorb_48 “Plumber” is paused (at a limit): no answer to two messages

      Went wrong:
      - 2026-11-20 07:00Z jorb_48: a turn failed: no answer (turn_9)

      Promises due:
      - promise_2 of jorb_47 “GDC Hotel”, we to Hotel Zetta, overdue since 2026-11-20 08:00Z: “to say no”
      - promise_1 of jorb_47 “GDC Hotel”, loopback:magic to us, due 2026-11-20 12:00Z: “to hold the room”

      Late replies:
      - from Taxi Ada (event_14, jorb_44, which was over): “Sorry, only at nine.”

      Money: €80.00 committed, $1,156.00 reserved.
      Open jorbs: 1 planning, 3 running, 2 paused.

      Jorbs:
      - jorb_47 “GDC Hotel”, paused (waits for your approval): 3 received, 2 sent; €80.00 committed; $1,156.00 reserved; noted price, nights; asked approval_3; paused
      - jorb_46 “Dinner”, complete: noted table; and more before that

      Coming up:
      - 2026-11-20 10:00Z jorb_49 “Flight”: it looks again (the fares change)
      - 2026-11-20 11:00Z jorb_49 “Flight”: its deadline

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
      "So far: no messages; nothing needs you.

      Money: nothing committed, nothing reserved.
      Open jorbs: none."
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
    expect(lines.find((line) => line.includes('“Taxi”'))).toContain('unconfirmed');
    expect(lines.findLast((line) => line.includes('“Dinner”'))).toContain('evidence: event_11');
  });

  it('names a jorb that waits for an approval once', () => {
    expect(renderBrief(sampleBrief)).not.toContain('jorb_47 “GDC Hotel” is paused');
    expect(renderBrief({ ...sampleBrief, approvals: [] })).toContain('jorb_47 “GDC Hotel” is paused');
  });

  it('counts in its first sentence what needs the owner, shown or not', () => {
    const first = (brief: Brief) => renderBrief(brief).split('\n')[0];
    expect(first({ ...emptyBrief, since: emptyBrief.now - minuteMs })).toBe(
      'Since 08:59 today: no messages; nothing needs you.',
    );
    const more = { ...emptyBrief.more, approvals: 2, paused: 1 };
    expect(first({ ...emptyBrief, more })).toBe('So far: no messages; 3 need you.');
    expect(first({ ...emptyBrief, unmatched: sampleBrief.unmatched })).toBe(
      'So far: no messages; 1 needs you.',
    );
  });

  it('names the time it tells of by the clock of the owner', () => {
    const since = (at: number, timeZone?: string) =>
      renderBrief({ ...emptyBrief, since: at }, timeZone)
        .split(':')
        .slice(0, 2)
        .join(':');
    const { now } = emptyBrief;
    expect(since(now - 9 * hourMs)).toBe('Since 00:00 today');
    expect(since(now - 10 * hourMs)).toBe('Since yesterday 23:00');
    expect(since(now - 10 * hourMs, 'Asia/Tokyo')).toBe('Since 08:00 today');
    expect(since(now - 3 * dayMs)).toBe('Since 2026-11-17 09:00Z');
  });

  it('says that looking back leaves the mark where it was', () => {
    const [first, second] = renderBrief({ ...sampleBrief, looksBack: true }).split('\n');
    expect(first).toMatch(/^Looking back to yesterday 09:00: 12 received/);
    expect(second).toBe('The next brief begins where the last one ended, as if you had not looked.');
  });

  it('keeps what needs the owner when there is no room for the rest', () => {
    const many = <T>(items: T[]) => Array.from({ length: 9 }, () => items).flat();
    const long = 'word '.repeat(40_000);
    const text = renderBrief({
      ...sampleBrief,
      approvals: many(sampleBrief.approvals),
      problems: many(sampleBrief.problems.map((problem) => ({ ...problem, text: long, error: long }))),
      messages: many(sampleBrief.messages.map((message) => ({ ...message, text: long }))),
      completed: many(sampleBrief.completed),
      more: { ...sampleBrief.more, approvals: 7 },
    });
    expect(text).toContain('approval_3 of jorb_47');
    expect(text).toContain('- and 11 more approvals');
    expect(text).toContain('- 18 completed jorbs');
    expect(text).not.toContain('Last messages');
  });

  it('takes less than 4 kB whatever it tells, cuts no id, and begins with the same counts', () => {
    fc.assert(
      fc.property(hostileBrief, fc.constantFrom('UTC', 'America/Argentina/Buenos_Aires'), (brief, zone) => {
        const { text, shown } = fitBrief(brief, { timeZone: zone });
        expect(text.length).toBeLessThanOrEqual(4000);
        expect(Buffer.byteLength(`${thirdPartyNote}\n\n${text}`)).toBeLessThanOrEqual(4096);
        for (const id of listIds(shown)) expect(text).toContain(id);
        expect(countNeeds(shown)).toBe(countNeeds(fitBrief(brief, { timeZone: zone, most: widest }).shown));
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 50, endOnFailure: true },
    );
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
