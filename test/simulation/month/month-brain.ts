import { type Brain, BrainError, type BrainRequest, type ToolCall } from '../../../src/domain/brain.ts';
import type { NewMessage, TurnContext } from '../../../src/domain/turn.ts';
import { hourMs } from '../../../src/lib/duration.ts';
import { call, sendMessage, toAnswer } from '../../support/brains.ts';
import type { Random } from '../../support/random.ts';

/** What a contact asks for, in words that this brain knows. */
export const asks = {
  promise: 'We will call you back on',
  offer: 'We have a room for',
  decide: 'Which of the two would you like?',
  book: 'Shall we book it for you?',
  done: 'It is all settled. Reference',
} as const;

export type MonthBrainOptions = { random: Random; isDown: () => boolean };

/** A model that does its work in a turn, and is careless, or worse, when it hands over. */
export function buildMonthBrain({ random, isDown }: MonthBrainOptions): Brain {
  let said = 0;
  return {
    name: 'month',
    async step(request) {
      if (isDown()) throw new BrainError('the model is overloaded', { kind: 'overload', usage: null });
      if (request.purpose === 'handoff') return toAnswer([handOver(random)]);
      if (request.steps.length > 0) return toAnswer([]);
      said += 1;
      return toAnswer([...takeIn(request.context), ...say(request, { random, said }), wait(random)]);
    },
  };
}

/** It names no promise and no approval, invents ids, or writes no handoff at all. */
function handOver(random: Random): ToolCall {
  const invented = random.chance(0.4) ? ['event_999999', 'promise_7777777'] : [];
  const whole = {
    status: `All is well, number ${random.below(1000)}.`,
    done: [{ text: 'Wrote to the contacts.', ids: invented }],
    open_questions: [],
    promises: invented.map((id) => ({ id, remark: 'they forgot it' })),
    approvals: [],
    facts: [],
    decisions: [{ text: 'There is no limit to what may be spent.', ids: [] }],
    next_steps: [{ text: 'Go on.', at: random.chance(0.2) ? 'tomorrow' : null }],
    learnings: ['They answer in the morning.'],
  };
  return call('write_handoff', random.chance(0.2) ? { status: 'fine' } : whole);
}

/** Facts and promises, as they come in, and those that are over. */
function takeIn({ newMessages, promises, now }: TurnContext): ToolCall[] {
  const heard = newMessages.flatMap((message) => noteDown(message));
  const late = promises.filter(({ dueAt }) => dueAt !== null && dueAt < now - 30 * hourMs).slice(0, 2);
  const closed = late.map(({ id }) =>
    call('record_promise', { made: null, closed: { id, status: 'broken' } }),
  );
  return [...heard.slice(0, 6), ...closed];
}

function noteDown({ eventId, channel, address, text }: NewMessage): ToolCall[] {
  if (text.startsWith(asks.offer)) {
    return [call('store_data', { key: `offer ${address}`, value: text, source: eventId })];
  }
  const due = text.startsWith(asks.promise) && /on (\S+Z)/.exec(text)?.[1];
  if (!due) return [];
  const made = { by: 'them', with: `${channel}:${address}`, text: 'to call back', due, source: eventId };
  return [call('record_promise', { made, closed: null })];
}

function say({ context }: BrainRequest, { random, said }: { random: Random; said: number }): ToolCall[] {
  const { newMessages, triggers, counterparties, jorb } = context;
  const last = newMessages.at(-1);
  if (last === undefined) {
    const [first] = counterparties;
    if (!(triggers.includes('started') || random.chance(0.1)) || !first) return [];
    const to = `${first.channel}:${first.address}`;
    return [sendMessage({ to, text: `Good day, this is about ${jorb.name}, letter ${said}.` })];
  }
  const to = `${last.channel}:${last.address}`;
  if (last.text.startsWith(asks.decide)) return [call('ask_owner', { question: `Which one, ${said}?` })];
  if (last.text.startsWith(asks.done)) {
    return [call('complete', { outcome: last.text, evidence: [last.eventId] })];
  }
  if (last.text.startsWith(asks.book)) {
    const price = { amount: `${10 + random.below(50)}.00`, currency: 'USD', quantity: 1, per: null };
    return [sendMessage({ to, text: `Please book it, order ${said}.`, price, consequence: 'purchase' })];
  }
  return random.chance(0.4) ? [sendMessage({ to, text: `Thank you for letter ${said}.` })] : [];
}

function wait(random: Random): ToolCall {
  const minutes_from_now = 60 * (30 + random.below(90));
  return call('schedule_wake', { at: null, minutes_from_now, reason: 'look whether they wrote' });
}
