import { describe, expect, it } from 'vitest';
import { renderJorb, renderJorbList } from '../../../src/domain/render/jorb.ts';
import { dayMs, hourMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { sampleDetail, sampleJorb, sampleSummary } from './samples.ts';

describe('renderJorb', () => {
  it('says what models took, of what they may, once there is something to say', () => {
    expect(renderJorb(sampleDetail, testEpoch)).not.toContain('Models:');
    const models = { calls: 3, costMicros: 12_300, inputTokens: 900, cachedTokens: 600, outputTokens: 70 };
    expect(renderJorb({ ...sampleDetail, models }, testEpoch)).toContain(
      'Models: $0.0123 in 3 calls, 900 tokens in (600 from the cache), 70 out\n',
    );
    expect(renderJorb({ ...sampleDetail, modelLimitMicros: 5_000_000 }, testEpoch)).toContain(
      'Models: $0.0000 of $5.0000 in 0 calls',
    );
  });

  it('tells everything about one jorb but its messages', () => {
    expect(renderJorb(sampleDetail, testEpoch)).toMatchInlineSnapshot(`
      "jorb_47 “GDC Hotel”: paused (waits for your approval): Magic offers Hotel Nikko at $289.00 a night
      Where it stands: Nikko $289.00, Marriott sold out
      Needs you: approval_3, until 2026-11-27 09:00Z; you are reminded 2026-11-20 13:00Z
      Created 2026-11-19 09:00Z, last activity 5 min ago; 3 received, 2 sent
      Money: $0.00 committed, $1,156.00 reserved
      Asks you 2026-12-03 09:00Z whether it may stay open

      Plan:
          Find a hotel near Moscone for March 17–21.
          At most $350 a night.

      Phases:
      [x] Ask for offers
      [>] Choose and book
      [ ] Report

      Contract, version 1:
      - May write to: Magic concierge (loopback:magic), Hotel Zetta (loopback:+14155550101)
      - Money: nothing without asking (the limit of $100.00 is not in use), $1,500.00 in all; at most $350.00 per night
      - Messages: at most 20 an hour, 50 a day, 10 a day to one address
      - May tell: name to all of them
      - Autonomy: without asking: message; asks you: new recipient, share info, cancel, commit, purchase
      - Asks again after 1 d without an answer
      - Quiet: 22:00–07:00 America/Los_Angeles
      - Deadline: 2026-11-22 09:00Z

      Contacts:
      - Magic concierge (loopback:magic): Ask about Hotel Nikko and the Marriott
      - Hotel Zetta (loopback:+14155550101), wants no messages

      Open promises:
      - promise_1, loopback:magic to us by 2026-11-21 09:00Z (in 1 d): to hold the room
      - promise_2, we to loopback:+14155550101: to say no

      Facts:
      - offer: Hotel Nikko: $289.00 a night (event_12)
      - nights: 4"
    `);
  });

  it('says what it waits for and what came too late, in the zone of the owner', () => {
    const detail = {
      ...sampleDetail,
      jorb: { ...sampleJorb, wakeAt: testEpoch + dayMs, wakeReason: 'whether they answered' },
      promises: sampleDetail.promises.map((promise) => ({ ...promise, dueAt: testEpoch - hourMs })),
      handoffAt: testEpoch - dayMs,
      lateMessages: 2,
    };
    const text = renderJorb(detail, testEpoch, 'Asia/Tokyo');
    expect(text).toContain(
      'Looks again 2026-11-21 18:00 GMT+9, but not while it is paused: whether they answered\n',
    );
    expect(text).toContain('Asks you 2026-12-03 18:00 GMT+9 whether it may stay open\n');
    expect(text).toContain('Its agent began afresh from its handoff of 2026-11-19 18:00 GMT+9');
    expect(text).toContain('by 2026-11-20 17:00 GMT+9 (overdue for 1 h): to hold the room');
    expect(text).toContain(
      '2 messages came after it was over, and nobody answers them: create a new jorb to react\n',
    );
  });

  it('says that a wake has come, or that the owner is about to be asked', () => {
    const jorb = { ...sampleJorb, wakeAt: testEpoch, wakeReason: 'whether they answered' };
    const text = renderJorb({ ...sampleDetail, jorb, endsAt: testEpoch }, testEpoch);
    expect(text).toContain(
      'Looks again as soon as it goes on, planned for 2026-11-20 09:00Z: whether they answered\n',
    );
    expect(text).toContain('Asks you now whether it may stay open\n');
    expect(renderJorb({ ...sampleDetail, endsAt: null }, testEpoch)).not.toContain('Asks you');
  });

  it.each([
    [[], 'It is done (unconfirmed: no message proves it)'],
    [['event_20'] as const, 'It is done (evidence: event_20)'],
  ])('says what a completion rests on: %j', (evidence, expected) => {
    const jorb = { ...sampleJorb, status: 'complete' as const, pauseCause: null, evidence: [...evidence] };
    expect(renderJorb({ ...sampleDetail, jorb }, testEpoch)).toContain(`\n${expected}\n`);
  });
});

describe('renderJorbList', () => {
  it('gives each jorb a line and counts the rest', () => {
    const running = {
      ...sampleSummary,
      id: 'jorb_52' as const,
      name: 'Flight monitor',
      status: 'running' as const,
      pauseCause: null,
      reason: null,
      summary: null,
      pendingApprovals: 0,
    };
    expect(renderJorbList({ jorbs: [sampleSummary, running], total: 9 }, testEpoch)).toMatchInlineSnapshot(`
      "jorb_47 “GDC Hotel”: paused (waits for your approval): Magic offers Hotel Nikko at $289.00 a night; 1 to approve, 3 received, 2 sent, last activity 5 min ago
        Nikko $289.00, Marriott sold out
      jorb_52 “Flight monitor”: running; 3 received, 2 sent, last activity 5 min ago
      2 of 9 are shown."
    `);
  });

  it('says so when there are none', () => {
    expect(renderJorbList({ jorbs: [], total: 0 }, testEpoch)).toBe('No jorbs.');
  });
});
