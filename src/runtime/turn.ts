import { runTurn, type TurnEnding, type TurnHooks } from '../agent/loop.ts';
import type { RenderPrompt } from '../agent/prompts.ts';
import type { AgentTool } from '../agent/tools/define-tool.ts';
import type { Brain } from '../domain/brain.ts';
import { type Fence, StaleEpoch } from '../domain/fence.ts';
import type { EvaluateGate } from '../domain/gate.ts';
import type { Store } from '../domain/store.ts';
import type { ClaimedTurn } from '../domain/turn.ts';
import type { Clock } from '../lib/clock.ts';
import { hourMs, minuteMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildFallback } from './fallback.ts';
import { buildGate } from './gate.ts';
import { limitAnswers } from './limit-answers.ts';
import { meterBrain } from './meter.ts';
import type { ModelDeps } from './model-deps.ts';
import { buildSettlement } from './settlement.ts';
import type { Failpoint, Stage } from './stage.ts';
import { type EndedTurn, writeEnding } from './turn-ending.ts';

export type TurnDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  brain: Brain;
  model: ModelDeps | null;
  random: () => number;
  tools: readonly AgentTool[];
  renderPrompt: RenderPrompt;
  evaluate: EvaluateGate;
  failpoint: Failpoint;
};

/** How long a brain without a model may take for one answer. */
const answerTimeoutMs = 4 * minuteMs;
/** More than an answer may take: a brain that never answers costs its turn a try, and the turn keeps its lease. */
const leaseSpareMs = minuteMs;

/**
 * Runs one turn of the agent. Every answer and every outcome is stored as it comes, so that the turn of
 * a killed process is taken up at the step it had reached.
 */
export function buildTurns(deps: TurnDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, failpoint, model } = deps;
  const leaseMs = findLeaseMs(deps);
  const { settle, settleLeft } = buildSettlement(async ({ turn, ending }: EndedTurn) => {
    await writeEnding(deps, fence, { turn, ending });
    failpoint('turn.settled');
    log.info({ turn: turn.id, jorb: turn.context.jorb.id, ending: ending.kind }, 'turn ended');
  });

  async function runOne(): Promise<boolean> {
    if (await settleLeft()) return true;
    const claimed = await store.claimTurn(fence, leaseMs, clock.now());
    if (claimed === undefined) return false;
    const turn = model === null ? claimed : leaveToFallback(claimed, clock.now());
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
        await store.getNextDueAt(fence, { staleMs: hourMs }, clock.now());
        log.warn('a turn outlived its lease');
        return true;
      }
    },
  };
}

/**
 * What the fallback began it also ends, whoever thinks by now: its messages go back to the model, and would
 * count as handled otherwise. With a model, an answer that called none is the fallback's.
 */
function leaveToFallback(turn: ClaimedTurn, now: number): ClaimedTurn {
  const isBegun = turn.steps.some(({ answer }) => answer.call === null);
  return isBegun ? { ...turn, thinker: { kind: 'fallback', since: now, seen: [] } } : turn;
}

type Run = { fence: Fence; signal: AbortSignal; turn: ClaimedTurn };

/** How long a turn may be without a sign of life. */
export function findLeaseMs({ model }: Pick<TurnDeps, 'model'>): number {
  return (model?.timeoutMs ?? answerTimeoutMs) + leaseSpareMs;
}

async function carryOut(deps: TurnDeps, { fence, signal, turn }: Run): Promise<TurnEnding> {
  const { tools, renderPrompt, log } = deps;
  try {
    const brain = chooseBrain(deps, fence, turn);
    const hooks = buildHooks(deps, fence, { turn, by: brain.name });
    return await runTurn({ turn, brain, tools: [...tools], renderPrompt, hooks, signal });
  } catch (error) {
    if (signal.aborted || error instanceof StaleEpoch) throw error;
    log.error({ err: error, turn: turn.id }, 'turn broke');
    const message = 'an internal error; the log has the details';
    return { kind: 'failed', error: message, mayRetry: true, failure: null };
  }
}

function chooseBrain(deps: TurnDeps, fence: Fence, { id: turnId, thinker }: ClaimedTurn): Brain {
  const { store, clock, random, model } = deps;
  if (model === null) return limitAnswers(deps.brain, answerTimeoutMs, clock);
  const { agent, fallback, limits, timeoutMs } = model;
  if (thinker.kind === 'fallback') {
    return limitAnswers(buildFallback(fallback, thinker), timeoutMs, clock);
  }
  const { isProbe } = thinker;
  const metering = { store, clock, random, fence, limits, turnId, isProbe };
  return meterBrain(limitAnswers(agent, timeoutMs, clock), metering);
}

function buildHooks(
  deps: TurnDeps,
  fence: Fence,
  { turn, by }: { turn: ClaimedTurn; by: string },
): TurnHooks {
  const { store, clock, failpoint } = deps;
  const leaseMs = findLeaseMs(deps);
  const gate = buildGate(deps);
  const stepAt = (position: number) => ({ turnId: turn.id, position, leaseMs });
  return {
    async saveAnswer(position, answer) {
      await store.saveAnswer(fence, stepAt(position), answer, by, clock.now());
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
    isAwaiting: () => store.isJorbAwaiting(turn.id),
  };
}
