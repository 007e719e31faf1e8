import {
  type Brain,
  type BrainAnswer,
  BrainError,
  type BrainFailure,
  type BrainRequest,
  type BrainStep,
  longestReasoning,
  type ToolCall,
} from '../domain/brain.ts';
import type { ClaimedTurn, Effect, EffectOutcome } from '../domain/turn.ts';
import { lazy } from '../lib/lazy.ts';
import { shorten } from '../lib/text.ts';
import { notDone, prepareCall } from './calls.ts';
import { explainStop, observe } from './observe.ts';
import type { RenderPrompt } from './prompts.ts';
import type { AgentTool } from './tools/define-tool.ts';

/** Where a turn leaves its marks. Each call is durable when it resolves; what they throw passes through the loop. */
export type TurnHooks = {
  saveAnswer(position: number, answer: BrainAnswer): Promise<void>;
  /** Applied again for the same position and call, it changes nothing and gives the first outcome. */
  apply(position: number, call: number, effect: Effect): Promise<EffectOutcome>;
  saveOutcome(position: number, call: number, outcome: EffectOutcome): Promise<void>;
  /** False once the owner stopped, paused or cancelled. */
  isWanted(): Promise<boolean>;
  /** Whether something will bring the jorb its next turn, or it runs no more. */
  isAwaiting(): Promise<boolean>;
};

export type TurnEnding =
  | { kind: 'finished' }
  /** Nothing is awaited and the brain, asked to conclude, did not: the jorb pauses with the reason. */
  | { kind: 'stuck'; reason: string }
  | { kind: 'unwanted' }
  | {
      kind: 'failed';
      error: string;
      mayRetry: boolean;
      /** Null: it failed without the brain's doing. */
      failure: BrainFailure | null;
    };

type TurnRun = {
  turn: Pick<ClaimedTurn, 'context' | 'steps'>;
  brain: Brain;
  tools: AgentTool[];
  renderPrompt: RenderPrompt;
  hooks: TurnHooks;
  signal: AbortSignal;
};

export const mostSteps = 50;
export const mostCalls = 32;
/** Input and output of all steps of a turn. */
export const mostTokens = 400_000;
/** Steps in a row in which a call went wrong and none went right. */
const mostErrorSteps = 3;

/**
 * Runs one turn to its end. Each step analyses what is known by now, updates the plan where it has changed,
 * thinks, selects tools, executes their effects and observes what they came to; then the next begins. A turn
 * that a crash cut short is taken up where it was: stored answers are not asked for again, and stored outcomes
 * are not applied again. Rejects with the signal's reason when it is aborted; the turn can be taken up later.
 */
export async function runTurn(run: TurnRun): Promise<TurnEnding> {
  const steps: BrainStep[] = [];
  let errorSteps = 0;
  let isToConclude = false;
  for (let position = 0; position < mostSteps; position++) {
    const answer = await think(run, position, steps);
    if ('kind' in answer) return answer;
    if (answer.stop === 'refused') return failTurn(explainRefusal(answer));
    const outcomes = await execute(run, position, answer);
    if (outcomes === 'unwanted') return { kind: 'unwanted' };
    const observed = observe(answer, outcomes, steps);
    if (observed.next === 'wait') return { kind: 'finished' };
    errorSteps = observed.error === null ? 0 : errorSteps + 1;
    if (errorSteps >= mostErrorSteps)
      return failTurn(`${errorSteps} steps in a row went wrong, the last since ${observed.error}`);
    if (observed.next === 'conclude') {
      // What follows in the rows says that it was asked to go on, whatever is awaited by now.
      const wentOn = run.turn.steps.length > position + 1;
      if (!wentOn && (await run.hooks.isAwaiting())) return { kind: 'finished' };
      if (isToConclude && !wentOn) return { kind: 'stuck', reason: explainStop(steps, answer) };
      isToConclude = true;
    }
    steps.push(observed.step);
  }
  return failTurn(`the agent took ${mostSteps} steps in one turn, the most it may, and came to no end`);
}

/** The answer to all that is known by now: stored before anything is done with it. */
async function think(run: TurnRun, position: number, steps: BrainStep[]): Promise<BrainAnswer | TurnEnding> {
  const { turn, brain, hooks, signal } = run;
  const stored = turn.steps[position];
  if (stored) return stored.answer;
  signal.throwIfAborted();
  if (!(await hooks.isWanted())) return { kind: 'unwanted' };
  const tokens = countTokens(steps);
  if (tokens >= mostTokens) {
    return failTurn(
      `the agent took ${tokens} tokens of the model in one turn, and ${mostTokens} are the most it may`,
    );
  }
  try {
    const answer = withinBounds(await brain.step(analyse(run, steps), signal));
    signal.throwIfAborted();
    await hooks.saveAnswer(position, answer);
    return answer;
  } catch (error) {
    if (!(error instanceof BrainError) || signal.aborted) throw error;
    const { message, kind: failure } = error;
    return { kind: 'failed', error: message, mayRetry: mayHelp[failure], failure };
  }
}

/** Whether the same question may be answered another time. */
const mayHelp: Record<BrainFailure, boolean> = {
  permanent: false,
  overload: true,
  timeout: true,
  too_long: false,
  malformed: true,
  budget: false,
};

function analyse({ turn: { context }, tools, renderPrompt }: TurnRun, steps: BrainStep[]): BrainRequest {
  const prompt = lazy(() => renderPrompt(context));
  return {
    context,
    tools: tools.map(({ spec }) => spec()),
    steps,
    purpose: 'turn',
    jorbId: context.jorb.id,
    get prompt() {
      return prompt();
    },
  };
}

/** The outcomes of all calls in order, of which those of an earlier run are taken as they are. */
async function execute(
  run: TurnRun,
  position: number,
  answer: BrainAnswer,
): Promise<EffectOutcome[] | 'unwanted'> {
  const outcomes: EffectOutcome[] = [];
  for (const [index, call] of answer.toolCalls.entries()) {
    const stored = run.turn.steps[position]?.outcomes.get(index);
    const hasEnded = outcomes.some((outcome) => outcome.endsTurn);
    const outcome = stored ?? (await executeCall(run, { position, index, call, hasEnded }));
    if (outcome === 'unwanted') return outcome;
    outcomes.push(outcome);
  }
  return outcomes;
}

async function executeCall(
  { turn, tools, hooks, signal }: TurnRun,
  { position, index, call, hasEnded }: { position: number; index: number; call: ToolCall; hasEnded: boolean },
): Promise<EffectOutcome | 'unwanted'> {
  signal.throwIfAborted();
  if (!hasEnded && !(await hooks.isWanted())) return 'unwanted';
  const selected = hasEnded
    ? notDone('not done: the turn has ended', false)
    : index >= mostCalls
      ? notDone(`not done: an answer may hold at most ${mostCalls} calls; call again for the rest`, true)
      : prepareCall(call, tools, turn.context);
  if (selected.kind !== 'not_done') return hooks.apply(position, index, selected);
  await hooks.saveOutcome(position, index, selected.outcome);
  return selected.outcome;
}

function failTurn(error: string): TurnEnding {
  return { kind: 'failed', error, mayRetry: false, failure: null };
}

function explainRefusal({ reasoning }: BrainAnswer): string {
  return `the model refused: ${shorten(reasoning.trim(), 500) || 'it gave no reason'}`;
}

function countTokens(steps: readonly BrainStep[]): number {
  return steps.reduce((sum, { answer: { usage } }) => sum + usage.inputTokens + usage.outputTokens, 0);
}

/** A confidence outside the scale, or endless words, are a mistake of the brain and no reason to lose its answer. */
function withinBounds(answer: BrainAnswer): BrainAnswer {
  const confidence = Math.min(1, Math.max(0, answer.confidence)) || 0;
  const words = answer.reasoning.slice(0, 2 * longestReasoning);
  return { ...answer, confidence, reasoning: shorten(words, longestReasoning) };
}
