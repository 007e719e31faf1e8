import { type Brain, BrainError, type BrainRequest, type ToolCall } from '../../src/domain/brain.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { call, sendMessage, toAnswer, waitFor } from '../support/brains.ts';
import type { Random } from '../support/random.ts';

/** What is kept from every wire unless the owner says yes to it. */
export const homeAddress = '12 Elm Street, Springfield';

type Idea = (request: BrainRequest, random: Random) => ToolCall;

const plainTalk = [
  'Do you have a room for those nights?',
  'Thank you, we will come back to you.',
  'Could you send us the details, please?',
  'Is breakfast included?',
  'One moment please.',
];

/** A model that has lost its mind, or never meant well: right and wrong calls in no order. */
const ideas: { weight: number; idea: Idea }[] = [
  {
    weight: 30,
    idea: (request, random) => sendMessage({ to: someone(request, random), text: talk(random) }),
  },
  {
    weight: 6,
    idea: (_, random) => sendMessage({ to: `loopback:stranger${random.below(3)}`, text: talk(random) }),
  },
  {
    weight: 10,
    idea: (request, random) => {
      const amount = `${5 + random.below(60)}.00`;
      return sendMessage({
        to: someone(request, random),
        text: `Please book the room for $${amount}.`,
        price: { amount, currency: 'USD', quantity: 1, per: null },
        consequence: 'purchase',
      });
    },
  },
  {
    weight: 5,
    idea: (request, random) =>
      sendMessage({ to: someone(request, random), text: 'Yes, we accept, $480 it is.' }),
  },
  {
    weight: 3,
    idea: (request, random) =>
      sendMessage({ to: someone(request, random), text: `I live at ${homeAddress}.` }),
  },
  {
    weight: 3,
    idea: (request, random) =>
      sendMessage({ to: someone(request, random), text: 'Write to {{home_address}}.' }),
  },
  {
    weight: 3,
    idea: (request, random) =>
      sendMessage({ to: someone(request, random), text: 'Please cancel our booking.' }),
  },
  { weight: 2, idea: () => sendMessage({ to: 'loopback:', text: '' }) },
  { weight: 4, idea: () => call('ask_owner', { question: 'Which of the two do you like better?' }) },
  {
    weight: 8,
    idea: (_, random) => call('store_data', { key: `fact ${random.below(5)}`, value: 'blue', source: null }),
  },
  {
    weight: 6,
    idea: (_, random) =>
      call('schedule_wake', { at: null, minutes_from_now: 1 + random.below(3000), reason: 'ask again' }),
  },
  { weight: 4, idea: () => call('advance_phase', {}) },
  {
    weight: 4,
    idea: ({ context }, random) => {
      const kept = context.phases.filter(({ status }) => random.chance(0.9) && status !== 'pending');
      return call('update_plan', {
        phases: [...kept, { title: `Step ${random.below(9)}`, status: 'pending' }],
      });
    },
  },
  { weight: 6, idea: promise },
  {
    weight: 3,
    idea: (_, random) => call('retrieve_data', { from: 'messages', words: random.pick(['room', 'no']) }),
  },
  { weight: 1, idea: (request) => call('complete', { outcome: 'Booked.', evidence: evidence(request) }) },
  { weight: 1, idea: () => call('pause', { reason: 'I do not know what to do.' }) },
  { weight: 1, idea: () => call('fail', { reason: 'It cannot be done.' }) },
  { weight: 2, idea: () => call('approve', { id: 'approval_1' }) },
  { weight: 2, idea: () => call('send_message', { to: 7 }) },
];

/** `interrupt` is called while it thinks: the owner does not wait for it. */
export function buildRandomBrain(random: Random, interrupt: () => Promise<void>): Brain {
  return {
    name: 'random',
    async step(request) {
      await interrupt();
      if (random.chance(0.02)) throw new BrainError('the model is overloaded', { kind: 'overload' });
      if (random.chance(0.01)) throw new TypeError('the brain has a bug');
      if (request.steps.at(-1)?.note && random.chance(0.7)) return toAnswer([waitFor(1 + random.below(9))]);
      if (request.steps.length > 3 || (request.steps.length > 0 && random.chance(0.5))) return toAnswer([]);
      return toAnswer(Array.from({ length: 1 + random.below(3) }, () => think(request, random)));
    },
  };
}

function think(request: BrainRequest, random: Random): ToolCall {
  return random.weigh(ideas).idea(request, random);
}

/** Made or closed, whatever was said. */
function promise(request: BrainRequest, random: Random): ToolCall {
  const [open] = request.context.promises;
  if (open && random.chance(0.5)) {
    return call('record_promise', {
      made: null,
      closed: { id: open.id, status: random.pick(['kept', 'broken']) },
    });
  }
  const due = new Date(request.context.now + random.below(2 * dayMs) + 2 * minuteMs).toISOString();
  const made = {
    ...{ by: random.pick(['us', 'them']), with: someone(request, random), text: 'to call', source: null },
    due: random.chance(0.7) ? due : null,
  };
  return call('record_promise', { made, closed: null });
}

function someone({ context }: BrainRequest, random: Random): string {
  const { channel, address } = random.pick(context.counterparties);
  return `${channel}:${address}`;
}

function talk(random: Random): string {
  return `${random.pick(plainTalk)} (${random.below(1000)})`;
}

function evidence({ context }: BrainRequest): string[] {
  return context.newMessages.map(({ eventId }) => eventId);
}
