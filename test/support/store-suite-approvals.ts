import { describe, expect, test } from 'vitest';
import type { DepartureFacts, EvaluateGate } from '../../src/domain/gate.ts';
import { accept, answer, onlyPending, type Start, startAsked } from './approval-driver.ts';
import { allow, ask, refuse, sendTo, spend, spyOn, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

export function describeApprovals(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeYes(start);
  describeOtherAnswers(start);
}

function describeYes(start: Start): void {
  describe('accepting an action', () => {
    test('queues exactly what was shown, once, and lets the jorb go on', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval, store } = asked;
      const shout: EvaluateGate = (request, facts) => ({
        ...(allow(request, facts) as Extract<ReturnType<EvaluateGate>, { kind: 'allow' }>),
        payload: { ...request.payload, text: 'SOMETHING ELSE' } as typeof request.payload,
      });
      const accepted = await answer(asked, accept, { evaluate: shout });
      expect(accepted).toMatchObject({
        status: 'accepted',
        confirmedBy: 'terminal',
        answeredAt: pipeline.now,
        action: { id: approval.action.id, status: 'queued' },
        jorb: { status: 'running' },
      });
      expect(await pipeline.depart()).toMatchObject({ actionId: approval.action.id, text: 'I take it' });
      expect(await pipeline.depart()).toBeUndefined();
      expect((await pipeline.claim())?.context.triggers).toEqual(['approval']);
      expect(await store.listPendingApprovals({ jorbId: null, limit: 5 })).toEqual([]);
    });

    test('passes the gate as approved, with the label it was asked under', async () => {
      const asked = await startAsked(start);
      const requests: Parameters<EvaluateGate>[0][] = [];
      const { seen, evaluate } = spyOn((request, facts) => {
        requests.push(request);
        return spend(5000, { approved: true })(request, facts);
      });
      await answer(asked, accept, { evaluate });
      expect(requests).toMatchObject([{ approved: true, label: 'purchase', payload: { text: 'I take it' } }]);
      expect(seen).toMatchObject([{ jorb: { status: 'paused', pauseCause: 'approval' } }]);
      const detail = await asked.store.getJorb(asked.approval.jorb.id);
      expect(detail?.spent.reserved.minor).toBe(5000);
    });

    test('lets a message to an address beyond the contract leave, as approved', async () => {
      const asked = await startAsked(start, 'newcomer');
      await answer(asked, accept);
      const seen: DepartureFacts[] = [];
      await asked.pipeline.depart((facts) => {
        seen.push(facts);
        return { kind: 'go' };
      });
      expect(seen).toMatchObject([{ approved: true, to: { address: 'newcomer' } }]);
    });

    test('is decided in view of the last words of whoever led to it', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval, store } = asked;
      expect(approval.quote).toMatchObject({ from: 'Magic', text: '289 a night' });
      await pipeline.deliver('sorry, it is gone');
      await pipeline.deliver('we have rooms', { from: 'hotel' });
      expect((await store.getApproval(approval.id))?.quote?.text).toBe('sorry, it is gone');
      expect((await answer(asked, accept)).quote?.text).toBe('289 a night');
    });

    test('counts as progress', async () => {
      const asked = await startAsked(start);
      asked.pipeline.now += 1000;
      await answer(asked, accept);
      const { seen, evaluate } = spyOn(refuse());
      await asked.pipeline.takeTurn([sendTo('magic', 'hi')], evaluate);
      expect(seen[0]?.lastProgressAt).toBe(asked.pipeline.now);
    });
  });
}

function describeOtherAnswers(start: Start): void {
  describe('answering otherwise', () => {
    test('with another text queues a new action with that text, and rejects the old one', async () => {
      const asked = await startAsked(start);
      const edited = await answer(asked, { kind: 'edit', text: 'I might take it' });
      expect(edited).toMatchObject({ status: 'edited', answerText: 'I might take it' });
      expect(edited.action).toMatchObject({ status: 'rejected', payload: { text: 'I take it' } });
      const seen: DepartureFacts[] = [];
      const delivery = await asked.pipeline.depart((facts) => {
        seen.push(facts);
        return { kind: 'go' };
      });
      expect(delivery).toMatchObject({ text: 'I might take it' });
      expect(delivery?.actionId).not.toBe(asked.approval.action.id);
      expect(seen).toMatchObject([{ approved: true }]);
      expect(await asked.pipeline.depart()).toBeUndefined();
      expect((await asked.pipeline.claim())?.context).toMatchObject({
        approvals: [{ status: 'edited', answerText: 'I might take it', isNew: true }],
        actions: [{ status: 'rejected' }, { status: 'queued', payload: { text: 'I might take it' } }],
      });
    });

    test('by declining sends nothing and tells the agent, without a confirmation', async () => {
      const asked = await startAsked(start);
      const declined = await answer(asked, { kind: 'decline', text: 'too dear' }, { confirmedBy: null });
      expect(declined).toMatchObject({
        status: 'declined',
        answerText: 'too dear',
        action: { status: 'rejected' },
      });
      expect(await asked.pipeline.depart()).toBeUndefined();
      expect((await asked.pipeline.claim())?.context.approvals).toMatchObject([
        { status: 'declined', answerText: 'too dear', isNew: true },
      ]);
    });

    test('to a question keeps the words', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'ask_owner', question: 'Smoking?' }], ask);
      const approval = await onlyPending(pipeline);
      const answered = await answer({ pipeline, approval }, { kind: 'answer', text: 'No.' });
      expect(answered).toMatchObject({ status: 'answered', answerText: 'No.', action: { status: 'done' } });
      expect(answered.jorb.status).toBe('running');
    });

    test('does not set a jorb going that its owner has paused', async () => {
      const asked = await startAsked(start);
      const { pipeline, approval, store } = asked;
      await store.moveJorb(approval.jorb.id, 'resume', null, pipeline.now);
      await store.moveJorb(approval.jorb.id, 'pause', null, pipeline.now);
      await answer(asked, accept);
      expect((await store.getJorb(approval.jorb.id))?.jorb).toMatchObject({ pauseCause: 'owner' });
      expect(await pipeline.depart()).toBeUndefined();
    });
  });
}
