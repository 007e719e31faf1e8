import { describe, expect, test } from 'vitest';
import { approvalLifetimeMs } from '../../src/domain/approval.ts';
import { accept, answer, isPending, onlyPending, type Start, startAsked } from './approval-driver.ts';
import { refuse, spend, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

/** What refuses an answer, and answers that change the contract. */
export function describeAnswers(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeRefusals(start);
  describeContractChanges(start);
}

function describeRefusals(start: Start): void {
  describe('an answer', () => {
    test('is taken once, and one of two at the same time wins', async () => {
      const asked = await startAsked(start);
      const outcomes = await Promise.allSettled([
        answer(asked, accept),
        answer(asked, { kind: 'decline', text: null }),
        answer(asked, accept),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
      await expect(answer(asked, accept)).rejects.toMatchObject({ code: 'conflict' });
      expect(await asked.pipeline.depart()).toBeDefined();
      expect(await asked.pipeline.depart()).toBeUndefined();
    });

    test.each([
      ['accept', accept],
      ['edit', { kind: 'edit', text: 'yes' }],
    ] as const)('to %s needs a confirmation', async (_, given) => {
      const asked = await startAsked(start);
      await expect(answer(asked, given, { confirmedBy: null })).rejects.toMatchObject({
        code: 'needs_owner',
      });
      expect(await isPending(asked)).toBe(true);
    });

    test('to other bytes than were asked is refused, and the approval stays', async () => {
      const asked = await startAsked(start);
      await expect(answer(asked, accept, { hash: 'f'.repeat(64) })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await isPending(asked)).toBe(true);
    });

    test('that does not fit the question is refused', async () => {
      const asked = await startAsked(start);
      const refused = answer(asked, { kind: 'answer', text: 'yes' });
      await expect(refused).rejects.toMatchObject({ code: 'invalid', field: 'answer' });
    });

    test('to an unknown approval is refused', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval } = asked;
      const unknown = answer({ pipeline, approval: { ...approval, id: 'approval_99' } }, accept);
      await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
    });

    test('after its time ends the approval for good', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval, store } = asked;
      pipeline.now += approvalLifetimeMs;
      await expect(answer(asked, accept)).rejects.toMatchObject({ code: 'expired' });
      expect(await store.getApproval(approval.id)).toMatchObject({
        status: 'expired',
        voidReason: null,
        action: { status: 'expired' },
      });
      expect((await store.getJorb(approval.jorb.id))?.jorb).toMatchObject({ pauseCause: 'limit' });
      expect(await pipeline.depart()).toBeUndefined();
    });

    test('is refused while everything is stopped, but for a no', async () => {
      const asked = await startAsked(start);
      await asked.store.stopEverything(null, asked.pipeline.now);
      await expect(answer(asked, accept)).rejects.toMatchObject({ code: 'stopped' });
      expect(await isPending(asked)).toBe(true);
      expect(await answer(asked, { kind: 'decline', text: null })).toMatchObject({ status: 'declined' });
    });

    test.each([
      ['a rate', refuse({ text: 'too many' }), 'conflict', 'too many'],
      ['a stop', refuse({ rule: 'stop', text: 'all is stopped' }), 'stopped', 'all is stopped'],
      [
        'a limit of money',
        spend(5000, { limits: { jorb: 1, jorbWithoutApproval: 0, ownerWithoutApproval: 0 } }),
        'conflict',
        'commit in all',
      ],
    ])('that the gate refuses for %s leaves everything as it was', async (_, evaluate, code, text) => {
      const asked = await startAsked(start);
      for (const given of [accept, { kind: 'edit', text: 'yes' }] as const) {
        const refused = answer(asked, given, { evaluate });
        await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
      }
      expect(await isPending(asked)).toBe(true);
      expect(await asked.store.getApproval(asked.approval.id)).toEqual(asked.approval);
      expect(await asked.pipeline.depart()).toBeUndefined();
    });

    test('is void once the jorb has ended or its contract has changed', async () => {
      const cancelled = await startAsked(start);
      await cancelled.store.moveJorb(cancelled.approval.jorb.id, 'cancel', null, cancelled.pipeline.now);
      await expect(answer(cancelled, accept)).rejects.toMatchObject({ code: 'expired' });
      const steered = await startAsked(start);
      const contract = { ...buildNewJorb().contract, followUpMs: 5000 };
      await steered.store.steerJorb(
        steered.approval.jorb.id,
        buildSteering({ contract }),
        steered.pipeline.now,
      );
      await expect(answer(steered, accept)).rejects.toMatchObject({ code: 'expired' });
      expect(await steered.pipeline.depart()).toBeUndefined();
    });
  });
}

function describeContractChanges(start: Start): void {
  describe('a change of the contract', () => {
    test('is in force once it is accepted, and starts the jorb where that was asked', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb({ widening: buildWidening(), start: true });
      expect(await pipeline.claim()).toBeUndefined();
      const approval = await onlyPending(pipeline);
      const accepted = await answer({ pipeline, approval }, accept);
      expect(accepted).toMatchObject({
        status: 'accepted',
        action: { status: 'done' },
        jorb: { status: 'running' },
      });
      expect(await pipeline.store.getJorb(id)).toMatchObject({
        jorb: { contractVersion: 2 },
        contract: { money: { withoutApproval: 90_000 } },
      });
      expect((await pipeline.claim())?.context.triggers).toContain('started');
    });

    test('that is declined leaves the contract and the jorb as they are', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb({ widening: buildWidening(), start: true });
      const approval = await onlyPending(pipeline);
      await answer({ pipeline, approval }, { kind: 'decline', text: null }, { confirmedBy: null });
      expect(await pipeline.store.getJorb(id)).toMatchObject({
        jorb: { status: 'planning', contractVersion: 1 },
        contract: { money: { withoutApproval: 10_000 } },
      });
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('ends a question that was asked under the old one, and the jorb thinks again', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval, store } = asked;
      const { jorb } = approval;
      const { approvalId } = await store.steerJorb(
        jorb.id,
        buildSteering({ widening: buildWidening() }),
        pipeline.now,
      );
      const change = approvalId && (await store.getApproval(approvalId));
      if (!change) throw new Error('nothing was asked');
      await answer({ pipeline, approval: change }, accept);
      expect(await store.getApproval(approval.id)).toMatchObject({ status: 'expired' });
      expect((await store.getJorb(jorb.id))?.jorb).toMatchObject({ status: 'running', contractVersion: 2 });
      expect((await pipeline.claim())?.context.triggers).toEqual(['approval']);
    });
  });
}
