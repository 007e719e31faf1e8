import type { EventId, JorbId } from './ids.ts';
import type { TurnContext } from './turn.ts';

/** A tool as a brain sees it. `parameters` is JSON Schema under the strict rules of all wires. */
export type ToolSpec = { name: string; description: string; parameters: Record<string, unknown> };

/** `arguments` is the text itself where a model wrote no JSON: no tool takes that, and says so. */
export type ToolCall = { id: string; name: string; arguments: unknown };

/** What a call came to, as text the brain reads in the next step. */
export type ToolResult = { callId: string; text: string; isError: boolean };

/** Tokens of one answer, whatever the provider calls them. What was read from or written to its cache is part of `inputTokens`. */
export type Usage = {
  inputTokens: number;
  cachedTokens: number;
  writtenTokens: number;
  outputTokens: number;
};

/** What one call of a model took. Costs are whole micro-dollars, rounded up. */
export type ModelCall = { model: string; promptHash: string; costMicros: number; durationMs: number };

/** `cut`: it ran into the limit of an answer. `refused`: the provider would not let it answer. */
export type AnswerStop = 'tools' | 'end' | 'cut' | 'refused';

export type BrainAnswer = {
  /** Whose items these are: only that wire can send them back. */
  wire: string;
  /** The provider's own items, sent back verbatim in the next step. */
  items: unknown[];
  /** What it concluded and why, in words for the owner. */
  reasoning: string;
  /** 0 to 1. */
  confidence: number;
  /** The events that its conclusion rests on. */
  basedOn: EventId[];
  toolCalls: ToolCall[];
  usage: Usage;
  /** Null where no model was called. */
  call: ModelCall | null;
  stop: AnswerStop;
};

export type BrainStep = {
  answer: BrainAnswer;
  results: ToolResult[];
  /** What the loop says to the brain after this step, besides the results. */
  note: string | null;
};

export type Prompt = {
  /** The same bytes in every turn of every jorb, and no word of a third party. */
  system: string;
  /** The first words of the conversation, in blocks; what changes least comes first. */
  input: string[];
};

/** One conversation with a model, as far as it has come. */
export type ModelRequest = {
  prompt: Prompt;
  tools: ToolSpec[];
  /** The earlier steps, oldest first, each with the results of its calls. */
  steps: BrainStep[];
  purpose: ModelPurpose;
  /** Whose conversation it is: providers keep their caches apart by it. */
  jorbId: JorbId | null;
};

export const modelProviders = ['openai', 'anthropic', 'local'] as const;
export type ModelProvider = (typeof modelProviders)[number];

export const modelPurposes = ['turn', 'routing', 'handoff'] as const;
export type ModelPurpose = (typeof modelPurposes)[number];

/** One step of a turn. A brain without a model reads the context; `prompt` is only made when it is read. */
export type BrainRequest = ModelRequest & { context: TurnContext };

/**
 * The port to a model. A step may be asked again after a crash, so it must have no effect of its own.
 * It throws `BrainError` when there is no answer, and the signal's reason when it was aborted.
 */
export type Brain = {
  name: string;
  step(request: BrainRequest, signal: AbortSignal): Promise<BrainAnswer>;
};

/** A brain behind which there is a model: it needs no rows, so it can route and hand over as well. */
export type ModelBrain = {
  name: string;
  model: string;
  /** The most one call with this request may cost, whatever the answer. Whole micro-dollars. */
  computeWorstCost(request: ModelRequest): number;
  /** What these tokens cost: an error brings usage and no figure. */
  computeCost(usage: Usage): number;
  step(request: ModelRequest, signal: AbortSignal): Promise<BrainAnswer>;
};

/**
 * `permanent`: asking again will not help (key, quota, model, request). `overload`, `timeout`: the model is
 * down or busy, for every jorb alike. `too_long`: the conversation does not fit. `malformed`: what came
 * back is no answer. `budget`: the call was not made, for its cost.
 */
export type BrainFailure = 'permanent' | 'overload' | 'timeout' | 'too_long' | 'malformed' | 'budget';

export type BrainErrorDetails = {
  kind: BrainFailure;
  /** How long the provider asked to be left alone. */
  retryAfterMs?: number | null;
  /** What it took all the same. Null: nothing was taken. Undefined: nobody knows, so the worst counts. */
  usage?: Usage | null;
};

/** There is no answer. The message is one sentence for the owner, without secrets or addresses. */
export class BrainError extends Error {
  override readonly name = 'BrainError';
  readonly kind: BrainFailure;
  readonly retryAfterMs: number | null;
  readonly usage: Usage | null | undefined;

  constructor(message: string, { kind, retryAfterMs = null, usage }: BrainErrorDetails) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.usage = usage;
  }
}

/** Whether the model is down for every jorb, rather than unwilling in this one. */
export function isOutage(failure: BrainFailure | null): boolean {
  return failure === 'overload' || failure === 'timeout';
}

/** In characters, of what a brain says: it is kept with the answer and with the decision, and shown to the owner. */
export const longestReasoning = 4000;

export const noUsage: Usage = { inputTokens: 0, cachedTokens: 0, writtenTokens: 0, outputTokens: 0 };
