import { z } from 'zod';
import { err, ok, type Result } from '../lib/result.ts';
import type { ModelPurpose, Usage } from './brain.ts';
import type { Fence } from './fence.ts';
import type { JorbId, ModelCallId, TurnId } from './ids.ts';
import type { NewOutage, Outage } from './outage.ts';

/** What models may cost, in whole micro-dollars. */
export type ModelLimits = {
  /** In any 24 hours, over all jorbs and the router. */
  dayMicros: number;
  /** In the life of one jorb. */
  jorbMicros: number;
};

/** Half of the day's money: strangers decide how much is routed, and must leave the jorbs something to think with. */
export function computeRoutingLimit({ dayMicros }: ModelLimits): number {
  return Math.floor(dayMicros / 2);
}

/** One call of a model, before it is made. */
export type NewModelCall = {
  purpose: ModelPurpose;
  jorbId: JorbId | null;
  turnId: TurnId | null;
  model: string;
  worstMicros: number;
  limits: ModelLimits;
};

/** `spentMicros` is what counts towards the limit without this call. */
export type ModelReservation =
  | { kind: 'reserved'; id: ModelCallId }
  | { kind: 'refused'; limit: 'day' | 'jorb' | 'routing'; spentMicros: number; limitMicros: number };

/** As of an answer or a `BrainError`: null took nothing, undefined is unknown. */
export type ModelCallEnd = { usage: Usage | null | undefined; costMicros: number; error: string | null };

export type ModelUse = {
  calls: number;
  costMicros: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
};

export const noModelUse: ModelUse = {
  calls: 0,
  costMicros: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
};

/** What models took: of one jorb in its whole life, or of everything in the last 24 hours. */
export type ModelSpend = ModelUse & {
  /** In the last 24 hours, over all jorbs and the router. */
  dayMicros: number;
  /** The dearest first. */
  models: (ModelUse & { model: string })[];
};

/** US dollars per million tokens. */
export type ModelPrice = { in: number; out: number; cacheRead: number; cacheWrite: number };

/** By the exact name of the model. */
export type ConfiguredPrices = Record<string, ModelPrice>;

const dollars = z.number().min(0).max(100_000);
const priceSchema = z.strictObject({
  in: dollars,
  out: dollars,
  cacheRead: dollars.optional(),
  cacheWrite: dollars.optional(),
});
const example = '{"model-name": {"in": 1, "out": 5, "cacheRead": 0.1, "cacheWrite": 1.25}}';

/** Reads `MODEL_PRICES`. Without a price of its own, a cached token costs what any other does. */
export function parsePrices(text: string): Result<ConfiguredPrices, string> {
  try {
    const read = z.record(z.string().min(1), priceSchema).parse(JSON.parse(text));
    const prices = Object.entries(read).map(([model, price]) => [
      model,
      { ...price, cacheRead: price.cacheRead ?? price.in, cacheWrite: price.cacheWrite ?? price.in },
    ]);
    return ok(Object.fromEntries(prices));
  } catch {
    return err(`JSON with US dollars per million tokens such as ${example}`);
  }
}

export type ModelStore = {
  /**
   * Sets the worst that a call may cost aside, unless that would pass a limit: one statement sums and
   * inserts. What was set aside counts until it is settled, so a call whose process died counts for ever.
   */
  reserveModelCall(fence: Fence, call: NewModelCall, now: number): Promise<ModelReservation>;
  /** Without usage the worst stays counted; null, and it cost nothing. */
  settleModelCall(fence: Fence, id: ModelCallId, end: ModelCallEnd, now: number): Promise<void>;
  readModelSpend(filter: { jorbId: JorbId | null }, now: number): Promise<ModelSpend>;
  /** Null: the model answers, as far as anybody knows. */
  readOutage(): Promise<Outage | null>;
  /** The model did not answer. What waits for it waits on until the next try. */
  noteOutage(fence: Fence, failure: NewOutage, now: number): Promise<Outage>;
  /** The model answers again, and what waited for it is due. Without an outage it does nothing. */
  endOutage(fence: Fence, now: number): Promise<void>;
  /** The fallback takes over; what waits for the model is due for it to look at. Once in an outage. */
  noteFallback(fence: Fence, now: number): Promise<void>;
};
