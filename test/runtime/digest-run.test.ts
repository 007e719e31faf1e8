import { describe, expect, onTestFinished, test } from 'vitest';
import type { Run } from '../../src/domain/schedule.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { buildDigestRun, type DigestRunDeps } from '../../src/runtime/digest-run.ts';
import { ask, sendTo, startPipeline } from '../support/pipeline-driver.ts';
import { openTestStore } from '../support/store.ts';

async function open(change: Partial<DigestRunDeps> = {}) {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  const pipeline = await startPipeline(store);
  const mailer = { kind: 'smtp', target: 'you@example.com by smtp.example.com:587' } as const;
  const deps = { store, mailer, timeZone: () => 'Europe/Berlin', sendsEmptyDigests: false, ...change };
  const carryOut = buildDigestRun(deps, pipeline.fence);
  return { pipeline, store, run: (slot: string) => carryOut(toRun(slot, pipeline.now), pipeline.now) };
}

function toRun(slot: string, now: number): Run {
  return { id: 'run_1', schedule: 'digest', slot, slotAt: now, startedAt: now, attempts: 1 };
}

describe('the run of a digest', () => {
  test('says that nothing happened', async () => {
    const { store, run } = await open();
    expect(await run('2026-11-20T08:00')).toBe('nothing happened and nothing waits: no mail');
    expect(await store.readDigest(null)).toBeUndefined();
  });

  test('queues one mail, and says how many things wait', async () => {
    const { pipeline, store, run } = await open();
    await pipeline.createJorb();
    await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
    expect(await run('2026-11-20T08:00')).toBe('queued, 1 needs you');
    expect(await store.readDigest('2026-11-20')).toMatchObject({
      subject: 'Jorbs daily summary – 2026-11-20 · 1 needs you',
      text: expect.stringContaining('Europe/Berlin time'),
      html: expect.stringContaining('We take it.'),
    });
  });

  test('is done once when it is carried out again after a crash', async () => {
    const { pipeline, store, run } = await open();
    await pipeline.createJorb();
    expect(await run('2026-11-20T08:00')).toBe('queued, nothing needs you');
    pipeline.now += hourMs;
    await pipeline.createJorb();
    expect(await run('2026-11-20T08:00')).toBe('queued, nothing needs you');
    expect(await store.claimMail(pipeline.fence, pipeline.now)).toBeDefined();
    expect(await store.claimMail(pipeline.fence, pipeline.now)).toBeUndefined();
  });

  test('says where it is written without a mail server', async () => {
    const { pipeline, run } = await open({ mailer: { kind: 'folder', target: '/home/owner/jorbs/digests' } });
    await pipeline.createJorb();
    expect(await run('2026-11-20T08:00')).toBe('queued for /home/owner/jorbs/digests, nothing needs you');
  });

  test('is sent about nothing where the owner wants it', async () => {
    const { run } = await open({ sendsEmptyDigests: true });
    expect(await run('2026-11-20T08:00')).toBe('queued, nothing needs you');
  });

  test.each([
    ['at midnight', '2026-11-20T00:00', '2026-11-20'],
    ['where the clock was put forward', '2026-03-29T03:00', '2026-03-29'],
    ['in the hour that comes twice', '2026-10-25T02:30', '2026-10-25'],
  ])('belongs to the date of its slot, however late: %s', async (_, slot, date) => {
    const { pipeline, store, run } = await open();
    await pipeline.createJorb();
    pipeline.now += 3 * dayMs;
    await run(slot);
    expect(await store.listDigests(5)).toMatchObject([{ date }]);
  });
});
