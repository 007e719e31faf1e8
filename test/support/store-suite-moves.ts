import { describe, expect, test } from 'vitest';
import { maxOpenMs } from '../../src/domain/extension.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import { type JorbCommand, type JorbStatus, transition } from '../../src/domain/jorb.ts';
import type { Store } from '../../src/domain/store.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { sendTo, spend, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const now = testEpoch;
const staleMs = 30 * dayMs;
const commands = ['start', 'pause', 'resume', 'cancel', 'complete', 'fail'] as const satisfies JorbCommand[];

/** The statuses that the owner's commands can bring about, each with the commands that do. */
const ways: [JorbStatus, JorbCommand[]][] = [
  ['planning', []],
  ['running', ['start']],
  ['paused', ['start', 'pause']],
  ['cancelled', ['start', 'cancel']],
];

async function createIn(store: Store, way: JorbCommand[]): Promise<JorbId> {
  const { jorb } = await store.createJorb(buildNewJorb({ start: false }), now);
  for (const command of way) await store.moveJorb(jorb.id, command, null, now);
  return jorb.id;
}

export function describeMoves(open: OpenStore): void {
  describe('the owner moving a jorb', () => {
    const cases = ways.flatMap(([status, way]) => commands.map((command) => ({ status, way, command })));

    test.each(cases)('$command on one that is $status does what the rules say', async (each) => {
      const store = await open();
      const id = await createIn(store, each.way);
      const moved = store.moveJorb(id, each.command, 'because', now + 1);
      const next = transition(each.status, each.command, 'owner');
      if (next.ok) {
        expect(await moved).toMatchObject({ status: next.value, reason: 'because', updatedAt: now + 1 });
      } else {
        await expect(moved).rejects.toMatchObject({ code: 'conflict', message: `${id}: ${next.error}` });
        expect(await store.getJorb(id)).toMatchObject({ jorb: { status: each.status, reason: null } });
      }
    });

    test('gives a started and a resumed jorb a turn, and a paused one none', async () => {
      const store = await open();
      const fence = await store.raiseEpoch('test', now);
      const nextDueAt = () => store.getNextDueAt(fence, { staleMs }, now);
      const id = await createIn(store, ['start']);
      expect(await nextDueAt()).toBe(now);
      await store.moveJorb(id, 'pause', null, now);
      expect(await nextDueAt()).toBe(now + maxOpenMs);
      await store.moveJorb(id, 'resume', null, now + 5);
      expect(await nextDueAt()).toBe(now);
    });

    test('tells the first turn that it is the first, whatever else came before it', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb();
      await pipeline.deliver('Hello?');
      await pipeline.store.moveJorb(id, 'pause', null, now);
      await pipeline.store.moveJorb(id, 'resume', null, now);
      expect(await pipeline.claim()).toMatchObject({ context: { triggers: ['started', 'message'] } });
    });

    test('keeps questions through a pause and voids them at a cancellation', async () => {
      const store = await open();
      const id = await createIn(store, ['start']);
      const { approvalId } = await store.steerJorb(id, buildSteering({ widening: buildWidening() }), now);
      if (!approvalId) throw new Error('nothing was asked');
      await store.moveJorb(id, 'pause', null, now);
      expect(await store.getApproval(approvalId)).toMatchObject({ status: 'pending' });
      await store.moveJorb(id, 'cancel', 'no longer wanted', now + 1);
      expect(await store.getApproval(approvalId)).toMatchObject({
        status: 'expired',
        voidReason: 'the jorb is cancelled',
        action: { status: 'expired' },
      });
      expect(await store.getJorb(id)).toMatchObject({
        jorb: { status: 'cancelled', finishedAt: now + 1, reason: 'no longer wanted', pauseCause: null },
        pendingApprovals: [],
      });
    });

    test('lets nothing more leave once it is cancelled, and gives the money back', async () => {
      const pipeline = await startPipeline(await open());
      const { store } = pipeline;
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('hotel', 'two')], spend(400));
      const leaving = await pipeline.depart();
      await store.moveJorb(id, 'cancel', null, now);
      expect(await pipeline.depart()).toBeUndefined();
      const usd = (minor: number) => ({ minor, currency: 'USD' });
      // What is on the wire already may still arrive, so its money stays set aside.
      expect(await store.getJorb(id)).toMatchObject({ spent: { committed: usd(0), reserved: usd(400) } });
      const { entries } = await store.readTranscript(id, { order: 'oldest', limit: 5, offset: 0 });
      expect(entries).toMatchObject([
        { id: leaving?.id, status: 'sending' },
        { text: 'two', status: 'failed' },
      ]);
    });

    test('lets the last messages of a completed one leave', async () => {
      const pipeline = await startPipeline(await open());
      await pipeline.createJorb();
      await pipeline.takeTurn([
        sendTo('magic', 'Thank you.'),
        { kind: 'complete', outcome: 'Done.', evidence: [] },
      ]);
      expect(await pipeline.depart()).toMatchObject({ text: 'Thank you.' });
    });
  });
}
