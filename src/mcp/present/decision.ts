import { z } from 'zod';
import type { DecisionRecord } from '../../domain/decision.ts';
import { escapeInvisible, shorten } from '../../lib/text.ts';
import type { Room } from '../fit-answer.ts';
import { known, presentTime } from './fields.ts';

/** `reasoning` and `outcome` are a model's words or repeat them, and third parties may have led it to them. */
export const decisionShape = z.object({
  id: z.string(),
  kind: z.string(),
  jorb_id: z.string().optional(),
  at: z.string(),
  by: z.string(),
  model: z.string().optional(),
  confidence: z.number(),
  reasoning: z.string(),
  after: z.array(z.object({ event_id: z.string(), channel: z.string(), address: z.string() })),
  calls: z.array(
    z.object({ tool: z.string(), outcome: z.string().optional(), is_error: z.boolean().optional() }),
  ),
  actions: z.array(
    z.object({ id: z.string(), kind: z.string(), consequence: z.string(), status: z.string() }),
  ),
  tokens: z.object({ in: z.int(), cached: z.int(), out: z.int() }),
  cost_usd: z.string(),
  duration_ms: z.int(),
  prompt_hash: z.string().optional(),
});

export function presentDecision(decision: DecisionRecord): z.infer<typeof decisionShape> {
  const { inputTokens, cachedTokens, outputTokens, costMicros } = decision;
  return {
    id: decision.id,
    kind: decision.kind,
    at: presentTime(decision.at),
    by: decision.by,
    confidence: decision.confidence,
    reasoning: escapeInvisible(decision.reasoning),
    after: decision.after.map(({ eventId, channel, address }) => ({ event_id: eventId, channel, address })),
    calls: decision.calls.map(({ tool, outcome, isError }) => ({
      tool: escapeInvisible(tool),
      ...known({ outcome: outcome && escapeInvisible(outcome), is_error: isError || null }),
    })),
    actions: decision.actions,
    tokens: { in: inputTokens, cached: cachedTokens, out: outputTokens },
    cost_usd: (costMicros / 1_000_000).toFixed(6),
    duration_ms: decision.durationMs,
    ...known({ jorb_id: decision.jorbId, model: decision.model, prompt_hash: decision.promptHash }),
  };
}

/** The same with its texts and lists cut, where a result has no room for them. */
export function shortenDecision(decision: DecisionRecord, { items, characters }: Room): DecisionRecord {
  return {
    ...decision,
    reasoning: shorten(decision.reasoning, characters),
    calls: decision.calls.slice(0, items).map(({ tool, outcome, isError }) => ({
      tool: shorten(tool, 60),
      outcome: outcome && shorten(outcome, Math.min(characters, 500)),
      isError,
    })),
    actions: decision.actions.slice(0, items),
  };
}
