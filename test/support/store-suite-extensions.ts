import { describe, expect, test } from 'vitest';
import { approvalLifetimeMs } from '../../src/domain/approval.ts';
import { maxOpenMs } from '../../src/domain/extension.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { accept, answer, onlyPending } from './approval-driver.ts';
import { testEpoch } from './clock.ts';
import { type Pipeline, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const now = testEpoch;
const decline = { kind: 'decline', text: null } as const;
const unextended = 'it was open for 14 days and the owner did not extend it';

type Asked = { pipeline: Pipeline; id: JorbId };

/** A running jorb that has nothing to do. */
export async function startIdle(open: OpenStore, overrides: Partial<NewJorb> = {}): Promise<Asked> {
  const pipeline = await startPipeline(await open());
  const id = await pipeline.createJorb(overrides);
  await pipeline.takeTurn([]);
  return { pipeline, id };
}

export const askNow = ({ store, fence, now: at }: Pipeline) => store.askExtensions(fence, at);
const nextDueAt = ({ store, fence, now: at }: Pipeline) =>
  store.getNextDueAt(fence, { staleMs: 365 * dayMs }, at);

export async function getJorb({ pipeline, id }: Asked) {
  const detail = await pipeline.store.getJorb(id);
  if (!detail) throw new Error(`${id} is gone`);
  return { ...detail.jorb, endsAt: detail.endsAt };
}

/** Its 14 days are over, and its owner was asked. */
export async function startAskedToGoOn(open: OpenStore, overrides: Partial<NewJorb> = {}): Promise<Asked> {
  const asked = await startIdle(open, overrides);
  asked.pipeline.now += maxOpenMs;
  if ((await askNow(asked.pipeline)) !== 1) throw new Error('nobody was asked');
  return asked;
}

export function describeExtensions(open: OpenStore): void {
  describeAsking(open);
  describeAnswering(open);
}

function describeAsking(open: OpenStore): void {
  describe('a jorb that has been open for 14 days', () => {
    test('is paused, and its owner is asked once whether it may go on under its contract', async () => {
      const idle = await startIdle(open);
      const { pipeline } = idle;
      expect(await nextDueAt(pipeline)).toBe(now + maxOpenMs);
      pipeline.now += maxOpenMs - 1;
      expect(await askNow(pipeline)).toBe(0);
      pipeline.now += 1;
      expect(await askNow(pipeline)).toBe(1);
      expect(await askNow(pipeline)).toBe(0);
      const { contract } = buildNewJorb();
      expect(await onlyPending(pipeline)).toMatchObject({
        status: 'pending',
        contractVersion: 1,
        action: {
          payload: {
            ...{ kind: 'change_contract', contract, startAfter: false },
            extension: { since: now, until: now + 2 * maxOpenMs },
          },
        },
      });
      expect(await getJorb(idle)).toMatchObject({
        ...{ status: 'paused', pauseCause: 'approval', endsAt: null },
        reason: 'it has been open for 14 days; it goes on when you say so',
      });
      const activity = await pipeline.store.listActivity(null, 0, 500);
      expect(activity.filter(({ what }) => what === 'approval.asked')).toMatchObject([{ actor: 'runtime' }]);
    });

    test('counts from its start: planning is not open', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb({ start: false });
      pipeline.now += 30 * dayMs;
      expect(await askNow(pipeline)).toBe(0);
      await pipeline.store.moveJorb(id, 'start', null, pipeline.now);
      expect(await getJorb({ pipeline, id })).toMatchObject({ endsAt: pipeline.now + maxOpenMs });
      pipeline.now += maxOpenMs;
      expect(await askNow(pipeline)).toBe(1);
      const { action } = await onlyPending(pipeline);
      expect(action.payload).toMatchObject({ extension: { since: now + 30 * dayMs } });
    });

    test('is asked about at 14 days whatever its deadline, and then for beyond it', async () => {
      const contract = { ...buildNewJorb().contract, deadlineAt: now + 60 * dayMs };
      const { pipeline } = await startAskedToGoOn(open, { contract });
      const { action } = await onlyPending(pipeline);
      expect(action.payload).toMatchObject({ extension: { until: now + 61 * dayMs } });
    });

    test('is asked about later while everything is stopped', async () => {
      const { pipeline } = await startIdle(open);
      await pipeline.store.stopEverything(null, now);
      pipeline.now += maxOpenMs + dayMs;
      expect(await askNow(pipeline)).toBe(0);
      expect(await nextDueAt(pipeline)).toBeUndefined();
      await pipeline.store.resumeEverything(pipeline.now);
      expect(await nextDueAt(pipeline)).toBe(now + maxOpenMs);
      expect(await askNow(pipeline)).toBe(1);
    });

    test('is asked about once when the clock leaps a year, and not again when it goes back', async () => {
      const { pipeline } = await startIdle(open);
      pipeline.now += 365 * dayMs;
      expect(await askNow(pipeline)).toBe(1);
      const { action } = await onlyPending(pipeline);
      expect(action.payload).toMatchObject({ extension: { until: pipeline.now + maxOpenMs } });
      pipeline.now -= 366 * dayMs;
      expect(await askNow(pipeline)).toBe(0);
      expect(await pipeline.store.expireApprovals(pipeline.fence, pipeline.now)).toBe(0);
    });

    test('gets no turn before its owner was asked, however much waits for it', async () => {
      const { pipeline, id } = await startIdle(open);
      pipeline.now += maxOpenMs;
      await pipeline.deliver('Are you still there?');
      expect(await pipeline.claim()).toBeUndefined();
      expect(await nextDueAt(pipeline)).toBe(now + maxOpenMs);
      await askNow(pipeline);
      expect(await pipeline.claim()).toBeUndefined();
      await answer({ pipeline, approval: await onlyPending(pipeline) }, accept);
      expect(await pipeline.claim()).toMatchObject({
        context: { jorb: { id }, newMessages: [{ text: 'Are you still there?' }] },
      });
    });

    test('is asked about by nobody once it has ended', async () => {
      const idle = await startIdle(open);
      const { pipeline, id } = idle;
      await pipeline.store.moveJorb(id, 'cancel', null, now);
      expect(await getJorb(idle)).toMatchObject({ endsAt: null });
      pipeline.now += maxOpenMs;
      expect(await nextDueAt(pipeline)).toBeUndefined();
      expect(await askNow(pipeline)).toBe(0);
    });
  });
}

function describeAnswering(open: OpenStore): void {
  describe('whether it may go on', () => {
    test('yes is a new version of the same contract, and it goes on until then', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline, id } = asked;
      pipeline.now += dayMs;
      await answer({ pipeline, approval: await onlyPending(pipeline) }, accept);
      expect(await getJorb(asked)).toMatchObject({
        ...{ status: 'running', contractVersion: 2, endsAt: now + 2 * maxOpenMs },
      });
      expect((await pipeline.store.getJorb(id))?.contract).toEqual(buildNewJorb().contract);
      expect(await pipeline.claim()).toMatchObject({
        context: { triggers: ['approval'], approvals: [{ status: 'accepted', isNew: true }] },
      });
    });

    test('it is asked again after the days that were agreed', async () => {
      const { pipeline } = await startAskedToGoOn(open);
      await answer({ pipeline, approval: await onlyPending(pipeline) }, accept);
      await pipeline.takeTurn([]);
      pipeline.now = now + 2 * maxOpenMs;
      expect(await askNow(pipeline)).toBe(1);
      const approval = await onlyPending(pipeline);
      expect(approval.action.payload).toMatchObject({ extension: { since: now } });
      await answer({ pipeline, approval }, decline);
      expect(await pipeline.store.getJorb(approval.jorb.id)).toMatchObject({
        jorb: { status: 'failed', reason: 'it was open for 28 days and the owner did not extend it' },
      });
    });

    test('only a human says yes', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline } = asked;
      const approval = await onlyPending(pipeline);
      const unconfirmed = answer({ pipeline, approval }, accept, { confirmedBy: null });
      await expect(unconfirmed).rejects.toMatchObject({ code: 'needs_owner' });
      expect(await getJorb(asked)).toMatchObject({ status: 'paused', endsAt: null });
    });

    test('no ends it, and says why', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline } = asked;
      await answer({ pipeline, approval: await onlyPending(pipeline) }, decline);
      expect(await getJorb(asked)).toMatchObject({ status: 'failed', reason: unextended });
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('no answer is no', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline } = asked;
      const { id } = await onlyPending(pipeline);
      pipeline.now += approvalLifetimeMs - 1;
      expect(await pipeline.store.expireApprovals(pipeline.fence, pipeline.now)).toBe(0);
      pipeline.now += 1;
      expect(await pipeline.store.expireApprovals(pipeline.fence, pipeline.now)).toBe(1);
      expect(await getJorb(asked)).toMatchObject({
        status: 'failed',
        reason: unextended,
        contractVersion: 1,
      });
      expect(await pipeline.store.getApproval(id)).toMatchObject({ status: 'expired', confirmedBy: null });
    });

    test('a yes that comes too late is no', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline } = asked;
      const approval = await onlyPending(pipeline);
      pipeline.now += approvalLifetimeMs;
      await expect(answer({ pipeline, approval }, accept)).rejects.toMatchObject({ code: 'expired' });
      expect(await getJorb(asked)).toMatchObject({ status: 'failed', reason: unextended });
    });

    test('no ends a jorb that its owner paused, too; yes leaves it paused', async () => {
      for (const [given, status] of [
        [accept, 'paused'],
        [decline, 'failed'],
      ] as const) {
        const asked = await startIdle(open);
        const { pipeline, id } = asked;
        await pipeline.store.moveJorb(id, 'pause', 'holidays', now);
        pipeline.now += maxOpenMs;
        await askNow(pipeline);
        expect(await getJorb(asked)).toMatchObject({ pauseCause: 'owner', reason: 'holidays' });
        await answer({ pipeline, approval: await onlyPending(pipeline) }, given);
        expect(await getJorb(asked)).toMatchObject({ status });
      }
    });
  });
}
