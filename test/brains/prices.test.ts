import { describe, expect, test } from 'vitest';
import { loadPrices, type PriceQuestion } from '../../src/brains/prices.ts';
import { noUsage, type Usage } from '../../src/domain/brain.ts';

/** What the tokens cost, or the sentence that says why nobody knows. */
async function price(question: Partial<PriceQuestion>, usage: Partial<Usage> = {}): Promise<number | string> {
  const prices = await loadPrices({ provider: 'openai', model: 'none', configured: {}, ...question });
  return prices.ok ? prices.value({ ...noUsage, ...usage }) : prices.error;
}

const million = 1_000_000;
const opus = { provider: 'anthropic', model: 'claude-opus-5-5' } as const;

describe('a model of the list', () => {
  test.each<[Partial<Usage>, number]>([
    [{ inputTokens: million }, 4_000_000],
    [{ outputTokens: million }, 20_000_000],
    [{ inputTokens: million, cachedTokens: million }, 200_000],
    [{ inputTokens: million, writtenTokens: million }, 5_000_000],
    // 2 × 4 + 3 × 0.2 + 5 × 5 + 7 × 20
    [{ inputTokens: 10, cachedTokens: 3, writtenTokens: 5, outputTokens: 7 }, 174],
    [{}, 0],
  ])('costs what its provider takes for %j', async (usage, micros) => {
    expect(await price(opus, usage)).toBe(micros);
  });

  test('costs a whole micro-dollar for a part of one, and not more for a whole one', async () => {
    expect(await price({ model: 'gpt-6-luna' }, { inputTokens: 1 })).toBe(1);
    expect(await price({ model: 'gpt-6-luna' }, { inputTokens: 10 })).toBe(1);
    expect(await price(opus, { outputTokens: 51 })).toBe(1020);
  });

  test('costs more where its prompt is so long that its provider takes more', async () => {
    expect(await price({ model: 'gpt-6-luna' }, { inputTokens: 100_000 })).toBe(10_000);
    expect(await price({ model: 'gpt-6-luna' }, { inputTokens: 400_000 })).toBe(80_000);
  });

  test('never costs less because more was counted from its cache than it was given', async () => {
    expect(await price(opus, { inputTokens: 10, cachedTokens: 30, writtenTokens: 30 })).toBe(2);
  });
});

describe('a model that the list does not know', () => {
  test.each<Partial<PriceQuestion>>([
    // The list would answer with claude-sonnet-5.
    { provider: 'anthropic', model: 'claude-sonnet-5-5' },
    { provider: 'anthropic', model: 'claude-haiku-5-5' },
    { provider: 'openai', model: 'gpt-6.1-sol' },
    { provider: 'openai', model: 'gpt-6-luna-2026-09-01' },
    { provider: 'openai', model: 'claude-opus-5-5' },
    // In the list, and priced at nothing for what we take.
    { provider: 'openai', model: 'whisper-1' },
    { provider: 'openai', model: 'text-embedding-3-small' },
    { provider: 'openai', model: 'constructor' },
  ])('is refused with what to do: %j', async (question) => {
    const sentence = await price(question);
    expect(sentence).toContain(`the price of ${question.model} is not known; set MODEL_PRICES`);
    expect(sentence).toContain(`{"${question.model}":{"in":1,"out":5`);
  });

  test('on a server of the owner is free', async () => {
    expect(await price({ provider: 'local', model: 'qwen' }, { outputTokens: million })).toBe(0);
  });
});

describe('a price of the owner', () => {
  const configured = {
    'claude-opus-5-5': { in: 1, out: 2, cacheRead: 0.1, cacheWrite: 1.25 },
    qwen: { in: 0.5, out: 0.5, cacheRead: 0.5, cacheWrite: 0.5 },
  };

  test('goes before the list, with what was read from and written to the cache at its own price', async () => {
    const usage = { inputTokens: 1000, cachedTokens: 400, writtenTokens: 200, outputTokens: 100 };
    expect(await price({ ...opus, configured }, usage)).toBe(400 + 40 + 250 + 200);
  });

  test('makes a server of the owner cost something', async () => {
    expect(await price({ provider: 'local', model: 'qwen', configured }, { outputTokens: 3 })).toBe(2);
  });

  test('is for its model alone', async () => {
    expect(await price({ model: 'gpt-7', configured })).toContain('is not known');
  });
});
