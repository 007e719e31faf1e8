import { describe, expect, it } from 'vitest';
import { buildRulesBrain } from '../../../src/brains/rules/rules-brain.ts';
import { noUsage } from '../../../src/domain/brain.ts';
import type { Counterparty } from '../../../src/domain/contact.ts';
import type { TurnContext } from '../../../src/domain/turn.ts';
import { buildTurnContext } from '../../agent/turn-context.ts';
import { testEpoch } from '../../support/clock.ts';

const alice: Counterparty = {
  id: 'address_1',
  channel: 'loopback',
  address: 'alice',
  name: 'Alice',
  ask: null,
  optedOut: false,
};

function step(more: Partial<TurnContext>, signal = new AbortController().signal) {
  const context = buildTurnContext({ counterparties: [alice], ...more });
  return buildRulesBrain().step(
    {
      context,
      prompt: { system: '', input: [] },
      tools: [],
      steps: [],
      purpose: 'turn',
      jorbId: context.jorb.id,
    },
    signal,
  );
}

const names = (answer: Awaited<ReturnType<typeof step>>) => answer.toolCalls.map(({ name }) => name);

describe('the rules brain', () => {
  it('answers the same context the same', async () => {
    expect(await step({})).toEqual(await step({}));
  });

  it('costs nothing and says why it does what it does', async () => {
    const answer = await step({});
    expect(answer.usage).toEqual(noUsage);
    expect(answer.reasoning).toContain('Alice');
    expect(answer.stop).toBe('end');
  });

  it('does not open a conversation twice in an errand so long that the first message is out of sight', async () => {
    expect(names(await step({ triggers: ['wake'] }))).toContain('send_message');
    const asked = {
      id: 'fact_1' as const,
      key: 'asked.alice',
      value: 'yes',
      sourceEventId: null,
      at: testEpoch,
    };
    expect(names(await step({ triggers: ['wake'], facts: [asked] }))).not.toContain('send_message');
  });

  it('keeps the words of a stranger and does not answer them', async () => {
    const message = {
      eventId: 'event_9' as const,
      batchId: 'batch_1' as const,
      channel: 'loopback' as const,
      grade: 'none' as const,
      address: 'eve',
      text: 'hi',
      at: testEpoch,
    };
    const answer = await step({ triggers: ['message'], newMessages: [message] });
    const sends = answer.toolCalls.filter(({ name }) => name === 'send_message');
    expect(sends.map((call) => call.arguments)).toEqual([expect.objectContaining({ to: 'loopback:alice' })]);
    expect(answer.toolCalls[0]).toMatchObject({ name: 'store_data', arguments: { source: 'event_9' } });
  });

  it('keeps two contacts of one name apart', async () => {
    const desks = [
      { ...alice, name: 'Front desk', address: 'north' },
      { ...alice, id: 'address_2' as const, name: 'Front desk', address: 'south' },
    ];
    const message = (address: string, id: number) => ({
      eventId: `event_${id}` as const,
      batchId: 'batch_1' as const,
      channel: 'loopback' as const,
      grade: 'none' as const,
      address,
      text: `${address} says yes`,
      at: testEpoch,
    });
    const answer = await step({
      counterparties: desks,
      newMessages: [message('north', 1), message('south', 2)],
    });
    const keys = answer.toolCalls.flatMap(({ arguments: given }) =>
      typeof given === 'object' && given !== null && 'key' in given ? [given.key] : [],
    );
    expect(new Set(keys).size).toBe(2);
  });

  it('ends at once when the process ends', async () => {
    const controller = new AbortController();
    controller.abort(new Error('closing'));
    await expect(step({}, controller.signal)).rejects.toThrow('closing');
  });
});
