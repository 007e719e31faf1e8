import type { calcPrice } from '@pydantic/genai-prices';
import { type ModelProvider, noUsage, type Usage } from '../domain/brain.ts';
import type { ConfiguredPrices, ModelPrice } from '../domain/model-money.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ComputeCost } from './model/options.ts';

export type PriceQuestion = { provider: ModelProvider; model: string; configured: ConfiguredPrices };

type CalcPrice = typeof calcPrice;

/**
 * What a call of the model costs. The owner's figures come first. The list that comes with the program is
 * only believed for exactly this name: for a model that it does not know it answers with a relative, silently.
 * The error is a sentence for the owner.
 */
export async function loadPrices({
  provider,
  model,
  configured,
}: PriceQuestion): Promise<Result<ComputeCost, string>> {
  const own = Object.hasOwn(configured, model) ? configured[model] : undefined;
  if (own) return ok((usage) => computeConfigured(own, withinInput(usage)));
  if (provider === 'local') return ok(() => 0);
  // Half a megabyte of prices, and nothing of it when the owner has their own.
  const { calcPrice: calc } = await import('@pydantic/genai-prices');
  const isListed = [{ inputTokens: 1000 }, { outputTokens: 1000 }].every(
    (tokens) => (priceListed(calc, { provider, model }, { ...noUsage, ...tokens }) ?? 0) > 0,
  );
  if (!isListed) return err(explainMissing(model));
  return ok((usage) => {
    const cost = priceListed(calc, { provider, model }, withinInput(usage));
    if (cost === undefined) throw new Error(`${model} has lost its price`);
    return cost;
  });
}

/** Undefined where the list has no price for exactly this model. */
function priceListed(
  calc: CalcPrice,
  { provider, model }: Pick<PriceQuestion, 'provider' | 'model'>,
  { inputTokens, cachedTokens, writtenTokens, outputTokens }: Usage,
): number | undefined {
  const tokens = {
    input_tokens: inputTokens,
    cache_read_tokens: cachedTokens,
    cache_write_tokens: writtenTokens,
    output_tokens: outputTokens,
  };
  const price = calc(tokens, model, { providerId: provider });
  return price?.model.id === model ? roundUp(price.total_price * 1_000_000) : undefined;
}

/** A dollar for a million tokens is a micro-dollar for one. */
function computeConfigured(price: ModelPrice, usage: Usage): number {
  const { inputTokens, cachedTokens, writtenTokens, outputTokens } = usage;
  return roundUp(
    (inputTokens - cachedTokens - writtenTokens) * price.in +
      cachedTokens * price.cacheRead +
      writtenTokens * price.cacheWrite +
      outputTokens * price.out,
  );
}

/** To whole micro-dollars; what is only an error of binary fractions is none. */
function roundUp(micros: number): number {
  return Math.ceil(Number(micros.toFixed(6)));
}

/** A provider that counts more from its cache than it was given must not make a call cheaper, or break it. */
function withinInput({ inputTokens, cachedTokens, writtenTokens, outputTokens }: Usage): Usage {
  const cached = Math.min(cachedTokens, inputTokens);
  return {
    inputTokens,
    cachedTokens: cached,
    writtenTokens: Math.min(writtenTokens, inputTokens - cached),
    outputTokens,
  };
}

function explainMissing(model: string): string {
  const example = JSON.stringify({ [model]: { in: 1, out: 5, cacheRead: 0.1, cacheWrite: 1.25 } });
  return `the price of ${model} is not known; set MODEL_PRICES to what it costs in US dollars per million tokens, such as ${example}`;
}
