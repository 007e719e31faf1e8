import { z } from 'zod';
import { err, ok, type Result } from '../lib/result.ts';

/** What models may cost, in whole micro-dollars. */
export type ModelLimits = {
  /** In any 24 hours, over all jorbs and the router. */
  dayMicros: number;
  /** In the life of one jorb. */
  jorbMicros: number;
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
