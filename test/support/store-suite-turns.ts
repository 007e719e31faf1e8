import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/lib/duration.ts';
import { allow, ask, type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import { buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

export function describeTurns(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeClaiming(start);
  describeContext(start);
}

type Start = () => Promise<Pipeline>;

function describeClaiming(start: Start): void {
  describe('claiming a turn', () => {
    test('opens one for the jorb that has been due longest, and one at a time for each', async () => {
      const pipeline = await start();
      const first = await pipeline.createJorb();
      pipeline.now += 1;
      const second = await pipeline.createJorb();
      pipeline.now += 1;
      expect((await pipeline.claim())?.context.jorb.id).toBe(first);
      await pipeline.store.steerJorb(first, buildSteering({ guidance: 'hurry' }), pipeline.now);
      expect((await pipeline.claim())?.context.jorb.id).toBe(second);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('opens none before its time, for a jorb that does not run, and while everything is stopped', async () => {
      const pipeline = await start();
      await pipeline.createJorb({ start: false });
      expect(await pipeline.claim()).toBeUndefined();
      const id = await pipeline.createJorb();
      await pipeline.store.stopEverything(null, pipeline.now);
      expect(await pipeline.claim()).toBeUndefined();
      await pipeline.store.resumeEverything(pipeline.now);
      await pipeline.store.moveJorb(id, 'pause', null, pipeline.now);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('sees messages and guidance that came in during a turn in the next one', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.deliver('hello');
      await pipeline.store.steerJorb(id, buildSteering({ guidance: 'be quick' }), pipeline.now);
      expect(await pipeline.claim()).toBeUndefined();
      await turn.finish();
      const next = await pipeline.claim();
      expect(next?.context.triggers).toEqual(['message', 'guidance']);
      expect(next?.context.newMessages.map(({ text }) => text)).toEqual(['hello']);
      expect(next?.context.guidance.map(({ text }) => text)).toEqual(['be quick']);
    });

    test('wakes by its own wake', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: pipeline.now + dayMs, reason: 'ask again' }]);
      expect(await pipeline.claim()).toBeUndefined();
      pipeline.now += dayMs;
      await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now);
      expect((await pipeline.claim())?.context.triggers).toEqual(['wake']);
    });
  });
}

function describeContext(start: Start): void {
  describe('what a turn may know', () => {
    test('is its own jorb: contract, contacts, phases, facts, messages, actions', async () => {
      const pipeline = await start();
      const other = await pipeline.createJorb({ name: 'other' });
      await pipeline.takeTurn([
        { kind: 'store_data', key: 'secret', value: 'of another', sourceEventId: null },
      ]);
      await pipeline.store.moveJorb(other, 'pause', null, pipeline.now);
      const id = await pipeline.createJorb({ name: 'mine' });
      await pipeline.takeTurn([
        sendTo('magic', 'hello'),
        { kind: 'store_data', key: 'price', value: '300', sourceEventId: null },
        { kind: 'store_data', key: 'price', value: '289', sourceEventId: null },
        { kind: 'advance_phase' },
      ]);
      const sent = await pipeline.send();
      pipeline.now += 1;
      await pipeline.deliver('hi there', { inReplyTo: sent.key });
      const context = (await pipeline.claim())?.context;
      expect(context).toMatchObject({
        jorb: { id, name: 'mine' },
        ownerName: 'the owner',
        phases: [{ status: 'done' }, { status: 'active' }],
        facts: [{ key: 'price', value: '289' }],
        actions: [{ status: 'done', consequence: 'message', payload: { text: 'hello' } }],
        counterparties: [{ address: 'magic' }, { address: 'hotel' }],
      });
      expect(context?.transcript.map(({ direction, text }) => `${direction} ${text}`)).toEqual([
        'out hello',
        'in hi there',
      ]);
      expect(JSON.stringify(context)).not.toContain('of another');
    });

    test('holds the newest messages of a long transcript, oldest first', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([]);
      for (let index = 1; index <= 70; index++) {
        await pipeline.deliver(`message ${index}`);
        pipeline.now += 1;
      }
      const context = (await pipeline.claim())?.context;
      const texts = context?.transcript.map(({ text }) => text);
      expect(texts).toHaveLength(60);
      expect(texts?.at(0)).toBe('message 11');
      expect(texts?.at(-1)).toBe('message 70');
      expect(context?.older).toEqual({ messages: 10, facts: 0 });
    });

    test('counts the older messages and facts that it does not hold, and none that it cannot see', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      for (let index = 1; index <= 62; index++) await pipeline.deliver(`message ${index}`);
      const facts = Array.from({ length: 203 }, (_, index) => ({
        kind: 'store_data' as const,
        key: `key ${index}`,
        value: 'known',
        sourceEventId: null,
      }));
      await pipeline.takeTurn([...facts, sendTo('magic', 'hello')]);
      pipeline.now += 1;
      await pipeline.deliver('one more');
      const turn = await pipeline.openTurn();
      await turn.apply(sendTo('hotel', 'sent by this turn'));
      await pipeline.deliver('not seen by this turn');
      pipeline.fence = await pipeline.store.raiseEpoch('the next', pipeline.now);
      const context = (await pipeline.claim())?.context;
      expect(context?.older).toEqual({ messages: 4, facts: 3 });
      expect(context?.transcript.at(-1)).toMatchObject({ text: 'one more', grade: 'none' });
      expect(context?.transcript.find(({ text }) => text === 'hello')?.grade).toBeNull();
    });

    test('shows a private value that the gate wrote as its placeholder', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.store.setProfileField('home_address', '12 Rose Lane', pipeline.now);
      await pipeline.store.setProfileField('name', 'Ada Lovelace', pipeline.now);
      await pipeline.takeTurn([sendTo('magic', 'Ada Lovelace lives at 12 ROSE LANE.')]);
      pipeline.now += 1;
      await pipeline.deliver('thanks');
      const context = (await pipeline.claim())?.context;
      expect(context?.ownerName).toBe('Ada Lovelace');
      expect(context?.transcript[0]?.text).toBe('Ada Lovelace lives at {{home_address}}.');
      expect(JSON.stringify(context)).not.toMatch(/rose lane/i);
    });

    test('has the answer to a question once as news, and then as the past', async () => {
      const pipeline = await start();
      const { store } = pipeline;
      await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'ask_owner', question: 'Smoking?' }], ask);
      const [approval] = await store.listPendingApprovals({ jorbId: null, limit: 5 });
      if (!approval) throw new Error('nothing was asked');
      const answer = { kind: 'answer', text: 'No.' } as const;
      await store.answerApproval(
        { id: approval.id, hash: approval.hash, answer, confirmedBy: 'terminal', evaluate: allow },
        pipeline.now,
      );
      const turn = await pipeline.openTurn();
      expect(turn.claimed.context.triggers).toEqual(['approval']);
      expect(turn.claimed.context.approvals).toMatchObject([
        { id: approval.id, status: 'answered', answerText: 'No.', isNew: true },
      ]);
      await turn.finish();
      await pipeline.deliver('hello');
      expect((await pipeline.claim())?.context.approvals).toMatchObject([{ id: approval.id, isNew: false }]);
    });
  });
}
