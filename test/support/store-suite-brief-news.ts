import { describe, expect, test } from 'vitest';
import type { Brief, JorbNews } from '../../src/domain/brief.ts';
import type { Calendar } from '../../src/domain/schedule.ts';
import type { Effect } from '../../src/domain/turn.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { allow, ask, refuse, sendTo, spend, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

type Promised = { text: string; dueAt: number | null; by?: 'us' | 'them'; with?: string };

const promise = ({ text, dueAt, by = 'them', with: whom = 'magic' }: Promised): Effect => ({
  kind: 'record_promise',
  promise: { kind: 'made', by, with: whom, text, dueAt, sourceEventId: null },
});
const store = (key: string): Effect => ({ kind: 'store_data', key, value: '$289', sourceEventId: null });

const usd = (minor: number) => ({ minor, currency: 'USD' });

/** What a brief draws from rows beside its counts: what became of each jorb, what is due, what went wrong. */
export function describeBriefNews(open: OpenStore): void {
  const start = async () => {
    const pipeline = await startPipeline(await open());
    const brief = (): Promise<Brief> => pipeline.store.takeBrief(false, pipeline.now);
    const lines = async (): Promise<Partial<JorbNews>[]> => (await brief()).jorbs;
    return { pipeline, brief, lines };
  };
  type Start = typeof start;
  describeLines(start);
  describePromisesDue(start);
  describeFailures(start);

  function describeLines(begin: Start): void {
    describe('what a brief tells of a jorb', () => {
      test('is counted and named from its audit entries, the newest last', async () => {
        const { pipeline, lines } = await begin();
        const id = await pipeline.createJorb({ name: 'GDC Hotel' });
        await lines();
        await pipeline.deliver('A king is free.');
        await pipeline.takeTurn(
          [sendTo('magic', 'Which one?'), store('price'), store('nights'), { kind: 'advance_phase' }],
          spend(400),
        );
        await pipeline.send();
        await pipeline.deliver('The one on the left.');
        await pipeline.takeTurn([sendTo('magic', 'Fine.'), store('price')], spend(700));
        await pipeline.deliver('Shall we?');
        await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
        expect(await lines()).toEqual([
          {
            ...{ id, name: 'GDC Hotel', status: 'paused', pauseCause: 'approval', received: 3, sent: 1 },
            ...{ committed: [usd(400)], reserved: [usd(700)], isCut: false },
            changes: ['reached Book', 'noted nights, price', 'asked approval_1', 'paused'],
          },
        ]);
        expect(await lines()).toEqual([]);
      });

      test('says what the owner and the gate did', async () => {
        const { pipeline, lines } = await begin();
        const id = await pipeline.createJorb();
        await pipeline.takeTurn(
          Array.from({ length: 5 }, (_, index) => sendTo('magic', `text ${index}`)),
          refuse(),
        );
        await pipeline.store.moveJorb(id, 'pause', 'later', pipeline.now);
        await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
        await pipeline.store.moveJorb(id, 'pause', 'later', pipeline.now);
        const [line] = await lines();
        expect(line).toMatchObject({
          changes: [
            'created',
            'started',
            'the gate refused 2 more, action_3, action_4, action_5',
            'went on',
            'paused 2 times',
          ],
        });
      });

      test('is of those first that need the owner, then of those that ended', async () => {
        const { pipeline, lines } = await begin();
        const create = (name: string) => pipeline.createJorb({ name });
        const paused = await create('paused');
        const done = await create('done');
        await pipeline.takeTurn([]);
        await pipeline.takeTurn([{ kind: 'complete', outcome: 'ok', evidence: [] }]);
        await pipeline.store.moveJorb(paused, 'pause', 'later', pipeline.now);
        const running = await create('running');
        expect((await lines()).map(({ id }) => id)).toEqual([paused, done, running]);
      });

      test('is of the newest entries alone when there are very many, and says so', async () => {
        const { pipeline, lines } = await begin();
        await pipeline.createJorb();
        for (let index = 0; index < 120; index += 1) await pipeline.deliver(`message ${index}`);
        expect(await lines()).toMatchObject([{ received: 100, isCut: true }]);
      });
    });
  }

  function describePromisesDue(begin: Start): void {
    describe('the promises of a brief', () => {
      test('are those that are overdue or due within a day, the longest overdue first', async () => {
        const { pipeline, brief } = await begin();
        const id = await pipeline.createJorb({ name: 'GDC Hotel' });
        const { now } = pipeline;
        await pipeline.takeTurn([
          promise({ text: 'in two days', dueAt: now + 2 * dayMs }),
          promise({ text: 'in a day', dueAt: now + dayMs }),
          promise({ text: 'at some time', dueAt: null }),
          promise({ text: 'in an hour', dueAt: now + hourMs, by: 'us', with: 'hotel' }),
          promise({ text: 'in two hours', dueAt: now + 2 * hourMs }),
        ]);
        const told = await brief();
        expect(told.promises.map(({ text }) => text)).toEqual(['in an hour', 'in two hours', 'in a day']);
        expect(told.promises[0]).toEqual({
          ...{ id: 'promise_4', by: 'us', text: 'in an hour', dueAt: now + hourMs, sourceEventId: null },
          with: { channel: 'loopback', address: 'hotel' },
          ...{ contactName: 'Grand Hotel', jorbId: id, jorbName: 'GDC Hotel' },
        });
        // Its jorb is woken for one of them, and says nothing of it.
        pipeline.now += hourMs + minuteMs;
        await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now);
        await pipeline.takeTurn([]);
        expect((await brief()).promises.map(({ text }) => text)).toEqual([
          'in an hour',
          'in two hours',
          'in a day',
        ]);
        await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
        expect((await brief()).promises).toEqual([]);
      });

      test('are counted where they are too many, and told while their jorb is paused', async () => {
        const { pipeline, brief } = await begin();
        const id = await pipeline.createJorb();
        const soon = pipeline.now + hourMs;
        await pipeline.takeTurn(
          Array.from({ length: 14 }, (_, index) => promise({ text: `number ${index}`, dueAt: soon })),
        );
        await pipeline.store.moveJorb(id, 'pause', 'later', pipeline.now);
        const { promises, more } = await brief();
        expect(promises).toHaveLength(10);
        expect(more.promises).toBe(4);
      });
    });

    test('a brief tells which deadlines and wakes come within a day', async () => {
      const { pipeline, brief } = await begin();
      const { now } = pipeline;
      const id = await pipeline.createJorb({ name: 'Flight' });
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: now + hourMs, reason: 'the fares change' }]);
      const upcoming = { jorbId: id, jorbName: 'Flight' };
      expect((await brief()).upcoming).toEqual([
        { ...upcoming, at: now + hourMs, kind: 'wake', reason: 'the fares change' },
      ]);
      pipeline.now += 2 * hourMs;
      expect((await brief()).upcoming).toEqual([]);
    });
  }

  function describeFailures(begin: Start): void {
    describe('what went wrong', () => {
      test('is told with its reason and its id, once, and not among the highlights', async () => {
        const { pipeline, brief } = await begin();
        const id = await pipeline.createJorb();
        const turn = await pipeline.openTurn();
        await turn.fail('no answer', pipeline.now);
        await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
        pipeline.now += 30 * dayMs;
        await pipeline.store.expireApprovals(pipeline.fence, pipeline.now);
        const { failures, highlights, more } = await brief();
        expect(failures.map(({ text, jorbId, evidence }) => ({ text, jorbId, evidence }))).toEqual([
          { text: 'your answer was not had in time', jorbId: id, evidence: 'approval_1' },
          { text: 'a turn failed: no answer', jorbId: id, evidence: 'turn_1' },
        ]);
        expect(highlights).toEqual([]);
        expect(more.failures).toBe(0);
        expect((await brief()).failures).toEqual([]);
      });

      test('may be a mail to the owner, named by its subject', async () => {
        const { pipeline, brief } = await begin();
        const { store: rows, fence } = pipeline;
        const render = () => ({ name: 'notice', subject: 'Hotel asks you', text: 'news', html: 'news' });
        for (const kind of ['failed', 'unknown'] as const) {
          await pipeline.createJorb();
          await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
          pipeline.now += hourMs;
          await rows.composeNotices(fence, { render }, pipeline.now);
          const mail = await rows.claimMail(fence, pipeline.now);
          if (!mail) throw new Error('there is a notice');
          const outcome = { kind, error: 'the line broke' };
          await rows.settleMail(fence, mail.id, outcome, pipeline.now, pipeline.now);
        }
        expect((await brief()).failures).toMatchObject([
          {
            ...{ jorbId: null, evidence: 'mail_2' },
            text: 'the mail “Hotel asks you” may or may not have been sent: the line broke',
          },
          { evidence: 'mail_1', text: 'the mail “Hotel asks you” was not sent: the line broke' },
        ]);
      });

      test('may be a run of a schedule, named by its slot', async () => {
        const { pipeline, brief } = await begin();
        const { store: rows, fence, now } = pipeline;
        const calendar: Calendar = {
          findNext: (_cron, _zone, after) => (after < now + hourMs ? now + hourMs : now + 2 * dayMs),
          findLast: () => null,
          formatSlot: () => '2026-11-20T10:00',
        };
        await rows.keepSchedules(
          fence,
          [{ name: 'digest', cron: '0 10 * * *', timeZone: 'UTC' }],
          calendar,
          now,
        );
        const run = await rows.claimRun(fence, calendar, now + hourMs);
        if (!run) throw new Error('its slot has come');
        await rows.failRun(fence, run.id, 'the disk is full', null, now + hourMs);
        expect((await brief()).failures).toMatchObject([
          { text: 'the digest of 2026-11-20 10:00 failed: the disk is full', evidence: run.id },
        ]);
      });

      test('is an outage once it is over; one that lasts stands by itself', async () => {
        const { pipeline, brief } = await begin();
        const failure = { error: 'it is busy', retryAfterMs: null, random: 0, isProbe: true };
        await pipeline.store.noteOutage(pipeline.fence, failure, pipeline.now);
        const during = await pipeline.store.takeBrief(true, pipeline.now);
        expect(during).toMatchObject({ failures: [], more: { failures: 0 }, models: { outage: failure0 } });
        await pipeline.store.endOutage(pipeline.fence, pipeline.now);
        const after = await brief();
        expect(after.failures).toMatchObject([{ text: 'the model stopped answering: it is busy' }]);
        expect(after.models.outage).toBeNull();
      });

      test('is not a reply that came when the jorb was over: that has a place of its own', async () => {
        const { pipeline, brief } = await begin();
        const id = await pipeline.createJorb();
        await pipeline.takeTurn([sendTo('magic', 'Thank you.')], allow);
        const sent = await pipeline.send();
        await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
        await brief();
        const late = await pipeline.deliver('And breakfast?', { inReplyTo: `receipt-${sent.id}` });
        const told = await brief();
        expect(told.lateReplies).toMatchObject([{ id: late.id, jorbId: id, text: 'And breakfast?' }]);
        expect(told).toMatchObject({ failures: [], more: { lateReplies: 0 }, unmatched: [] });
        expect(told.jorbs).toMatchObject([{ id, received: 1, changes: ['got a late reply'] }]);
        expect((await brief()).lateReplies).toEqual([]);
      });
    });
  }
}

const failure0 = { error: 'it is busy', failures: 1 };
