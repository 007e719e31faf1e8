import { describe, expect, test } from 'vitest';
import { buildRenderPrompt } from '../../src/agent/prompts.ts';
import type { TurnContext } from '../../src/domain/turn.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { loadPrompt } from '../../src/lib/prompt-files.ts';
import { testEpoch } from '../support/clock.ts';
import { packageRoot } from '../support/config.ts';
import { buildErrandContext, buildNewMessage, buildPastMessage } from './errand-context.ts';

const system = loadPrompt(packageRoot, 'agent', []);
const render = buildRenderPrompt(system);
/** What the store gives of a long transcript. */
const mostPast = 60;

/** The turn that answers the n-th message: each turn sends one message and keeps one fact. */
function buildTurn(n: number, length: number): TurnContext {
  const base = buildErrandContext();
  const text = `We have a room. ${'x'.repeat(length)}`;
  const news = buildNewMessage(2 * n, { text, at: testEpoch + 2 * n * minuteMs });
  const past = Array.from({ length: 2 * n }, (_, m) => buildPastMessage(m + 1, { text }));
  return {
    ...base,
    turnId: `turn_${n}`,
    now: testEpoch + (2 * n + 1) * minuteMs,
    newMessages: [news],
    transcript: past.slice(-mostPast),
    older: { messages: Math.max(0, past.length - mostPast), facts: 0 },
    facts: Array.from({ length: n - 1 }, (_, m) => ({
      id: `fact_${m + 1}` as const,
      key: `key ${m + 1}`,
      value: `value ${m + 1}`,
      sourceEventId: `event_${2 * m + 2}` as const,
      at: testEpoch + (2 * m + 2) * minuteMs + 1,
    })),
  };
}

function countShared(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

const join = (context: TurnContext) => [render(context).system, ...render(context).input].join('');

test('a second turn begins with all of the first but what was of that turn', () => {
  for (const n of [1, 2, 5, 9]) {
    const [one, other] = [buildTurn(n, 200), buildTurn(n + 1, 200)];
    const constant = join(one).length - (render(one).input.at(-1)?.length ?? 0);
    // Only the line that ends a quotation of facts may move.
    expect(countShared(join(one), join(other))).toBeGreaterThan(constant - 60);
  }
});

test('blocks that are full stay as they are', () => {
  const [one, other] = [render(buildTurn(14, 200)).input, render(buildTurn(15, 200)).input];
  expect(one.length).toBeGreaterThan(4);
  expect(other.slice(0, one.length - 2)).toEqual(one.slice(0, -2));
});

describe.each([
  ['short', 60],
  ['long', 1500],
  ['far too long', 30_000],
])('over a hundred turns with messages that are %s', (_, length) => {
  const turns = Array.from({ length: 100 }, (__, n) => buildTurn(n + 1, length));
  const prompts = turns.map(join);
  const lasting = turns.map(
    (turn, n) => (prompts[n]?.length ?? 0) - (render(turn).input.at(-1)?.length ?? 0),
  );
  /** Of what is not of the turn alone, the part that stood in the prompt before. */
  const shares = prompts
    .slice(1)
    .map((prompt, n) => countShared(prompts[n] ?? '', prompt) / (lasting[n + 1] ?? 1));

  test('three quarters of what lasts were in the prompt before', () => {
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.75);
  });

  test('the window over the history moves in leaps', () => {
    expect(shares.filter((share) => share < 0.5).length).toBeLessThanOrEqual(100 / 4);
  });

  test('the newest are there', () => {
    for (const n of [1, 30, 31, 32, 99]) {
      const history = render(buildTurn(n, length)).input.slice(1, -1).join('\n');
      expect(history).toContain(`[outbox_${2 * n - 1}]`);
    }
  });
});
