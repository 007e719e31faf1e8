import { runTurn, type TurnEnding, type TurnHooks } from '../agent/loop.ts';
import type { RenderPrompt } from '../agent/prompts.ts';
import type { AgentTool } from '../agent/tools/define-tool.ts';
import type { Brain } from '../domain/brain.ts';
import type { EvaluateGate } from '../domain/gate.ts';
import { type Fence, StaleEpoch, type Store } from '../domain/store.ts';
import type { ClaimedTurn } from '../domain/turn.ts';
import type { Clock } from '../lib/clock.ts';
import { hourMs, minuteMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildGate } from './gate.ts';
import { limitAnswers } from './limit-answers.ts';
import { buildSettlement } from './settlement.ts';
import type { Failpoint, Stage } from './stage.ts';

export type TurnDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  brain: Brain;
  tools: readonly AgentTool[];
  renderPrompt: RenderPrompt;
  evaluate: EvaluateGate;
  failpoint: Failpoint;
};

const leaseMs = 5 * minuteMs;
/** Less than the lease: a model that never answers costs its turn a try, and the turn keeps its lease. */
const answerTimeoutMs = 4 * minuteMs;
const firstRetryMs = 30 * secondMs;
const longestRetryMs = hourMs;
/** With this failure in a row the jorb pauses with the error, for the owner to see. */
const lastFailure = 5;

/**
 * Runs one turn of the agent. Every answer and every outcome is stored as it comes, so that the turn of
 * a killed process is taken up at the step it had reached.
 */
export function buildTurns(deps: TurnDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, failpoint } = deps;
  const { settle, settleLeft } = buildSettlement(async ({ turn, ending }: EndedTurn) => {
    await writeEnding(store, fence, { turn, ending, now: clock.now() });
    failpoint('turn.settled');
    log.info({ turn: turn.id, jorb: turn.context.jorb.id, ending: ending.kind }, 'turn ended');
  });

  async function runOne(): Promise<boolean> {
    if (await settleLeft()) return true;
    const turn = await store.claimTurn(fence, leaseMs, clock.now());
    if (turn === undefined) return false;
    failpoint('turn.claimed');
    const ending = await carryOut(deps, { fence, signal, turn });
    // Cut short by the end of this process: the turn stays open, and the next runtime takes it up.
    if (signal.aborted && ending.kind !== 'finished') return false;
    failpoint('turn.ended');
    await settle({ turn, ending });
    return true;
  }

  return {
    name: 'turns',
    async tick() {
      if (signal.aborted) return false;
      try {
        return await runOne();
      } catch (error) {
        if (!(error instanceof StaleEpoch)) throw error;
        // A machine that slept may have lost no more than the lease of one turn: this rejects when it lost its place.
        await store.getNextDueAt(fence, { staleMs: longestRetryMs }, clock.now());
        log.warn('a turn outlived its lease');
        return true;
      }
    },
  };
}

type EndedTurn = { turn: ClaimedTurn; ending: TurnEnding };
type Run = { fence: Fence; signal: AbortSignal; turn: ClaimedTurn };

async function carryOut(deps: TurnDeps, { fence, signal, turn }: Run): Promise<TurnEnding> {
  const { tools, renderPrompt, clock, log } = deps;
  try {
    const hooks = buildHooks(deps, fence, turn);
    const brain = limitAnswers(deps.brain, answerTimeoutMs, clock);
    return await runTurn({ turn, brain, tools: [...tools], renderPrompt, hooks, signal });
  } catch (error) {
    if (signal.aborted || error instanceof StaleEpoch) throw error;
    log.error({ err: error, turn: turn.id }, 'turn broke');
    return { kind: 'failed', error: 'an internal error; the log has the details', mayRetry: true };
  }
}

function buildHooks(deps: TurnDeps, fence: Fence, turn: ClaimedTurn): TurnHooks {
  const { store, clock, brain, failpoint } = deps;
  const gate = buildGate(deps);
  const stepAt = (position: number) => ({ turnId: turn.id, position, leaseMs });
  return {
    async saveAnswer(position, answer) {
      await store.saveAnswer(fence, stepAt(position), answer, brain.name, clock.now());
      failpoint('answer.saved');
    },
    async apply(position, call, effect) {
      failpoint('effect.before');
      const outcome = await gate.propose(fence, { step: stepAt(position), call, effect });
      failpoint('effect.applied');
      return outcome;
    },
    async saveOutcome(position, call, outcome) {
      await store.saveOutcome(fence, stepAt(position), call, outcome, clock.now());
      failpoint('outcome.saved');
    },
    isWanted: () => store.isTurnWanted(turn.id),
  };
}

async function writeEnding(
  store: Pick<Store, 'finishTurn' | 'failTurn'>,
  fence: Fence,
  { turn, ending, now }: EndedTurn & { now: number },
): Promise<void> {
  switch (ending.kind) {
    case 'finished':
      return store.finishTurn(fence, turn.id, now);
    case 'unwanted':
      // What it saw is seen again as soon as the owner lets the jorb go on.
      return store.failTurn(fence, turn.id, 'the owner stopped or paused it', now, now);
    case 'failed':
      return store.failTurn(fence, turn.id, ending.error, computeRetryAt(ending, turn.failures, now), now);
  }
}

/** Null: it is not tried again, and the jorb pauses with the error. */
export function computeRetryAt(
  { mayRetry }: { mayRetry: boolean },
  failures: number,
  now: number,
): number | null {
  if (!mayRetry || failures + 1 >= lastFailure) return null;
  return now + Math.min(firstRetryMs * 2 ** failures, longestRetryMs);
}
