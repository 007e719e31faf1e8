import { describe, expect, test } from 'vitest';
import type { Phase } from '../../src/domain/jorb.ts';
import type { Effect } from '../../src/domain/turn.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { startPipeline } from './pipeline-driver.ts';
import { buildNewJorb } from './store.ts';
import type { OpenStore } from './store-suite.ts';

/** What the agent does to its own jorb. */
export function describeMemory(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describe('what the agent does to its own jorb', () => {
    test('ends it with the evidence that exists and is its own', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const mine = await pipeline.deliver('booked, number 7');
      const foreign = await pipeline.deliver('booked', { from: 'stranger' });
      const evidence = [mine.id, foreign.id, 'event_99', mine.id] as const;
      const [outcome] = await pipeline.takeTurn([
        { kind: 'complete', outcome: 'Booked.', evidence: [...evidence] },
      ]);
      expect(outcome).toMatchObject({ isError: false, endsTurn: true });
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        status: 'complete',
        reason: 'Booked.',
        evidence: [mine.id],
      });
    });

    test('pauses and fails it with a reason', async () => {
      const pipeline = await start();
      const paused = await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'pause', reason: 'nobody answers' }]);
      expect((await pipeline.store.getJorb(paused))?.jorb).toMatchObject({
        pauseCause: 'agent',
        reason: 'nobody answers',
      });
      const failed = await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'fail', reason: 'it is impossible' }]);
      expect((await pipeline.store.getJorb(failed))?.jorb).toMatchObject({ status: 'failed' });
    });

    test('does nothing to one that the owner has ended meanwhile', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
      for (const effect of [
        { kind: 'complete', outcome: 'Booked.', evidence: [] },
        { kind: 'pause', reason: 'I wait' },
        { kind: 'store_data', key: 'price', value: '289', sourceEventId: null },
        { kind: 'schedule_wake', at: pipeline.now + dayMs, reason: 'look' },
        { kind: 'advance_phase' },
      ] as const) {
        const outcome = await turn.apply(effect.kind === 'complete' ? { ...effect, evidence: [] } : effect);
        expect(outcome.isError).toBe(true);
      }
      expect(await pipeline.store.getJorb(id)).toMatchObject({
        jorb: { status: 'cancelled', wakeAt: null },
        facts: [],
      });
    });

    test('keeps facts within bounds, from its own messages only', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const foreign = await pipeline.deliver('hello', { from: 'stranger' });
      const fact = { kind: 'store_data', key: 'price', value: '289', sourceEventId: null } as const;
      const outcomes = await pipeline.takeTurn([
        { ...fact, key: ' ' },
        { ...fact, key: 'k'.repeat(121) },
        { ...fact, value: '' },
        { ...fact, value: 'v'.repeat(4001) },
        { ...fact, sourceEventId: foreign.id },
        { ...fact, key: ' price ' },
      ]);
      expect(outcomes.map(({ isError }) => isError)).toEqual([true, true, true, true, true, false]);
      expect((await pipeline.store.getJorb(id))?.facts).toMatchObject([{ key: 'price', value: '289' }]);
    });

    test('advances phase by phase, up to the last', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const advance = { kind: 'advance_phase' } as const;
      const outcomes = await pipeline.takeTurn([advance, advance, advance]);
      expect(outcomes.map(({ text }) => text)).toEqual([
        '"Book" is the active phase now',
        'every phase is done',
        'every phase is done',
      ]);
      expect(outcomes.map(({ isError }) => isError)).toEqual([false, false, true]);
      expect((await pipeline.store.getJorb(id))?.phases.map(({ status }) => status)).toEqual([
        'done',
        'done',
      ]);
    });

    test('mends the plan, but for what is done', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb({ phases: ['Ask', 'Compare', 'Book'] });
      const phases = (...list: [string, Phase['status']][]): Effect => ({
        kind: 'update_plan',
        phases: list.map(([title, status]) => ({ title, status })),
      });
      const outcomes = await pipeline.takeTurn([
        { kind: 'advance_phase' },
        phases(['Compare', 'active'], ['Book', 'pending']),
        phases(['Ask', 'done'], ['Compare', 'done'], ['Book', 'active']),
        phases(['Ask', 'done'], ['Compare', 'active'], ['Book', 'active']),
        phases(['Compare', 'pending'], ['Ask', 'done']),
        phases(['Ask', 'done'], ['Book', 'pending'], ['Compare', 'active']),
        phases(['Ask', 'done'], ['', 'active']),
        phases(['Ask', 'done'], ['x'.repeat(201), 'active']),
        phases(
          ['Ask', 'done'],
          ...Array.from({ length: 20 }, (): [string, Phase['status']] => ['more', 'pending']),
        ),
        phases(['Ask', 'done'], [' Haggle ', 'pending'], ['Book', 'pending']),
      ]);
      expect(outcomes.map(({ isError }) => isError)).toEqual([false, ...Array(8).fill(true), false]);
      expect(outcomes[1]?.text).toContain('done so far: "Ask"');
      const detail = await pipeline.store.getJorb(id);
      expect(detail?.phases).toEqual([
        { title: 'Ask', status: 'done' },
        { title: 'Haggle', status: 'active' },
        { title: 'Book', status: 'pending' },
      ]);
      expect(detail?.jorb.plan).toBe(buildNewJorb().plan);
    });

    test('sets one wake, neither at once nor beyond a year, the newest replacing the others', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const wake = (ms: number) =>
        ({ kind: 'schedule_wake', at: pipeline.now + ms, reason: 'look' }) as const;
      const wakeAt = async () => ((await pipeline.store.getJorb(id))?.jorb.wakeAt ?? 0) - pipeline.now;
      const turn = await pipeline.openTurn();
      await turn.apply(wake(-5));
      expect(await wakeAt()).toBe(minuteMs);
      expect((await turn.apply(wake(400 * dayMs))).isError).toBe(true);
      expect((await turn.apply(wake(Number.NaN))).isError).toBe(true);
      await turn.apply(wake(dayMs));
      expect(await wakeAt()).toBe(dayMs);
    });

    test('may follow up as soon as the contract lets it', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb({ contract: { ...buildNewJorb().contract, followUpMs: 2000 } });
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: pipeline.now + 1, reason: 'look' }]);
      expect((await pipeline.store.getJorb(id))?.jorb.wakeAt).toBe(pipeline.now + 2000);
    });
  });
}
