import type { Brain, ToolCall } from '../../src/domain/brain.ts';
import { buildScriptedBrain, call, sendMessage } from './brains.ts';

/**
 * Writes to everyone once, answers every message, and wants to buy what costs something. It remembers
 * nothing, so a turn that another process takes up goes the same way.
 */
export function buildErrandBrain(): Brain {
  return buildScriptedBrain(({ context, steps }) => {
    if (steps.length > 0) return [];
    const opening = context.actions.length === 0 ? context.counterparties.map(greet) : [];
    const asked = context.actions.length === 0 ? context.jorb.name : '';
    const answers = context.newMessages.flatMap(({ address, text, eventId }): ToolCall[] => {
      const to = `loopback:${address}`;
      if (!text.includes('costs')) {
        const fact = { key: `said ${eventId}`, value: text, source: eventId };
        // There is no such tool: its outcome is stored without an effect.
        return [
          call('recall', {}),
          call('store_data', fact),
          sendMessage({ to, text: `Thank you for: ${text}` }),
        ];
      }
      const price = { amount: '120.00', currency: 'USD', quantity: 1, per: null };
      const accept = `Yes please, we take it as offered in: ${text}`;
      return [sendMessage({ to, text: accept, price, consequence: 'purchase', basedOn: eventId })];
    });
    return [
      ...opening.map((message) => sendMessage({ ...message, text: `${message.text} ${asked}?` })),
      ...answers,
    ];
  });
}

function greet({ channel, address, name }: { channel: string; address: string; name: string }) {
  return { to: `${channel}:${address}`, text: `Hello ${name}, can you help with` };
}
