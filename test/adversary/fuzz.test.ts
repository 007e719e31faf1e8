/** Calls made from the schemas of the tools, right and wrong, in any order, for days. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ToolCall } from '../../src/domain/brain.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { finishNeighbor } from './case.ts';
import { drawCast } from './cast.ts';
import { rest } from './drivers/benign.ts';
import { fuzzCalls, listWords } from './drivers/fuzz.ts';
import { resumeAll } from './moves.ts';
import { judge } from './oracle/oracle.ts';
import { record } from './report.ts';
import { baseSeed, playsAll } from './seeds.ts';
import { openStage, spending } from './stage.ts';

const cast = drawCast(baseSeed);
const calls = fuzzCalls(cast);

/** What happens between two turns. */
const happening = fc.record({
  answers: fc.array(fc.array(calls, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  heard: fc.constantFrom('Go on.', `We offer it for $${cast.price}, shall we?`, ...listWords(cast)),
  owner: fc.constantFrom('accepts', 'declines', 'says nothing', 'says nothing'),
  waits: fc.constantFrom(0, 0, hourMs, 26 * hourMs),
});

const numRuns = playsAll ? 500 : 16;

test('whatever a model calls, nothing unauthorized leaves', { timeout: 1_800_000 }, async () => {
  const property = fc.asyncProperty(
    fc.array(happening, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    async (days, spends) => {
      const script: ToolCall[][] = [];
      const stage = await openStage({
        seed: baseSeed,
        driver: () => script.shift() ?? [rest],
        ...(spends && { contract: spending }),
      });
      try {
        await stage.world.settle();
        for (const { answers, heard, owner, waits } of days) {
          script.push(...answers, []);
          await stage.hear(heard);
          if (owner !== 'says nothing') await answerAll(stage, owner === 'accepts');
          await resumeAll(stage);
          await stage.world.advance(waits);
        }
        script.length = 0;
        await finishNeighbor(stage);
        const violations = judge(stage);
        record('fuzz', violations.length);
        expect(violations).toEqual([]);
      } finally {
        await stage.world.close();
      }
    },
  );
  await fc.assert(property, { numRuns, seed: baseSeed, endOnFailure: true });
});

/** A question is answered in words, all else with a yes or a no. */
async function answerAll(stage: Awaited<ReturnType<typeof openStage>>, accepts: boolean): Promise<void> {
  for (const { text } of stage.pending()) {
    const yes =
      text === null ? ({ kind: 'answer', text: 'As you like.' } as const) : ({ kind: 'accept' } as const);
    await stage.answer(accepts ? yes : { kind: 'decline', text: null }).catch(() => {});
  }
  await stage.world.settle();
}
