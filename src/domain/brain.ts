import type { EventId } from './ids.ts';
import type { TurnContext } from './turn.ts';

/** A tool as a brain sees it. `parameters` is JSON Schema. */
export type ToolSpec = { name: string; description: string; parameters: Record<string, unknown> };

export type ToolCall = { id: string; name: string; arguments: unknown };

/** What a call came to, as text the brain reads in the next step. */
export type ToolResult = { callId: string; text: string; isError: boolean };

/** Tokens of one answer, whatever the provider calls them: `cachedTokens` is part of `inputTokens`. */
export type Usage = { inputTokens: number; cachedTokens: number; outputTokens: number };

export type BrainAnswer = {
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
  stop: 'tools' | 'end';
};

export type BrainStep = { answer: BrainAnswer; results: ToolResult[] };

export type BrainRequest = {
  context: TurnContext;
  tools: ToolSpec[];
  /** The earlier steps of this turn, oldest first, each with the results of its calls. */
  steps: BrainStep[];
};

/**
 * The port to a model. A step may be asked again after a crash, so it must have no effect of its own.
 * It throws `BrainError` when there is no answer, and the signal's reason when it was aborted.
 */
export type Brain = {
  name: string;
  step(request: BrainRequest, signal: AbortSignal): Promise<BrainAnswer>;
};

export class BrainError extends Error {
  override readonly name = 'BrainError';
}
