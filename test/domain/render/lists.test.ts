import { describe, expect, it } from 'vitest';
import type { SystemStatus } from '../../../src/domain/brief.ts';
import { renderInbox } from '../../../src/domain/render/inbox.ts';
import { renderStatus } from '../../../src/domain/render/status.ts';
import { renderTranscript } from '../../../src/domain/render/transcript.ts';
import { minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { sampleBrief } from './samples.ts';

describe('renderTranscript', () => {
  it('quotes what others wrote and indents what we wrote, whole', () => {
    const magic = { channel: 'loopback' as const, address: 'magic', contactName: 'Magic concierge' };
    const page = {
      entries: [
        {
          ...magic,
          direction: 'in' as const,
          id: 'event_1' as const,
          text: 'Hello!\nYes, we have rooms.',
          at: testEpoch,
          status: 'handled' as const,
        },
        {
          ...magic,
          direction: 'out' as const,
          id: 'outbox_1' as const,
          text: 'Hello,\ndo you have a room?',
          at: testEpoch - minuteMs,
          status: 'sent' as const,
        },
      ],
      total: 5,
      nextOffset: 2,
    };
    expect(renderTranscript(page)).toMatchInlineSnapshot(`
      "2026-11-20 09:00Z from Magic concierge (loopback:magic), event_1, handled
      > Hello!
      > Yes, we have rooms.

      2026-11-20 08:59Z to Magic concierge (loopback:magic), outbox_1, sent
          Hello,
          do you have a room?

      5 in all; the next page starts at offset 2."
    `);
  });

  it('says so when there is none', () => {
    expect(renderTranscript({ entries: [], total: 0, nextOffset: null })).toBe('No messages.');
  });
});

describe('renderInbox', () => {
  it('shows each message as a quotation, with why it is here and where it might belong', () => {
    const [item] = sampleBrief.unmatched;
    if (!item) throw new Error('the sample has an unmatched message');
    const known = {
      ...item,
      contactName: 'Magic concierge',
      reason: '2 open jorbs have this counterparty: jorb_47, jorb_48',
      candidates: [
        { id: 'jorb_47' as const, name: 'GDC Hotel' },
        { id: 'jorb_48' as const, name: 'Plumber' },
      ],
    };
    expect(renderInbox({ items: [item, known], total: 3 })).toMatchInlineSnapshot(`
      "event_13 from loopback:stranger, 2026-11-20 08:00Z: the sender is a counterparty of no open jorb
      > Is the bike still for sale?
      No open jorb has this contact

      event_13 from Magic concierge (loopback:stranger), 2026-11-20 08:00Z: 2 open jorbs have this counterparty: jorb_47, jorb_48
      > Is the bike still for sale?
      Perhaps for: jorb_47 “GDC Hotel”, jorb_48 “Plumber”

      2 of 3 are shown."
    `);
  });
});

describe('renderInbox with a suggestion', () => {
  it('says whom a model would have chosen, how sure it is, and how to say yes', () => {
    const [item] = sampleBrief.unmatched;
    if (!item) throw new Error('the sample has an unmatched message');
    const reason = 'it speaks of a bike\nand of nothing else';
    const suggestion = { id: 'jorb_48' as const, name: 'Sell the bike', confidence: 0.7, reason };
    expect(renderInbox({ items: [{ ...item, suggestion }], total: 1 })).toContain(
      'It may belong to jorb_48 “Sell the bike” (70 %: “it speaks of a bike and of nothing else”); assign_message event_13 jorb_48 gives it there',
    );
  });
});

describe('renderStatus', () => {
  const status: SystemStatus = {
    now: testEpoch,
    version: '0.1.0',
    dataDir: '/home/alex/.local/share/jorbs',
    stopped: { at: testEpoch - minuteMs, reason: null },
    runtime: { epoch: 4, holder: 'pid 812', since: testEpoch - minuteMs, live: true },
    jorbs: { planning: 0, running: 2, paused: 1, complete: 4, failed: 0, cancelled: 0 },
    pending: { approvals: 1, unmatched: 0, openBatches: 1, queued: 0, sending: 0, unknown: 0 },
    nextDueAt: testEpoch + 30_000,
    channels: [{ kind: 'loopback', account: 'local', state: 'connected' }],
    brain: 'rules',
    model: null,
    progressLog: { file: '/home/alex/jorbs_progress.txt', waiting: 0, error: null, lastAt: null },
    schedules: [],
    mail: {
      ...{ kind: 'smtp', target: 'you@example.com by smtp.example.com:587' },
      ...{ queued: 0, unknown: 0, failed: 0, lastSentAt: null, error: null },
    },
    confirm: 'human',
  };

  it('says who runs, what waits and what is wrong', () => {
    expect(renderStatus(status)).toMatchInlineSnapshot(`
      "STOPPED since 2026-11-20 08:59Z. Nothing is sent until you resume.
      jorbs 0.1.0, data in /home/alex/.local/share/jorbs
      Runtime: pid 812 since 2026-11-20 08:59Z (epoch 4)
      Jorbs: 2 running, 1 paused, 4 complete
      Waiting: 1 to approve, 0 unmatched, 1 still gathering, 0 queued, 0 being sent, 0 unknown
      Next: due in 30 s
      Channels: loopback (local) connected
      Mail: to you@example.com by smtp.example.com:587; nothing sent yet
      Brain: rules; confirmation: human"
    `);
  });

  it.each([
    [{ waiting: 0, lastAt: testEpoch }, 'Progress log: last written 2026-11-20 09:00Z'],
    [
      { waiting: 1, error: null },
      'Progress log: 1 entry waits to be written to /home/alex/jorbs_progress.txt',
    ],
    [
      { waiting: 2, error: 'it is a\nfolder', lastAt: testEpoch },
      'Progress log: 2 entries wait since /home/alex/jorbs_progress.txt cannot be written: it is a folder; mend that, or set JORBS_PROGRESS_LOG to another file',
    ],
  ])('says in one line what waits for the progress log: %j', (given, line) => {
    const text = renderStatus({ ...status, progressLog: { ...status.progressLog, ...given } });
    expect(text.split('\n').filter((each) => each.startsWith('Progress'))).toEqual([line]);
  });

  it.each<[Partial<SystemStatus['mail']>, string]>([
    [{}, 'Mail: to you@example.com by smtp.example.com:587; nothing sent yet'],
    [
      {
        queued: 2,
        unknown: 1,
        failed: 3,
        lastSentAt: testEpoch,
        error: 'smtp.example.com\nsaid “no” \u202e',
      },
      'Mail: to you@example.com by smtp.example.com:587; last sent 2026-11-20 09:00Z; 2 queued; 1 unknown; 3 failed; problem: smtp.example.com said “no” ⟨U+202E⟩',
    ],
    [
      { kind: 'folder', target: '/data/digests' },
      'Mail: SMTP_HOST is not set, so digests are written to /data/digests and notices are not mailed; nothing written yet',
    ],
  ])('says in one line how mail reaches the owner: %j', (given, line) => {
    const text = renderStatus({ ...status, mail: { ...status.mail, ...given } });
    expect(text.split('\n').filter((each) => each.startsWith('Mail'))).toEqual([line]);
  });

  const model = { name: 'gpt-6-luna', outage: null, dayMicros: 12_300, dayLimitMicros: 10_000_000 };
  const outage = { since: testEpoch - minuteMs, failures: 2, error: 'it is busy', fallbackAt: null };

  it.each([
    [model, 'answers; models cost $0.0123 of $10.0000 in 24 hours'],
    [
      { ...model, outage: { ...outage, retryAt: testEpoch + minuteMs } },
      'has not answered since 2026-11-20 08:59Z: it is busy; asked again at 2026-11-20 09:01Z; models cost',
    ],
    [
      { ...model, outage: { ...outage, retryAt: testEpoch, fallbackAt: testEpoch } },
      'the built-in rules take note meanwhile, and answer nobody; models cost',
    ],
  ])('says how a model is and what it costs: %j', (given, expected) => {
    const text = renderStatus({ ...status, brain: 'openai', model: given });
    expect(text).toContain('Brain: openai (gpt-6-luna), ');
    expect(text).toContain(expected);
    expect(text.split('\n').at(-1)).toMatch(/; confirmation: human$/);
  });

  it.each([
    [{ runtime: null }, 'Runtime: nobody runs now\n'],
    [
      { runtime: { epoch: 4, holder: 'pid 812', since: testEpoch, live: false } },
      'Runtime: nobody runs now; the last was pid 812, epoch 4\n',
    ],
    [{ nextDueAt: null }, 'Next: nothing is due\n'],
    [{ nextDueAt: testEpoch - 1 }, 'Next: due now\n'],
  ])('tells the difference in %j', (change, expected) => {
    expect(renderStatus({ ...status, ...change })).toContain(expected);
  });
});
