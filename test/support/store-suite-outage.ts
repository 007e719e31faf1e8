import { describe, expect, test } from 'vitest';
import type { JorbId } from '../../src/domain/ids.ts';
import type { NewOutage } from '../../src/domain/outage.ts';
import { hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { buildTurn, leaseMs, type Pipeline, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

/** The model fails as it did. */
async function fail(pipeline: Pipeline, overrides: Partial<NewOutage> = {}) {
  const failure = { error: 'it is busy', retryAfterMs: null, random: 0, isProbe: true, ...overrides };
  return pipeline.store.noteOutage(pipeline.fence, failure, pipeline.now);
}

async function claim(pipeline: Pipeline) {
  const claimed = await pipeline.store.claimTurn(pipeline.fence, leaseMs, pipeline.now);
  return claimed && { claimed, thinker: claimed.thinker, jorbId: claimed.context.jorb.id };
}

const waitOf = async (pipeline: Pipeline, overrides?: Partial<NewOutage>) =>
  (await fail(pipeline, overrides)).retryAt - pipeline.now;

const dueAt = async ({ store, fence, now }: Pipeline, fallbackMs?: number) =>
  store.getNextDueAt(fence, { staleMs: 1e12, fallbackMs }, now);

export function describeOutage(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeTries(start);
  describeWaiting(start);
  describeFallback(start);
}

type Start = () => Promise<Pipeline>;

function describeTries(start: Start): void {
  describe('an outage of the model', () => {
    test('begins with the first failure, is told once, and ends with an answer', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      expect(await store.readOutage()).toBeNull();
      await fail(pipeline);
      pipeline.now += minuteMs;
      await fail(pipeline, { error: 'it is still busy' });
      expect(await store.readOutage()).toEqual({
        ...{ since: now, failures: 2, error: 'it is still busy', fallbackAt: null },
        retryAt: pipeline.now + 30 * secondMs,
      });
      await store.endOutage(fence, pipeline.now);
      await store.endOutage(fence, pipeline.now);
      expect(await store.readOutage()).toBeNull();
    });

    test('is tried ever more rarely, up to a quarter of an hour', async () => {
      const pipeline = await start();
      const waits: number[] = [];
      for (let failure = 0; failure < 9; failure++) waits.push(await waitOf(pipeline));
      const seconds = [15, 30, 60, 120, 240, 480, 900, 900, 900];
      expect(waits).toEqual(seconds.map((each) => each * secondMs));
    });

    test('is not tried by many at the same time: the random number brings a try forward', async () => {
      const pipeline = await start();
      expect(await waitOf(pipeline, { random: 1 })).toBe(11_250);
      expect(await waitOf(pipeline, { random: 0.5 })).toBe(26_250);
    });

    test.each([
      [90 * secondMs, 0, 90 * secondMs],
      [90 * secondMs, 1, 112_500],
      [0, 0, 15 * secondMs],
      [24 * hourMs, 1, hourMs],
    ])(
      'leaves a provider that asks for %i ms alone for as long, within reason',
      async (retryAfterMs, random, wait) => {
        expect(await waitOf(await start(), { retryAfterMs, random })).toBe(wait);
      },
    );

    test('counts what many hear at once as one failure, and heeds the longest wait', async () => {
      const pipeline = await start();
      await fail(pipeline, { isProbe: false });
      await fail(pipeline, { isProbe: false });
      expect(await waitOf(pipeline, { isProbe: false, retryAfterMs: 10 * minuteMs })).toBe(10 * minuteMs);
      expect(await waitOf(pipeline, { isProbe: false, retryAfterMs: minuteMs })).toBe(10 * minuteMs);
      expect(await pipeline.store.readOutage()).toMatchObject({ failures: 1 });
      pipeline.now += 10 * minuteMs;
      expect(await waitOf(pipeline, { isProbe: false })).toBe(30 * secondMs);
    });
  });
}

function describeWaiting(start: Start): void {
  describe('while the model is down', () => {
    test('no jorb gets a turn before the next try, and each is due again then', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.createJorb();
      const { retryAt } = await fail(pipeline);
      expect(await claim(pipeline)).toBeUndefined();
      expect(await dueAt(pipeline)).toBe(retryAt);
      pipeline.now = retryAt - 1;
      expect(await claim(pipeline)).toBeUndefined();
    });

    test('a message that comes in waits with its jorb', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([]);
      const { retryAt } = await fail(pipeline);
      await pipeline.deliver('hello');
      expect(await claim(pipeline)).toBeUndefined();
      pipeline.now = retryAt;
      expect((await claim(pipeline))?.claimed.context.newMessages).toHaveLength(1);
    });

    test('one asks first; the others wait for what comes of it', async () => {
      const pipeline = await start();
      for (let count = 0; count < 3; count++) await pipeline.createJorb();
      pipeline.now = (await fail(pipeline)).retryAt;
      expect(await claim(pipeline)).toMatchObject({ thinker: { kind: 'brain', isProbe: true } });
      expect(await claim(pipeline)).toBeUndefined();
      expect(await dueAt(pipeline)).toBe(pipeline.now + leaseMs);
      const { retryAt } = await fail(pipeline);
      expect(await dueAt(pipeline)).toBe(retryAt);
      await pipeline.store.endOutage(pipeline.fence, pipeline.now);
      expect(await claim(pipeline)).toMatchObject({ thinker: { kind: 'brain', isProbe: false } });
      expect(await claim(pipeline)).toBeDefined();
    });

    test('another asks when the one that asked first never came back', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.createJorb();
      pipeline.now = (await fail(pipeline)).retryAt;
      await claim(pipeline);
      pipeline.now += leaseMs;
      expect(await claim(pipeline)).toMatchObject({ thinker: { isProbe: true } });
    });

    test('what a turn saw is put back, without a failure of the jorb and with its trigger', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      const id = await pipeline.createJorb();
      await pipeline.deliver('hello');
      for (let count = 0; count < 9; count++) {
        const turn = await claim(pipeline);
        if (!turn) throw new Error('no turn is due');
        const { context, failures } = turn.claimed;
        expect(failures).toBe(0);
        expect(context.triggers).toEqual(['started', 'message']);
        expect(context.newMessages.map(({ text }) => text)).toEqual(['hello']);
        pipeline.now = (await fail(pipeline)).retryAt;
        await store.putBackTurn(fence, turn.claimed.id, 'it is busy', now);
      }
      expect((await store.getJorb(id))?.jorb).toMatchObject({ status: 'running', summary: null });
      expect((await store.listActivity(id, 0, 50)).filter(({ what }) => /fail/.test(what))).toEqual([]);
    });

    test('a turn is put back for at once when the model has come back meanwhile', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.store.putBackTurn(pipeline.fence, turn.claimed.id, 'it was busy', pipeline.now);
      expect(await claim(pipeline)).toBeDefined();
    });

    test('a turn that a dead runtime left is taken up, and only asks when its time has come', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await claim(pipeline);
      const { retryAt } = await fail(pipeline);
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      expect(await claim(pipeline)).toMatchObject({ thinker: { isProbe: false } });
      pipeline.fence = await pipeline.store.raiseEpoch('third', pipeline.now);
      pipeline.now = retryAt;
      expect(await claim(pipeline)).toMatchObject({ thinker: { isProbe: true } });
    });

    test('a turn can pause its jorb for a limit, which is not a failure of the jorb', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      const id = await pipeline.createJorb();
      await pipeline.deliver('hello');
      const turn = await pipeline.openTurn();
      await store.pauseTurn(fence, turn.claimed.id, { cause: 'limit', reason: 'too dear' }, now);
      expect((await store.getJorb(id))?.jorb).toMatchObject({
        ...{ status: 'paused', pauseCause: 'limit', reason: 'too dear' },
      });
      await store.moveJorb(id, 'resume', null, now);
      expect((await claim(pipeline))?.claimed).toMatchObject({
        ...{ failures: 0, context: { newMessages: [{ text: 'hello' }] } },
      });
    });
  });
}

function describeFallback(start: Start): void {
  /** A jorb that has begun, and a model that went down for so long that the fallback is at work. */
  async function begin(): Promise<{ pipeline: Pipeline; id: JorbId }> {
    const pipeline = await start();
    const id = await pipeline.createJorb();
    await pipeline.takeTurn([]);
    await fail(pipeline);
    await pipeline.store.noteFallback(pipeline.fence, pipeline.now);
    return { pipeline, id };
  }
  const openTurn = async (pipeline: Pipeline) => {
    const turn = await claim(pipeline);
    if (!turn) throw new Error('no turn is due');
    return turn;
  };
  /** Looks at what is new and leaves it to the model. */
  const look = async (pipeline: Pipeline) => {
    const { claimed, thinker } = await openTurn(pipeline);
    await buildTurn(pipeline, claimed).answer({ reasoning: 'took note' });
    await pipeline.store.putBackTurn(pipeline.fence, claimed.id, 'it is down', pipeline.now);
    return thinker;
  };

  describe('the fallback', () => {
    test('takes over when the model has been down for its time, once', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await fail(pipeline, { retryAfterMs: hourMs });
      expect(await claim(pipeline)).toBeUndefined();
      const from = pipeline.now + 30 * minuteMs;
      expect(await dueAt(pipeline, 30 * minuteMs)).toBe(from);
      await pipeline.store.noteFallback(pipeline.fence, from);
      await pipeline.store.noteFallback(pipeline.fence, from + 1);
      expect(await pipeline.store.readOutage()).toMatchObject({ fallbackAt: from });
      // What waits is due, for it to look at, and goes on waiting: there is no message in it.
      pipeline.now = from;
      expect(await dueAt(pipeline, 30 * minuteMs)).toBe(from);
      expect(await claim(pipeline)).toBeUndefined();
      expect(await dueAt(pipeline, 30 * minuteMs)).toBe(from + 30 * minuteMs);
    });

    test('gets a turn for a message, once, and the model sees it again', async () => {
      const { pipeline, id } = await begin();
      const { eventId: first } = { eventId: (await pipeline.deliver('one')).id };
      expect(await look(pipeline)).toMatchObject({ kind: 'fallback', seen: [] });
      expect(await claim(pipeline)).toBeUndefined();
      await pipeline.deliver('two');
      expect(await look(pipeline)).toMatchObject({ kind: 'fallback', seen: [first] });
      expect(await claim(pipeline)).toBeUndefined();
      expect((await pipeline.store.getJorb(id))?.jorb.summary).toBe('They should know.');
      await pipeline.store.endOutage(pipeline.fence, pipeline.now);
      const { claimed, thinker } = await openTurn(pipeline);
      expect(thinker).toEqual({ kind: 'brain', isProbe: false });
      expect(claimed.context.newMessages.map(({ text }) => text)).toEqual(['one', 'two']);
    });

    test('gets no other turn for a try that failed', async () => {
      const { pipeline } = await begin();
      await pipeline.deliver('one');
      await look(pipeline);
      pipeline.now = (await pipeline.store.readOutage())?.retryAt ?? 0;
      const { claimed, thinker } = await openTurn(pipeline);
      expect(thinker).toEqual({ kind: 'brain', isProbe: true });
      await fail(pipeline);
      await pipeline.store.putBackTurn(pipeline.fence, claimed.id, 'it is down', pipeline.now);
      expect(await claim(pipeline)).toBeUndefined();
    });

    test('sees what came in while it looked at something else', async () => {
      const { pipeline } = await begin();
      await pipeline.deliver('one');
      const { claimed } = await openTurn(pipeline);
      await pipeline.deliver('two');
      await buildTurn(pipeline, claimed).answer();
      await pipeline.store.putBackTurn(pipeline.fence, claimed.id, 'it is down', pipeline.now);
      expect((await openTurn(pipeline)).claimed.context.newMessages).toHaveLength(2);
    });

    test('looks again in the next outage', async () => {
      const { pipeline } = await begin();
      await pipeline.deliver('one');
      await look(pipeline);
      await pipeline.store.endOutage(pipeline.fence, pipeline.now);
      pipeline.now += minuteMs;
      await fail(pipeline);
      await pipeline.store.noteFallback(pipeline.fence, pipeline.now);
      expect(await look(pipeline)).toMatchObject({ kind: 'fallback', seen: [] });
    });
  });
}
