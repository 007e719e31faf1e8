import type { ClaimedHandoff, HandoffDraft, ResetOutcome } from '../../src/domain/handoff.ts';
import type { HandoffId, JorbId, RunId } from '../../src/domain/ids.ts';
import type { Effect } from '../../src/domain/turn.ts';
import { findLastRun, findNextRun, formatSlot } from '../../src/lib/cron.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { startPipeline } from './pipeline-driver.ts';
import { buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

export const calendar = { findNext: findNextRun, findLast: findLastRun, formatSlot };
export const leaseMs = 5 * minuteMs;

export const emptyDraft: HandoffDraft = {
  status: 'They are asked.',
  done: [],
  openQuestions: [],
  promises: [],
  approvals: [],
  facts: [],
  decisions: [],
  nextSteps: [],
  learnings: [],
};

export const promiseToCall = (text = 'to call', dueAt: number | null = testEpoch + 5 * dayMs): Effect => ({
  kind: 'record_promise',
  promise: { kind: 'made', by: 'them', with: 'magic', text, dueAt, sourceEventId: null },
});

export async function startHandoffs(open: OpenStore) {
  const pipeline = await startPipeline(await open());
  const { store } = pipeline;
  await store.keepSchedules(
    pipeline.fence,
    [{ name: 'handoff', cron: '30 4 * * *', timeZone: 'UTC' }],
    calendar,
    pipeline.now,
  );
  const harness = {
    pipeline,
    store,
    begin: (run: RunId, days = 3): Promise<ResetOutcome> =>
      store.beginReset(pipeline.fence, { run, days, timeZone: 'UTC' }, pipeline.now),
    /** Lets days pass, and looks as the schedule does. */
    async look(days = 3): Promise<ResetOutcome> {
      pipeline.now += days * dayMs;
      const run = await store.claimRun(pipeline.fence, calendar, pipeline.now);
      if (!run) throw new Error('no run is due');
      const outcome = await harness.begin(run.id);
      await store.finishRun(pipeline.fence, run.id, 'looked', pipeline.now);
      return outcome;
    },
    claim: () => store.claimHandoff(pipeline.fence, leaseMs, pipeline.now),
    async mustClaim(): Promise<ClaimedHandoff> {
      const claimed = await harness.claim();
      if (!claimed) throw new Error('no handoff is due');
      return claimed;
    },
    accept: (id: HandoffId, draft: Partial<HandoffDraft> = {}, repair = false) =>
      store.acceptHandoff(
        pipeline.fence,
        id,
        { draft: { ...emptyDraft, ...draft }, by: 'openai', repair },
        pipeline.now,
      ),
    fail: (id: HandoffId, retryAt: number | null) =>
      store.failHandoff(pipeline.fence, id, 'it said nothing', retryAt, pipeline.now),
    /** What the next turn of the jorb would begin with: taken in a turn that is then put aside. */
    async readContext(jorbId: JorbId) {
      const { status } = (await store.getJorb(jorbId))?.jorb ?? {};
      if (status === 'paused') await store.moveJorb(jorbId, 'resume', null, pipeline.now);
      await store.steerJorb(jorbId, buildSteering({ guidance: 'Go on.' }), pipeline.now);
      const turn = await pipeline.openTurn();
      await turn.finish();
      return turn.claimed.context;
    },
    nextDueAt: () => store.getNextDueAt(pipeline.fence, { staleMs: 1e12 }, pipeline.now),
    async raise() {
      pipeline.fence = await store.raiseEpoch('next', pipeline.now);
    },
    async listNotes(jorbId: JorbId) {
      const entries = await store.listActivity(jorbId, 0, 1000);
      return entries.map(({ what }) => what).filter((what) => what.startsWith('handoff.'));
    },
  };
  return harness;
}
