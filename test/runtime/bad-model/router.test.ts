import { describe, expect, test } from 'vitest';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import { modelProviders } from '../../../src/domain/brain.ts';
import { renderInbox } from '../../../src/domain/render/inbox.ts';
import { minuteMs, secondMs } from '../../../src/lib/duration.ts';
import { listInbox } from '../../../src/runtime/owner/list-inbox.ts';
import { expectCounted, expectSentence, readEvents } from '../../support/models/expect-thinking.ts';
import type { Fault } from '../../support/models/fault.ts';
import type { Mind, MindAnswer } from '../../support/models/mind.ts';
import { apiKey, idles, openThinkingWorld, type ThinkingWorld } from '../../support/models/thinking-world.ts';

const route = (jorb: unknown, more: Record<string, unknown> = {}) => ({
  name: 'route_message',
  arguments: { jorb, confidence: 0.95, reason: 'it speaks of a room', ...more },
});
/** Of two errands with one hotel, the rules cannot choose. */
const chooses =
  (answer: Mind): Mind =>
  (seen) =>
    seen.tools.includes('route_message') ? answer(seen) : idles(seen);
const right: MindAnswer = { calls: [route('jorb_2')] };
/** Money enough that no limit of it hides the others. */
const limits = { dayMicros: 1_000_000_000, jorbMicros: 1_000_000_000 };
const unusable = 'the model gave no answer that can be used: ';

async function open(wire: (typeof modelProviders)[number], answer: Mind = () => right) {
  const thinking = await openThinkingWorld(wire, { jorbs: 2, server: { thinks: false }, model: { limits } });
  thinking.think(chooses(answer));
  return thinking;
}

/** It is in the owner's inbox with what the model did, and they give it to its errand themselves. */
async function expectUnmatched(thinking: ThinkingWorld, why: string): Promise<void> {
  const { world } = thinking;
  expect(readEvents(thinking)).toEqual(['unmatched']);
  expect(world.sql('select route_reason from batch')).toEqual([
    { route_reason: `2 open jorbs have this counterparty: jorb_1, jorb_2; ${why}` },
  ]);
  expectSentence(why);
  const inbox = renderInbox(await listInbox(world.otherFace, { limit: 10, offset: 0 }));
  expect(inbox).toContain('We have a room for you.');
  expect(inbox).not.toContain(apiKey);
  expect(world.wire.lines).toEqual([]);
  await expectCounted(thinking);
}

describe.each(modelProviders)('a router of %s that does not choose leaves it to the owner:', (wire) => {
  const answers: [string, MindAnswer, string][] = [
    ['nothing', {}, 'it chose nothing'],
    ['only words', { text: 'It is jorb_1.' }, 'it chose nothing'],
    ['a refusal', { text: 'No.', stop: 'refused' }, 'it refused'],
    ['half an answer', { text: 'It is', stop: 'cut' }, 'it was cut off at its limit'],
    ['half a call', { calls: [{ ...route('jorb_1'), arguments: '{"jo' }] }, 'its choice cannot be read'],
    ['fields of other types', { calls: [route(1, { confidence: 'high' })] }, 'its choice cannot be read'],
    ['a field too many', { calls: [route('jorb_1', { approved: true })] }, 'its choice cannot be read'],
    [
      'an errand that there is not',
      { calls: [route('jorb_77')] },
      'it chose "jorb_77", which is not among those listed',
    ],
    ['two', { calls: [route('jorb_1'), route('jorb_2')] }, 'it chose 2 times'],
    ['another tool', { calls: [{ name: 'send mail', arguments: {} }] }, 'there is no tool "send mail"'],
    [
      'ten megabytes',
      { text: 'x'.repeat(10_000_000) },
      'the model answered with more text than any errand needs',
    ],
  ];

  test.each(answers)('%s', async (_, answer, why) => {
    const thinking = await open(wire, () => answer);
    const asked = thinking.server.requests.length;
    await thinking.hear();
    await expectUnmatched(thinking, `${unusable}${why}`);
    expect(thinking.server.requests).toHaveLength(asked + 2);
    expect(thinking.server.refused).toEqual([]);
  });

  test.each(answers)('%s, unless it mends that when told', async (name, answer) => {
    const box = { isTold: false };
    const thinking = await open(wire, () => {
      if (box.isTold) return right;
      box.isTold = true;
      return answer;
    });
    await thinking.hear();
    expect([name, ...readEvents(thinking)]).toEqual([name, 'handled']);
    expect(thinking.world.sql('select jorb_id from event')).toEqual([{ jorb_id: 2 }]);
    await expectCounted(thinking);
  });

  test('a wrong key, until that is mended', async () => {
    const thinking = await open(wire);
    const wrong: Partial<ModelOptions> = { apiKey: 'sk-wrong-98765432' };
    await thinking.restart(wrong);
    await thinking.hear();
    const { error } = thinking.world.sql('select error from model_call order by id desc limit 1')[0] ?? {};
    expect(error).toContain('does not accept LLM_API_KEY: check it');
    await expectUnmatched(thinking, `the model could not be asked: ${error}`);
    await thinking.restart();
    await thinking.hear('We have another room.');
    expect(readEvents(thinking)).toEqual(['unmatched', 'handled']);
  });

  test('a page in the place of an answer', async () => {
    const thinking = await open(wire);
    thinking.server.faults.push({ kind: 'html' });
    await thinking.hear();
    const { error } = thinking.world.sql('select error from model_call order by id desc limit 1')[0] ?? {};
    expect(error).toMatch(/^LLM_BASE_URL answers, but not as .* does: check the address$/);
    await expectUnmatched(thinking, `the model could not be asked: ${error}`);
  });
});

describe.each(modelProviders)('a router of %s that is down is asked again later:', (wire) => {
  const faults: [string, Fault, number][] = [
    ['at the time that it says', { kind: 'status', status: 429, retryAfter: 120 }, 2 * minuteMs],
    ['when it fails', { kind: 'status', status: 500 }, 15 * secondMs],
    ['when it hangs up', { kind: 'reset' }, 15 * secondMs],
    ['when it breaks off', { kind: 'cut' }, 15 * secondMs],
  ];

  test.each(faults)('%s', async (_, fault, afterMs) => {
    const thinking = await open(wire);
    const { world, server } = thinking;
    server.faults.push(fault);
    await thinking.hear();
    expect(readEvents(thinking)).toEqual(['batched']);
    const asked = server.requests.length;
    await world.crash();
    await world.advance(afterMs - 1);
    expect(server.requests).toHaveLength(asked);
    await world.advance(1);
    expect(readEvents(thinking)).toEqual(['handled']);
    await expectCounted(thinking);
  });
});
