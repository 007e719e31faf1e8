import { describe, expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { mostMailsPerHour } from '../../src/domain/notice.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { accept, answer, onlyPending } from './approval-driver.ts';
import { complete, openScene, overBudget, pause } from './notice-scene.ts';
import { ask, sendTo } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

/** When notices go out, together with which others, and when not at all. */
export function describeNoticeTimes(open: OpenStore): void {
  describe('the time of a notice', () => {
    describeDropped(open);
    describeGathered(open);
  });
}

function describeDropped(open: OpenStore): void {
  test('a question that was answered within the minute is not told', async () => {
    const { pipeline, mails, composeLater, start } = await openScene(open);
    await start([sendTo('magic', 'I take it', { label: 'purchase' })], {}, ask);
    await answer({ pipeline, approval: await onlyPending(pipeline) }, accept);
    expect(await composeLater()).toEqual({ mailed: 0, dropped: 1 });
    expect(mails).toEqual([]);
    expect(await pipeline.store.claimMail(pipeline.fence, pipeline.now)).toBeUndefined();
  });

  test('a jorb that was resumed within the minute is not told of', async () => {
    const { pipeline, composeLater, start } = await openScene(open);
    const id = await start([pause]);
    await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
    expect(await composeLater()).toEqual({ mailed: 0, dropped: 1 });
  });

  test('of two pauses within the minute the one that lasts is told', async () => {
    const { pipeline, mails, composeLater, start } = await openScene(open);
    const id = await start([pause]);
    await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
    await pipeline.takeTurn([{ kind: 'pause', reason: 'They want a name.' }]);
    expect(await composeLater()).toEqual({ mailed: 1, dropped: 1 });
    expect(mails).toMatchObject([[{ kind: 'pause', reason: 'They want a name.' }]]);
  });

  test('a budget that the owner changed within the minute is not told', async () => {
    const { pipeline, composeLater, start } = await openScene(open);
    const id = await start([sendTo('magic', 'one')], {}, overBudget);
    const { contract } = buildNewJorb();
    const wider = { ...contract, money: { ...contract.money, budget: 90_000 } };
    await pipeline.store.steerJorb(id, buildSteering({ contract: wider }), pipeline.now);
    expect(await composeLater()).toEqual({ mailed: 0, dropped: 1 });
  });

  test('what the owner does themselves is not told', async () => {
    const { pipeline, composeLater, start, nextDueAt } = await openScene(open);
    const { store, now } = pipeline;
    const id = await start([]);
    await store.moveJorb(id, 'pause', 'later', now);
    await store.moveJorb(id, 'cancel', null, now);
    await store.stopEverything('holiday', now);
    expect(await nextDueAt()).toBeUndefined();
    expect(await composeLater(hourMs)).toBeUndefined();
  });

  test('without a way to mail everything is dropped, and nothing is due for it any more', async () => {
    const { pipeline, compose, composeLater, start, nextDueAt } = await openScene(open);
    await start([complete]);
    pipeline.now += minuteMs;
    expect(await compose(null)).toEqual({ mailed: 0, dropped: 1 });
    expect(await nextDueAt()).toBeUndefined();
    expect(await composeLater()).toBeUndefined();
  });

  test('what ended a day ago is left to the digest; what still needs the owner is not', async () => {
    const { composeLater, start, kinds } = await openScene(open);
    await start([complete]);
    await start([pause]);
    expect(await composeLater(dayMs + 1)).toEqual({ mailed: 1, dropped: 1 });
    expect(kinds()).toEqual([['pause']]);
  });

  test('a question and its reminder that nobody was told of are one', async () => {
    const { pipeline, compose, start, kinds } = await openScene(open);
    await start([sendTo('magic', 'I take it', { label: 'purchase' })], {}, ask);
    pipeline.now += 5 * hourMs;
    await pipeline.store.remindApprovals(pipeline.fence, pipeline.now);
    expect(await compose()).toEqual({ mailed: 2, dropped: 0 });
    expect(kinds()).toEqual([['approval']]);
  });
}

function describeGathered(open: OpenStore): void {
  test('what happens within a minute of the first goes into one mail, first what needs the owner', async () => {
    const { pipeline, composeLater, start, kinds } = await openScene(open);
    await start([complete]);
    pipeline.now += minuteMs - 1;
    await start([sendTo('magic', 'I take it', { label: 'purchase' })], {}, ask);
    expect(await composeLater(1)).toEqual({ mailed: 2, dropped: 0 });
    expect(kinds()).toEqual([['approval', 'complete']]);
  });

  test('after so many mails in an hour the rest waits and goes together, and nothing is lost', async () => {
    const { pipeline, mails, composeLater, start, nextDueAt, sendMail } = await openScene(open);
    const beganAt = pipeline.now;
    for (let index = 0; index < mostMailsPerHour; index++) {
      await start([pause]);
      expect(await composeLater()).toEqual({ mailed: 1, dropped: 0 });
      await sendMail();
    }
    for (let index = 0; index < 5; index++) await start([pause]);
    expect(await composeLater()).toBeUndefined();
    const roomAt = beganAt + minuteMs + hourMs;
    expect(await nextDueAt()).toBe(roomAt);
    expect(await composeLater(roomAt - 1 - pipeline.now)).toBeUndefined();
    expect(await composeLater(1)).toEqual({ mailed: 5, dropped: 0 });
    const told = mails.flat().map(({ jorb }) => jorb.id);
    expect(told).toHaveLength(mostMailsPerHour + 5);
    expect(new Set(told).size).toBe(told.length);
  });

  test('a clock that is set back holds nothing up', async () => {
    const { pipeline, compose, start, nextDueAt } = await openScene(open);
    await start([pause]);
    pipeline.now -= dayMs;
    expect(await nextDueAt()).toBe(pipeline.now);
    expect(await compose()).toEqual({ mailed: 1, dropped: 0 });
  });

  test('the stop switch holds no notice: it is how the owner hears of it', async () => {
    const { pipeline, composeLater, start, nextDueAt } = await openScene(open);
    await start([pause]);
    await pipeline.store.stopEverything(null, pipeline.now);
    expect(await nextDueAt()).toBe(pipeline.now + minuteMs);
    expect(await composeLater()).toEqual({ mailed: 1, dropped: 0 });
  });

  test('a runtime that lost its place tells nothing', async () => {
    const { pipeline, mails, composeLater, start } = await openScene(open);
    await start([pause]);
    await pipeline.store.raiseEpoch('other', pipeline.now);
    await expect(composeLater()).rejects.toBeInstanceOf(StaleEpoch);
    expect(mails).toEqual([]);
  });

  test('a mail that cannot be rendered leaves everything as it was', async () => {
    const { pipeline, compose, start } = await openScene(open);
    await start([pause]);
    pipeline.now += minuteMs;
    const broken = () => {
      throw new Error('broken');
    };
    await expect(compose(broken)).rejects.toThrow('broken');
    expect(await compose()).toEqual({ mailed: 1, dropped: 0 });
  });
}
