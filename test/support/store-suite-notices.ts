import { describe, expect, test } from 'vitest';
import { noticeKinds } from '../../src/domain/notice.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { complete, fail, openScene, overBudget, pause } from './notice-scene.ts';
import { ask, refuse, sendTo } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';
import { describeNoticeTimes } from './store-suite-notice-times.ts';

export function describeNotices(open: OpenStore): void {
  describe('notices to the owner', () => {
    describeFacts(open);
    describeWanted(open);
    describeNoticeTimes(open);
  });
}

function describeFacts(open: OpenStore): void {
  test('a question goes out a minute after it was asked, once, and its pause is not told again', async () => {
    const { pipeline, mails, composeLater, start, nextDueAt, sendMail } = await openScene(open);
    await start([sendTo('magic', 'I take it', { label: 'purchase' })], {}, ask);
    expect(await nextDueAt()).toBe(pipeline.now + minuteMs);
    expect(await composeLater(minuteMs - 1)).toBeUndefined();
    expect(await composeLater(1)).toEqual({ mailed: 1, dropped: 0 });
    expect(mails).toMatchObject([
      [{ kind: 'approval', jorb: { id: 'jorb_1' }, approval: { id: 'approval_1', status: 'pending' } }],
    ]);
    expect(await sendMail()).toMatchObject({ kind: 'notice', subject: 'mail 1' });
    expect(await composeLater(hourMs)).toBeUndefined();
    expect(mails).toHaveLength(1);
  });

  test('a pause is told with its cause, a completion with its proof, a failure with its reason', async () => {
    const { mails, composeLater, start } = await openScene(open);
    await start([pause]);
    await start([complete]);
    await start([fail]);
    await composeLater();
    expect(mails).toMatchObject([
      [
        { kind: 'pause', cause: 'agent', reason: 'They want a deposit.', jorb: { id: 'jorb_1' } },
        { kind: 'fail', jorb: { id: 'jorb_3', reason: 'They are full.' } },
        { kind: 'complete', jorb: { id: 'jorb_2', reason: 'Booked.', evidence: [] } },
      ],
    ]);
  });

  test('a pause at a limit and one after an error are told', async () => {
    const { pipeline, mails, composeLater } = await openScene(open);
    const { store, fence } = pipeline;
    await pipeline.createJorb();
    const turn = await pipeline.openTurn();
    await store.pauseTurn(fence, turn.claimed.id, { cause: 'limit', reason: 'no money' }, pipeline.now);
    await pipeline.createJorb();
    await (await pipeline.openTurn()).fail('no answer', null);
    await composeLater();
    expect(mails).toMatchObject([
      [
        { kind: 'pause', cause: 'limit', reason: 'no money' },
        { kind: 'pause', cause: 'error', reason: 'no answer' },
      ],
    ]);
  });

  test('a budget that is reached is told once under one contract, however often it is tried', async () => {
    const { pipeline, mails, composeLater, start } = await openScene(open);
    const tries = [sendTo('magic', 'one'), sendTo('magic', 'two'), sendTo('magic', 'three')];
    const id = await start(tries, {}, overBudget);
    await composeLater();
    await pipeline.deliver('Still there?');
    await pipeline.takeTurn([sendTo('magic', 'four')], overBudget);
    expect(await composeLater()).toBeUndefined();
    const { contract } = buildNewJorb();
    const narrow = { ...contract, money: { ...contract.money, withoutApproval: 1 } };
    await pipeline.store.steerJorb(id, buildSteering({ contract: narrow }), pipeline.now);
    await pipeline.takeTurn([sendTo('magic', 'five')], overBudget);
    await composeLater();
    const told = { kind: 'budget', refusal: 'only $44.00 of the budget is left' };
    expect(mails).toMatchObject([
      [{ ...told, action: 'action_1', contractVersion: 1 }],
      [{ ...told, action: 'action_5', contractVersion: 2 }],
    ]);
  });

  test('another refusal of the gate is the business of the agent', async () => {
    const { composeLater, start } = await openScene(open);
    await start([sendTo('magic', 'one')], {}, refuse());
    expect(await composeLater(hourMs)).toBeUndefined();
  });

  test('a wider contract that waits for a human is told', async () => {
    const { pipeline, composeLater, kinds } = await openScene(open);
    await pipeline.createJorb({ widening: buildWidening() });
    await composeLater();
    expect(kinds()).toEqual([['approval']]);
  });

  test('each reminder is told once, and those that fell due together are one', async () => {
    const { pipeline, composeLater, start, kinds } = await openScene(open);
    await start([sendTo('magic', 'I take it', { label: 'purchase' })], {}, ask);
    const askedAt = pipeline.now;
    await composeLater();
    const remindAt = async (ms: number) => {
      pipeline.now = askedAt + ms;
      await pipeline.store.remindApprovals(pipeline.fence, pipeline.now);
      await composeLater();
    };
    await remindAt(4 * hourMs);
    expect(kinds()).toEqual([['approval'], ['reminder']]);
    await remindAt(3 * dayMs);
    expect(kinds()).toEqual([['approval'], ['reminder'], ['reminder']]);
  });
}

function describeWanted(open: OpenStore): void {
  test('only what the owner wants of a jorb is told', async () => {
    const { mails, composeLater, start } = await openScene(open);
    await start([complete], { notifyOn: ['fail'] });
    await start([fail], { notifyOn: ['fail'] });
    await start([fail], { notifyOn: [] });
    await start([pause]);
    expect(await composeLater()).toEqual({ mailed: 2, dropped: 2 });
    expect(mails).toMatchObject([
      [
        { kind: 'pause', jorb: { id: 'jorb_4' } },
        { kind: 'fail', jorb: { id: 'jorb_2' } },
      ],
    ]);
  });

  test('a pause at a limit is a matter of the budget, too', async () => {
    const { pipeline, mails, composeLater, start } = await openScene(open);
    const { store, fence } = pipeline;
    for (const notifyOn of [['budget'], ['fail']] as const) {
      await pipeline.createJorb({ notifyOn: [...notifyOn] });
      const { claimed } = await pipeline.openTurn();
      await store.pauseTurn(fence, claimed.id, { cause: 'limit', reason: 'no money' }, pipeline.now);
    }
    await start([pause], { notifyOn: ['budget'] });
    await composeLater();
    expect(mails).toMatchObject([[{ kind: 'pause', jorb: { id: 'jorb_1' } }]]);
  });

  test('what is wanted can be changed, is shown, and is none of the agent’s business', async () => {
    const { pipeline, start } = await openScene(open);
    const { store, now } = pipeline;
    const id = await start([{ kind: 'schedule_wake', at: now + dayMs, reason: 'look again' }]);
    expect(await store.getJorb(id)).toMatchObject({ notifyOn: null });
    await store.steerJorb(id, buildSteering({ notifyOn: ['fail'] }), now);
    expect(await store.getJorb(id)).toMatchObject({ notifyOn: ['fail'] });
    expect(await pipeline.claim()).toBeUndefined();
    const [steered] = (await store.listActivity(id, 0, 50)).filter(({ what }) => what === 'jorb.steered');
    expect(steered).toMatchObject({ after: { notifyOn: ['fail'] } });
    await store.steerJorb(id, buildSteering({ notifyOn: [...noticeKinds] }), now);
    expect(await store.getJorb(id)).toMatchObject({ notifyOn: null });
  });
}
