import {
  type Brain,
  type BrainAnswer,
  BrainError,
  type BrainRequest,
  type BrainStep,
  type ToolCall,
} from '../domain/brain.ts';
import type { ClaimedTurn, Effect, EffectOutcome } from '../domain/turn.ts';
import { lazy } from '../lib/lazy.ts';
import type { RenderPrompt } from './prompts.ts';
import { type AgentTool, toToolSpec } from './tools/define-tool.ts';

/** Where a turn leaves its marks. Each call is durable when it resolves; what they throw passes through the loop. */
export type TurnHooks = {
  saveAnswer(position: number, answer: BrainAnswer): Promise<void>;
  /** Applied again for the same position and call, it changes nothing and gives the first outcome. */
  apply(position: number, call: number, effect: Effect): Promise<EffectOutcome>;
  saveOutcome(position: number, call: number, outcome: EffectOutcome): Promise<void>;
  /** False once the owner stopped, paused or cancelled. */
  isWanted(): Promise<boolean>;
};

export type TurnEnding =
  | { kind: 'finished' }
  | { kind: 'unwanted' }
  | { kind: 'failed'; error: string; mayRetry: boolean };

type TurnRun = {
  turn: ClaimedTurn;
  brain: Brain;
  tools: AgentTool[];
  renderPrompt: RenderPrompt;
  hooks: TurnHooks;
  signal: AbortSignal;
};

export const mostSteps = 50;
export const mostCalls = 32;
/** Steps in a row in which a call went wrong and none went right. */
const mostErrorSteps = 3;

/**
 * Runs one turn to its end, or takes it up where a crash left it: stored answers are not asked for again
 * and stored outcomes are not applied again. Rejects with the signal's reason when it is aborted; the turn
 * can then be taken up later.
 */
export async function runTurn(run: TurnRun): Promise<TurnEnding> {
  const steps: BrainStep[] = [];
  let errorSteps = 0;
  for (let position = 0; position < mostSteps; position++) {
    const answer = await obtainAnswer(run, position, steps);
    if ('kind' in answer) return answer;
    const outcomes = await carryOut(run, position, answer);
    if (outcomes === 'unwanted') return { kind: 'unwanted' };
    if (outcomes.some((outcome) => outcome.endsTurn)) return { kind: 'finished' };
    const hasError = outcomes.some((outcome) => outcome.isError);
    errorSteps = hasError && outcomes.every((outcome) => outcome.isError) ? errorSteps + 1 : 0;
    if (errorSteps >= mostErrorSteps)
      return failTurn(`${errorSteps} steps in a row went wrong: ${lastError(outcomes)}`);
    const isFirstSilence =
      answer.toolCalls.length === 0 && !steps.some(didSomething) && !steps.some(wasSilent);
    steps.push({
      answer,
      results: outcomes.map((outcome, call) => toResult(answer.toolCalls[call], outcome)),
      note: null,
    });
    // An answer without a call that follows no deed may be a slip: the brain is asked once more to conclude.
    if (isFirstSilence || hasError) continue;
    if (answer.stop === 'end' || answer.toolCalls.length === 0) return { kind: 'finished' };
  }
  return failTurn(`it did not come to an end within ${mostSteps} steps`);
}

async function obtainAnswer(
  { turn, brain, tools, renderPrompt, hooks, signal }: TurnRun,
  position: number,
  steps: BrainStep[],
): Promise<BrainAnswer | TurnEnding> {
  const stored = turn.steps[position];
  if (stored) return stored.answer;
  signal.throwIfAborted();
  if (!(await hooks.isWanted())) return { kind: 'unwanted' };
  try {
    const { context } = turn;
    const prompt = lazy(() => renderPrompt(context));
    const request: BrainRequest = {
      context,
      tools: tools.map(toToolSpec),
      steps,
      purpose: 'turn',
      jorbId: context.jorb.id,
      get prompt() {
        return prompt();
      },
    };
    const answer = withinBounds(await brain.step(request, signal));
    signal.throwIfAborted();
    await hooks.saveAnswer(position, answer);
    return answer;
  } catch (error) {
    if (error instanceof BrainError && !signal.aborted)
      return { kind: 'failed', error: error.message, mayRetry: true };
    throw error;
  }
}

/** The outcomes of all calls in order, of which those of an earlier run are taken as they are. */
async function carryOut(
  run: TurnRun,
  position: number,
  answer: BrainAnswer,
): Promise<EffectOutcome[] | 'unwanted'> {
  const outcomes: EffectOutcome[] = [];
  for (const [index, call] of answer.toolCalls.entries()) {
    const stored = run.turn.steps[position]?.outcomes.get(index);
    const hasEnded = outcomes.some((outcome) => outcome.endsTurn);
    const outcome = stored ?? (await carryOutCall(run, { position, index, call, hasEnded }));
    if (outcome === 'unwanted') return outcome;
    outcomes.push(outcome);
  }
  return outcomes;
}

async function carryOutCall(
  { turn, tools, hooks, signal }: TurnRun,
  { position, index, call, hasEnded }: { position: number; index: number; call: ToolCall; hasEnded: boolean },
): Promise<EffectOutcome | 'unwanted'> {
  signal.throwIfAborted();
  if (!hasEnded && !(await hooks.isWanted())) return 'unwanted';
  const prepared = hasEnded
    ? notDone('not done: the turn has ended', false)
    : index >= mostCalls
      ? notDone(`not done: an answer may hold at most ${mostCalls} calls; call again for the rest`, true)
      : prepareCall(call, tools, turn);
  if (prepared.kind !== 'not_done') return hooks.apply(position, index, prepared);
  await hooks.saveOutcome(position, index, prepared.outcome);
  return prepared.outcome;
}

type NotDone = { kind: 'not_done'; outcome: EffectOutcome };

function prepareCall(call: ToolCall, tools: AgentTool[], turn: ClaimedTurn): Effect | NotDone {
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(', ');
    return notDone(`there is no tool "${String(call.name).slice(0, 60)}"; there are ${names}`, true);
  }
  const effect = tool.prepare(call.arguments, turn.context);
  return effect.ok
    ? effect.value
    : notDone(`the arguments of ${tool.name} are not right: ${effect.error}`, true);
}

function notDone(text: string, isError: boolean): NotDone {
  return { kind: 'not_done', outcome: { text, isError, endsTurn: false } };
}

function failTurn(error: string): TurnEnding {
  return { kind: 'failed', error, mayRetry: false };
}

/** A confidence is a number from 0 to 1, whatever a model wrote. */
function withinBounds(answer: BrainAnswer): BrainAnswer {
  const confidence = Math.min(1, Math.max(0, answer.confidence)) || 0;
  return { ...answer, confidence };
}

function didSomething({ results }: BrainStep): boolean {
  return results.some((result) => !result.isError);
}

function wasSilent({ answer }: BrainStep): boolean {
  return answer.toolCalls.length === 0;
}

function lastError(outcomes: EffectOutcome[]): string {
  return outcomes.findLast((outcome) => outcome.isError)?.text ?? '';
}

function toResult(
  call: ToolCall | undefined,
  { text, isError }: EffectOutcome,
): BrainStep['results'][number] {
  return { callId: call?.id ?? '', text, isError };
}
