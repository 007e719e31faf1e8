import { describe, expect, test } from 'vitest';
import { maxOpenMs } from '../../src/domain/extension.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { accept, answer, onlyPending } from './approval-driver.ts';
import { testEpoch } from './clock.ts';
import { ask, type Pipeline, sendTo } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';
import { askNow, getJorb, startAskedToGoOn, startIdle } from './store-suite-extensions.ts';

const now = testEpoch;
const decline = { kind: 'decline', text: null } as const;

/** Whatever else is pending, the question whether it may go on. */
async function findExtension({ store }: Pipeline) {
  const pending = await store.listPendingApprovals({ jorbId: null, limit: 9 });
  const found = pending.filter(({ action: { payload } }) => 'extension' in payload);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} such questions are pending`);
  return found[0];
}

export function describeExtensionsMeanwhile(open: OpenStore): void {
  describe('while the owner is asked whether it may go on', () => {
    test('nobody resumes it past the question', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline, id } = asked;
      const resumed = pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      await expect(resumed).rejects.toMatchObject({
        code: 'conflict',
        message: `${id} has been open for long and approval_1 asks whether it may go on; answer that first`,
      });
      await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
      expect(await pipeline.store.getApproval('approval_1')).toMatchObject({ status: 'expired' });
      expect(await askNow(pipeline)).toBe(0);
    });

    test('a change of its contract asks it again at once, and lets it do nothing', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline, id } = asked;
      const contract = { ...buildNewJorb().contract, followUpMs: hourMs };
      pipeline.now += hourMs;
      await pipeline.store.steerJorb(id, buildSteering({ contract, guidance: 'Go on.' }), pipeline.now);
      expect(await getJorb(asked)).toMatchObject({
        ...{ status: 'paused', pauseCause: 'approval', contractVersion: 2, endsAt: null },
      });
      expect(await pipeline.claim()).toBeUndefined();
      expect(await pipeline.store.getApproval('approval_1')).toMatchObject({ status: 'expired' });
      const again = await onlyPending(pipeline);
      expect(again).toMatchObject({ contractVersion: 2, action: { payload: { contract } } });
      await answer({ pipeline, approval: again }, accept);
      expect((await pipeline.store.getJorb(id))?.contract).toEqual(contract);
      expect(await getJorb(asked)).toMatchObject({ status: 'running', contractVersion: 3 });
    });

    test('a wider contract that a human confirms is no answer to it', async () => {
      const asked = await startAskedToGoOn(open);
      const { pipeline, id } = asked;
      const steering = buildSteering({ widening: buildWidening() });
      const { approvalId } = await pipeline.store.steerJorb(id, steering, pipeline.now);
      const approval = approvalId && (await pipeline.store.getApproval(approvalId));
      if (!approval) throw new Error('nothing was asked');
      await answer({ pipeline, approval }, accept);
      expect(await getJorb(asked)).toMatchObject({ status: 'paused', pauseCause: 'approval', endsAt: null });
      const again = await findExtension(pipeline);
      expect(again.contractVersion).toBe(2);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('an answer to its agent does not let it go on', async () => {
      const asked = await startIdle(open);
      const { pipeline } = asked;
      pipeline.now = now + maxOpenMs - hourMs;
      await pipeline.deliver('289 a night');
      await pipeline.takeTurn([sendTo('magic', 'I take it', { label: 'purchase' })], ask);
      const question = await onlyPending(pipeline);
      pipeline.now = now + maxOpenMs;
      await askNow(pipeline);
      await answer({ pipeline, approval: question }, decline);
      expect(await getJorb(asked)).toMatchObject({ status: 'paused', pauseCause: 'approval' });
      expect(await pipeline.claim()).toBeUndefined();
      await answer({ pipeline, approval: await findExtension(pipeline) }, accept);
      expect(await getJorb(asked)).toMatchObject({ status: 'running' });
    });

    test('yes voids what its agent had asked, and the agent sees that in its next turn', async () => {
      const asked = await startIdle(open);
      const { pipeline } = asked;
      pipeline.now = now + maxOpenMs - hourMs;
      await pipeline.deliver('289 a night');
      await pipeline.takeTurn([sendTo('magic', 'I take it', { label: 'purchase' })], ask);
      pipeline.now = now + maxOpenMs;
      await askNow(pipeline);
      await answer({ pipeline, approval: await findExtension(pipeline) }, accept);
      expect(await getJorb(asked)).toMatchObject({ status: 'running' });
      expect(await pipeline.claim()).toMatchObject({
        context: {
          triggers: ['approval'],
          approvals: [
            { payload: { kind: 'send_message' }, status: 'expired' },
            { payload: { kind: 'change_contract' }, status: 'accepted' },
          ],
        },
      });
    });
  });
}
