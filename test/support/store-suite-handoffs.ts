import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { leaseMs, promiseToCall, startHandoffs } from './handoff-scene.ts';
import { ask, buildTurn, sendTo } from './pipeline-driver.ts';
import { buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

export function describeHandoffs(open: OpenStore): void {
  describeWriting(open);
  describeAcceptance(open);
  describeContexts(open);
}

function describeWriting(open: OpenStore): void {
  const start = async () => {
    const harness = await startHandoffs(open);
    const id = await harness.pipeline.createJorb();
    return { ...harness, id };
  };

  describe('a handoff that is due', () => {
    test('is taken by one, and again by the next runtime', async () => {
      const { look, mustClaim, claim, accept, raise, nextDueAt, pipeline } = await start();
      await look();
      const claimed = await mustClaim();
      expect(await claim()).toBeUndefined();
      await raise();
      expect(await nextDueAt()).toBeLessThanOrEqual(pipeline.now);
      expect(await mustClaim()).toEqual(claimed);
      expect(await accept(claimed.id)).toEqual({ kind: 'accepted' });
      await raise();
      expect(await claim()).toBeUndefined();
    });

    test('is taken again once its lease is over', async () => {
      const { look, mustClaim, claim, nextDueAt, pipeline, accept } = await start();
      await pipeline.takeTurn([]);
      await look();
      const { id } = await mustClaim();
      expect(await nextDueAt()).toBe(pipeline.now + leaseMs + 1);
      pipeline.now += leaseMs;
      expect(await claim()).toBeUndefined();
      pipeline.now += 1;
      expect(await mustClaim()).toMatchObject({ id });
      expect(await accept(id)).toEqual({ kind: 'accepted' });
    });

    test('waits while a turn is running, and while all is stopped', async () => {
      const { look, claim, mustClaim, nextDueAt, pipeline, store } = await start();
      const turn = await pipeline.openTurn();
      await look();
      expect(await claim()).toBeUndefined();
      await turn.finish();
      await store.stopEverything(null, pipeline.now);
      expect(await claim()).toBeUndefined();
      expect(await nextDueAt()).toBeGreaterThan(pipeline.now);
      await store.resumeEverything(pipeline.now);
      expect(await nextDueAt()).toBeLessThanOrEqual(pipeline.now);
      await mustClaim();
    });

    test('waits while the model is left alone, and for nobody once the fallback is at work', async () => {
      const { look, claim, mustClaim, nextDueAt, pipeline, store } = await start();
      await pipeline.takeTurn([]);
      await look();
      const failure = { error: 'busy', retryAfterMs: hourMs, random: 0, isProbe: false };
      const { retryAt } = await store.noteOutage(pipeline.fence, failure, pipeline.now);
      expect(await claim()).toBeUndefined();
      expect(await nextDueAt()).toBe(retryAt);
      pipeline.now = retryAt;
      const { id, isFallback } = await mustClaim();
      expect(isFallback).toBe(false);
      await store.postponeHandoff(pipeline.fence, id, retryAt + hourMs);
      expect(await nextDueAt()).toBe(retryAt + hourMs);
      pipeline.now += hourMs;
      await store.noteFallback(pipeline.fence, pipeline.now);
      expect(await mustClaim()).toMatchObject({ id, failures: 0, isFallback: true });
    });

    test('does not wait for a time from before the clock was set back', async () => {
      const { look, mustClaim, pipeline, store, nextDueAt } = await start();
      await pipeline.takeTurn([]);
      await look();
      const { id } = await mustClaim();
      await store.postponeHandoff(pipeline.fence, id, pipeline.now + 365 * dayMs);
      expect(await nextDueAt()).toBeLessThanOrEqual(pipeline.now);
      expect(await mustClaim()).toMatchObject({ id });
    });

    test('is tried again when it failed, and then the owner is told', async () => {
      const { look, mustClaim, claim, fail, listNotes, id, pipeline, readContext } = await start();
      await look();
      const first = await mustClaim();
      await fail(first.id, pipeline.now + minuteMs);
      expect(await claim()).toBeUndefined();
      pipeline.now += minuteMs;
      expect(await mustClaim()).toMatchObject({ id: first.id, failures: 1 });
      await fail(first.id, null);
      expect(await claim()).toBeUndefined();
      expect(await listNotes(id)).toEqual(['handoff.failed']);
      expect(await readContext(id)).toMatchObject({ handoff: null, progress: [] });
    });

    test('ends quietly when its errand has ended', async () => {
      const { look, mustClaim, claim, accept, listNotes, id, pipeline, store } = await start();
      const other = await pipeline.createJorb();
      await look();
      const { context, ...claimed } = await mustClaim();
      await store.moveJorb(id, 'cancel', null, pipeline.now);
      await store.moveJorb(other, 'cancel', null, pipeline.now);
      expect(context.jorb.id).toBe(id);
      expect(await accept(claimed.id)).toEqual({ kind: 'over' });
      expect(await claim()).toBeUndefined();
      expect(await listNotes(id)).toEqual([]);
      expect(await listNotes(other)).toEqual([]);
      expect(await store.readProgress()).toMatchObject({ waiting: 1 });
    });

    test('is written by nobody whose place was taken', async () => {
      const { look, mustClaim, accept, fail, raise, pipeline, listNotes, id } = await start();
      await look();
      const claimed = await mustClaim();
      const { fence } = pipeline;
      await raise();
      await mustClaim();
      const stale = pipeline.fence;
      pipeline.fence = fence;
      await expect(accept(claimed.id)).rejects.toThrow('epoch');
      await expect(fail(claimed.id, null)).rejects.toThrow('epoch');
      pipeline.fence = stale;
      expect(await listNotes(id)).toEqual([]);
    });
  });
}

function describeAcceptance(open: OpenStore): void {
  const start = async () => {
    const harness = await startHandoffs(open);
    const id = await harness.pipeline.createJorb();
    const said = await harness.pipeline.deliver('A room is free at $289.');
    await harness.pipeline.takeTurn([promiseToCall(), sendTo('magic', 'We take it.')], ask);
    await harness.look();
    return { ...harness, id, said };
  };
  const remarked = {
    promises: [{ id: 'promise_1', remark: 'late' }],
    approvals: [{ id: 'approval_1', remark: null }],
  };

  describe('a handoff', () => {
    test('holds what the rows say of promises, questions and limits, with the remarks of its writer', async () => {
      const { mustClaim, accept, readContext, id, said } = await start();
      const draft = { ...remarked, done: [{ text: 'They offered.', ids: [said.id] }] };
      expect(await accept((await mustClaim()).id, draft)).toEqual({ kind: 'accepted' });
      const { handoff } = await readContext(id);
      expect(handoff?.body).toMatchObject({
        status: 'They are asked.',
        done: [{ text: 'They offered.', ids: [said.id] }],
        promises: [{ id: 'promise_1', by: 'them', with: 'loopback:magic', text: 'to call', remark: 'late' }],
        approvals: [{ id: 'approval_1', asked: 'write to loopback:magic: “We take it.”', remark: null }],
        contractVersion: 1,
      });
      expect(handoff?.body.limits.join('\n')).toContain('May write to: loopback:magic, loopback:hotel');
    });

    test('is refused with what is wrong, as often as it is wrong', async () => {
      const { mustClaim, accept, claim, readContext, id, pipeline } = await start();
      const foreign = await pipeline.deliver('hello', { from: 'stranger' });
      const { id: handoffId } = await mustClaim();
      const wrong = {
        ...remarked,
        promises: [{ id: 'promise_9', remark: null }],
        facts: [{ text: 'invented', ids: ['event_999', foreign.id] }],
        nextSteps: [{ text: 'call', at: 'tomorrow' }],
      };
      for (const _ of [1, 2]) {
        const refused = await accept(handoffId, wrong);
        if (refused.kind !== 'wrong') throw new Error(refused.kind);
        expect(refused.problems).toEqual([
          expect.stringContaining('promise_1'),
          expect.stringContaining('promise_9'),
          expect.stringContaining('event_999'),
          expect.stringContaining(foreign.id),
          expect.stringContaining('tomorrow'),
        ]);
      }
      expect(await claim()).toBeUndefined();
      expect(await readContext(id)).toMatchObject({ handoff: null });
      expect(await accept(handoffId, wrong, true)).toEqual({ kind: 'accepted' });
      const { handoff } = await readContext(id);
      expect(handoff?.body).toMatchObject({
        promises: [{ id: 'promise_1', remark: null }],
        approvals: [{ id: 'approval_1' }],
        facts: [{ text: 'invented', ids: [] }],
        nextSteps: [{ text: 'call', at: null }],
      });
      expect(JSON.stringify(handoff)).not.toContain('event_999');
    });

    test('holds a promise that was made while it was written', async () => {
      const { mustClaim, accept, readContext, id, pipeline, store } = await start();
      const { id: handoffId } = await mustClaim();
      await store.moveJorb(id, 'resume', null, pipeline.now);
      const turn = await pipeline.openTurn();
      await turn.apply(promiseToCall('to call as well'));
      expect(await accept(handoffId, remarked)).toMatchObject({ kind: 'wrong' });
      await accept(handoffId, remarked, true);
      await turn.finish();
      const { handoff } = await readContext(id);
      expect(handoff?.body.promises.map(({ text }) => text)).toEqual(['to call', 'to call as well']);
    });

    test('holds no private value', async () => {
      const { mustClaim, accept, readContext, id, pipeline, store } = await start();
      await store.setProfileField('passport', 'XK4471209', pipeline.now);
      const draft = { ...remarked, status: 'Told xk4471209.', learnings: ['XK4471209'] };
      await accept((await mustClaim()).id, draft);
      expect(JSON.stringify((await readContext(id)).handoff)).not.toMatch(/xk4471209/i);
    });
  });
}

function describeContexts(open: OpenStore): void {
  describe('the context of a turn', () => {
    test('begins with the last handoff, and holds of older messages only the newest', async () => {
      const { pipeline, look, mustClaim, accept, readContext } = await startHandoffs(open);
      const id = await pipeline.createJorb();
      for (let n = 1; n <= 15; n++) {
        pipeline.now += minuteMs;
        await pipeline.deliver(`Message ${n}`);
      }
      await pipeline.takeTurn([]);
      const early = await pipeline.deliver('Not seen yet.');
      await look();
      const claimed = await mustClaim();
      expect(claimed.context.newMessages).toEqual([]);
      expect(claimed.context.transcript.map(({ text }) => text)).not.toContain('Not seen yet.');
      expect(claimed.context.transcript).toHaveLength(15);
      await accept(claimed.id);
      pipeline.now += minuteMs;
      const late = await pipeline.deliver('A new one.');
      const { handoff, transcript, older, newMessages } = await readContext(id);
      expect(handoff).toMatchObject({ id: claimed.id, body: { status: 'They are asked.' } });
      expect(newMessages.map(({ eventId }) => eventId)).toEqual([early.id, late.id]);
      const texts = Array.from({ length: 10 }, (_, n) => `Message ${n + 6}`);
      expect(transcript.map(({ text }) => text)).toEqual([...texts, 'Not seen yet.', 'A new one.']);
      expect(older.messages).toBe(5);
    });

    test('holds the log of the handoffs before', async () => {
      const { pipeline, look, mustClaim, accept, store, readContext } = await startHandoffs(open);
      const id = await pipeline.createJorb({ name: 'Find a hotel' });
      const other = await pipeline.createJorb();
      for (const status of ['one', 'two', 'three']) {
        for (const each of [id, other]) {
          await store.steerJorb(each, buildSteering({ guidance: 'Hurry.' }), pipeline.now);
        }
        await look();
        for (let left = 2; left > 0; left--) {
          const claimed = await mustClaim();
          await accept(claimed.id, { status: `${status} of ${claimed.context.jorb.id}` });
        }
      }
      const { handoff, progress } = await readContext(id);
      expect(handoff?.body.status).toBe(`three of ${id}`);
      const log = progress.join('\n');
      expect(log).toContain(`one of ${id}`);
      expect(log).toContain(`two of ${id}`);
      expect(log).not.toMatch(new RegExp(`three|${other}`));
    });

    test('stays what it was when a handoff is accepted while the turn runs', async () => {
      const { pipeline, store, look, mustClaim, accept, raise, readContext } = await startHandoffs(open);
      const id = await pipeline.createJorb();
      await pipeline.deliver('Hello');
      await pipeline.takeTurn([]);
      await look();
      const first = await mustClaim();
      await accept(first.id, { status: 'first' });
      await store.steerJorb(id, buildSteering({ guidance: 'Hurry.' }), pipeline.now);
      await pipeline.takeTurn([]);
      await look();
      const second = await mustClaim();
      await pipeline.deliver('And now?');
      const turn = await pipeline.openTurn();
      expect(turn.claimed.context.handoff).toMatchObject({ id: first.id });
      expect(await accept(second.id, { status: 'second' })).toEqual({ kind: 'accepted' });
      await raise();
      const again = await pipeline.claim();
      if (!again) throw new Error('the turn is gone');
      expect(again.context).toEqual(turn.claimed.context);
      await buildTurn(pipeline, again).finish();
      expect((await readContext(id)).handoff).toMatchObject({ id: second.id });
    });

    test('is told to its writer with what the owner said since the last handoff', async () => {
      const { pipeline, store, look, mustClaim, accept } = await startHandoffs(open);
      const id = await pipeline.createJorb();
      await store.steerJorb(id, buildSteering({ guidance: 'No smoking floor.' }), pipeline.now);
      await pipeline.takeTurn([]);
      await look();
      const first = await mustClaim();
      expect(first.context.guidance.map(({ text }) => text)).toEqual(['No smoking floor.']);
      await accept(first.id);
      await store.steerJorb(id, buildSteering({ guidance: 'Hurry.' }), pipeline.now);
      await pipeline.takeTurn([]);
      await look();
      const second = await mustClaim();
      expect(second.context.guidance.map(({ text }) => text)).toEqual(['Hurry.']);
      expect(second.context.handoff).toMatchObject({ id: first.id });
    });
  });
}
