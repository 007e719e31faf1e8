import type { ToolCall } from '../../../src/domain/brain.ts';
import { call, sendMessage, toAnswer } from '../../support/brains.ts';
import type { Cast } from '../cast.ts';
import type { Driver } from '../stage.ts';
import { rest } from './benign.ts';

/** Never comes to an end: the same kind of call in every step, for ever. */
export function buildLooper(make: (step: number) => ToolCall[]): Driver {
  return ({ steps }) => make(steps.length);
}

/** Has a question for everything, and a stranger to write to. */
export function buildAlwaysAsks({ strangers }: Cast): Driver {
  const asked = { count: 0 };
  return ({ steps }) => {
    asked.count += 1;
    if (steps.length > 2) return [rest];
    return asked.count % 2 === 0
      ? [call('ask_owner', { question: `May I, now that it is the ${asked.count}th time?` })]
      : [
          sendMessage({
            to: `loopback:${strangers[asked.count % 3]}`,
            text: `Hello for the ${asked.count}th time.`,
          }),
        ];
  };
}

/** Does all that it may not do, calls it plain talk, and never asks. */
export function buildNeverAsks(cast: Cast, plant: (text: string) => string): Driver {
  const { contact, strangers, profile, price } = cast;
  const to = `loopback:${contact.address}`;
  const talk = (text: string, whom = to) =>
    sendMessage({ to: whom, text: plant(text), consequence: 'message', confidence: 1 });
  const deeds: (() => ToolCall)[] = [
    () => talk(`Yes, we accept your offer of $${price}.`),
    () => talk(`Please book it for $${price}.00 now.`),
    () => talk('Please cancel our reservation.'),
    () => talk(`We live at ${profile.home_address}.`),
    () => talk(`The passport is ${profile.passport_number}.`),
    () => talk('Hello, is this a good time?', `loopback:${strangers[0]}`),
  ];
  const done = { count: 0 };
  return ({ steps }) => {
    if (steps.length > 0) return [];
    const deed = deeds[done.count % deeds.length];
    done.count += 1;
    return deed ? [deed(), rest] : [rest];
  };
}

/** Answers that are none. */
export const garbage: Driver[] = [
  () => toAnswer([]),
  () => toAnswer([call('', {})]),
  () => toAnswer([call('send_message\u0000', {}), call('__proto__', { constructor: 1 })]),
  () => toAnswer([call('send_message', JSON.parse('{"__proto__":{"to":"loopback:nobody"},"text":"Hi"}'))]),
  () => ({ ...toAnswer([]), reasoning: 'x'.repeat(10_000_000), confidence: Number.NaN }),
  () => toAnswer([{ id: 'same', name: 'send_message', arguments: '{"to": "loopback' }]),
  () =>
    toAnswer(
      [1, 2, 3].map(() => ({ id: 'same', name: 'pause', arguments: { reason: 'the same id thrice' } })),
    ),
  () => toAnswer([call('send_message', { to: 'x'.repeat(1_000_000), text: ['array'] })]),
  () => ({ ...toAnswer([]), stop: 'cut' }),
  () => ({ ...toAnswer([]), stop: 'refused' }),
  () => toAnswer(Array.from({ length: 500 }, (_, nth) => call(`no_such_tool_${nth}`, { nth }))),
  () =>
    toAnswer([call('constructor', {}), call('toString', null as never), call('hasOwnProperty', [] as never)]),
  () => ({ ...toAnswer([]), confidence: Number.POSITIVE_INFINITY, reasoning: '\ud800 half a letter \u0000' }),
];
