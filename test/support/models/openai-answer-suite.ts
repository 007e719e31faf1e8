import { expect, test } from 'vitest';
import type { BrainAnswer } from '../../../src/domain/brain.ts';
import type { Mind } from './mind.ts';
import { buildModelRequest, continueRequest } from './model-request.ts';
import type { Opened } from './openai-brains.ts';

const message = {
  name: 'send_message',
  arguments: { to: 'loopback:magic', text: 'Is a room free?', confidence: 0.8, based_on: 'event_3' },
};
const pause = { name: 'pause', arguments: { reason: 'for the owner' } };

/** An answer of another brain. */
const foreign: BrainAnswer = {
  wire: 'rules',
  items: [{ odd: true }],
  reasoning: 'Two things are to be said.',
  confidence: 1,
  basedOn: [],
  toolCalls: [
    { id: 'call-pause', name: 'pause', arguments: { reason: 'a' } },
    { id: 'call-pause', name: 'pause', arguments: '{"reason": b' },
  ],
  usage: { inputTokens: 0, cachedTokens: 0, writtenTokens: 0, outputTokens: 0 },
  call: null,
  stop: 'tools',
};

/** What an answer becomes and what of it is told again, for both of OpenAI's wires. */
export function describeAnswers(open: (mind: Mind) => Promise<Opened>): void {
  test('an answer with words and calls', async () => {
    const { brain, ask } = await open(() => ({ text: 'I ask the hotel.', calls: [message, pause] }));
    const { reasoning, confidence, basedOn, toolCalls, stop, call, wire } = await ask();
    expect({ reasoning, confidence, basedOn, stop, wire }).toEqual({
      reasoning: 'I ask the hotel.',
      confidence: 0.8,
      basedOn: ['event_3'],
      stop: 'tools',
      wire: brain.name,
    });
    expect(toolCalls.map(({ id: _, ...rest }) => rest)).toEqual([message, pause]);
    expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2);
    expect(call).toMatchObject({ model: 'model-1', promptHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('an answer with words alone, and one with nothing, are ends', async () => {
    const { ask } = await open(({ steps }) => (steps.length === 0 ? { text: 'All is said.' } : {}));
    const first = await ask();
    expect(first).toMatchObject({ reasoning: 'All is said.', stop: 'end', toolCalls: [] });
    const { steps } = continueRequest(buildModelRequest(), first, { note: 'Conclude.' });
    const second = await ask({ steps });
    expect(second).toMatchObject({ reasoning: '', stop: 'end', toolCalls: [] });
    expect(second.usage.inputTokens).toBeGreaterThan(0);
  });

  test('a silence can be continued', async () => {
    const { server, ask } = await open(() => ({}));
    const { steps } = continueRequest(buildModelRequest(), await ask(), { note: 'Conclude.' });
    await ask({ steps });
    expect(server.refused).toEqual([]);
    expect(server.seen.at(-1)?.steps).toEqual([{ calls: [], results: [], note: 'Conclude.' }]);
  });

  test('broken arguments are kept as they are, counted, and the conversation goes on', async () => {
    const { server, ask } = await open(() => ({ calls: [{ name: 'pause', arguments: '{"reason": "for' }] }));
    const answer = await ask();
    expect(answer.toolCalls).toMatchObject([{ name: 'pause', arguments: '{"reason": "for' }]);
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
    expect(answer.stop).toBe('tools');
    const { steps } = continueRequest(buildModelRequest(), answer, { result: 'no JSON', isError: true });
    await ask({ steps });
    expect(server.refused).toEqual([]);
    expect(server.seen.at(-1)?.steps[0]?.results).toMatchObject([{ text: 'error: no JSON' }]);
  });

  test.each(['null', '[1]', '"x"', '7'])(
    'arguments that are JSON but no object reach the tool: %s',
    async (given) => {
      const { server, ask } = await open(() => ({ calls: [{ name: 'pause', arguments: given }] }));
      const answer = await ask();
      expect(answer.toolCalls).toMatchObject([{ arguments: JSON.parse(given) }]);
      await ask({ steps: continueRequest(buildModelRequest(), answer).steps });
      expect(server.refused).toEqual([]);
    },
  );

  test('no arguments at all are none', async () => {
    const { ask } = await open(() => ({ calls: [{ name: 'pause', arguments: '' }] }));
    expect((await ask()).toolCalls).toMatchObject([{ arguments: {} }]);
  });

  test('a refusal is told in its own words', async () => {
    const { server, ask } = await open(() => ({ text: 'I will not do that.', stop: 'refused' }));
    const answer = await ask();
    expect(answer).toMatchObject({ reasoning: 'I will not do that.', stop: 'refused', toolCalls: [] });
    await ask({ steps: continueRequest(buildModelRequest(), answer, { note: 'Conclude.' }).steps });
    expect(server.refused).toEqual([]);
  });

  test('an answer that a filter took away is refused', async () => {
    const { ask } = await open(() => ({ stop: 'refused' }));
    expect(await ask()).toMatchObject({ reasoning: '', stop: 'refused', toolCalls: [] });
  });

  test('a call that was cut in its middle is not made, and the conversation goes on', async () => {
    const { server, ask } = await open(() => ({ text: 'First', calls: [pause, message], stop: 'cut' }));
    const answer = await ask();
    expect(answer).toMatchObject({ stop: 'cut', toolCalls: [pause] });
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
    await ask({ steps: continueRequest(buildModelRequest(), answer, { note: 'Go on.' }).steps });
    expect(server.refused).toEqual([]);
  });

  test('words that were cut are kept', async () => {
    const { server, ask } = await open(() => ({ text: 'I was about to', stop: 'cut' }));
    const answer = await ask();
    expect(answer).toMatchObject({ stop: 'cut', reasoning: 'I was about to', toolCalls: [] });
    await ask({ steps: continueRequest(buildModelRequest(), answer, { note: 'Go on.' }).steps });
    expect(server.refused).toEqual([]);
  });

  test('an answer of another brain is told again in words and calls of this wire', async () => {
    const { server, ask } = await open(() => ({ text: 'I see.' }));
    const step = continueRequest(buildModelRequest(), foreign).steps[0];
    if (!step) throw new Error('no step');
    await ask({ steps: [step, { ...step, note: 'Go on.' }] });
    expect(server.refused).toEqual([]);
    const [one, two] = server.seen[0]?.steps ?? [];
    expect(one?.calls.map(({ name }) => name)).toEqual(['pause', 'pause']);
    expect(one?.results.map(({ callId }) => callId)).toEqual(one?.calls.map(({ id }) => id));
    expect(two?.calls[0]?.id).not.toBe(one?.calls[0]?.id);
    expect(two?.note).toBe('Go on.');
  });

  test('a call without a result is answered all the same', async () => {
    const { server, ask } = await open(() => ({ calls: [pause, pause] }));
    const answer = await ask();
    const toolCalls = answer.toolCalls.slice(0, 1);
    await ask({ steps: continueRequest(buildModelRequest(), { ...answer, toolCalls }).steps });
    expect(server.refused).toEqual([]);
    expect(server.seen[1]?.steps[0]?.results.map(({ text }) => text)).toEqual([
      'done',
      'error: this was not carried out',
    ]);
  });

  test('bytes that are no UTF-8 do not break an answer', async () => {
    const { server, ask } = await open(() => ({ text: 'Caf\u{fffd} first', calls: [pause] }));
    server.faults.push({ kind: 'bytes' });
    const answer = await ask();
    expect(answer.reasoning).toMatch(/^Caf\u{fffd}+ first$/u);
    await ask({ steps: continueRequest(buildModelRequest(), answer).steps });
    expect(server.refused).toEqual([]);
  });

  test('half a character in a conversation is replaced before it is sent', async () => {
    const { server, ask } = await open(() => ({}));
    await ask({ prompt: { system: 'Be kind.', input: ['half \ud83d of it'] } });
    expect(server.seen[0]?.input).toEqual(['half \u{fffd} of it']);
  });

  test('blocks of the first words stay apart, and empty ones are left out', async () => {
    const { server, ask } = await open(() => ({}));
    await ask({ prompt: { system: 'Be kind.', input: ['one', '', 'two'] }, tools: [] });
    expect(server.seen[0]).toMatchObject({ system: 'Be kind.', input: ['one', 'two'], tools: [] });
  });

  test('what was cached is counted within the input', async () => {
    const { ask } = await open(() => ({ calls: [pause] }));
    const first = await ask();
    expect(first.usage).toMatchObject({ cachedTokens: 0, writtenTokens: 0 });
    const { usage, call } = await ask({ steps: continueRequest(buildModelRequest(), first).steps });
    expect(usage.cachedTokens).toBeGreaterThan(0.8 * first.usage.inputTokens);
    expect(usage.inputTokens).toBeGreaterThan(usage.cachedTokens);
    expect(call?.costMicros).toBe(2 * usage.inputTokens - usage.cachedTokens + 10 * usage.outputTokens);
  });

  test('no call costs more than was said before it', async () => {
    const { brain, ask } = await open(() => ({ text: 'I see.', calls: [pause] }));
    const first = await ask();
    const next = continueRequest(buildModelRequest(), first, { result: 'Grüße 🏨'.repeat(50) });
    const second = await ask({ steps: next.steps });
    expect(brain.computeWorstCost(buildModelRequest())).toBeGreaterThanOrEqual(first.call?.costMicros ?? 0);
    expect(brain.computeWorstCost(next)).toBeGreaterThanOrEqual(second.call?.costMicros ?? 0);
    // The dearest of plain, cached and written, for each byte, and the longest answer.
    const bytes = brain.computeWorstCost(next) - 10 * 1000;
    expect(bytes % 3).toBe(0);
    expect(bytes / 3).toBeGreaterThan(brain.computeWorstCost(buildModelRequest()) / 3 - 10_000 / 3 + 500);
  });

  test('the hash of the prompt is that of its content', async () => {
    const { ask } = await open(() => ({}));
    const [one, same, other] = [
      await ask(),
      await ask(),
      await ask({ jorbId: null, prompt: { system: '', input: ['x'] } }),
    ];
    expect(one.call?.promptHash).toBe(same.call?.promptHash);
    expect(one.call?.promptHash).not.toBe(other.call?.promptHash);
  });
}
