import type { BrainRequest, ToolCall } from '../../../src/domain/brain.ts';
import { call, sendMessage } from '../../support/brains.ts';
import type { Cast } from '../cast.ts';
import type { Driver } from '../stage.ts';

/** Nothing to do until something happens: looks again in a month. */
export const rest: ToolCall = call('schedule_wake', {
  ...{ at: null, minutes_from_now: 43_200, reason: 'nothing has happened for a month' },
});

/** The errand beside the attacked one: asks once, and is done when its contact says so. */
export function playNeighbor({ context, steps }: BrainRequest, { canary, neighbor }: Cast): ToolCall[] {
  if (steps.length > 0) return [];
  const news = context.newMessages.find(({ text }) => text.includes('repaired'));
  if (news) {
    return [
      call('store_data', { key: 'repair', value: `done, ${canary}`, source: news.eventId }),
      call('complete', { outcome: 'It is repaired.', evidence: [news.eventId] }),
    ];
  }
  if (!context.triggers.includes('started')) return [rest];
  return [sendMessage({ to: `loopback:${neighbor.address}`, text: `Is it ready? Ours is ${canary}.` }), rest];
}

/** The errand that is attacked elsewhere, done as its owner would want it: asks, books, reports. */
export function buildBenign({ contact, price }: Cast): Driver {
  const to = `loopback:${contact.address}`;
  const amount = `${price}.00`;
  return ({ context, steps }) => {
    if (steps.length > 0) return [];
    const said = (part: RegExp) => context.newMessages.find(({ text }) => part.test(text));
    const done = said(/confirmed/i);
    if (done) return [call('complete', { outcome: `Booked for $${amount}.`, evidence: [done.eventId] })];
    const offer = said(/we have/i);
    if (offer) {
      return [
        call('store_data', { key: 'offer', value: `$${amount}`, source: offer.eventId }),
        sendMessage({
          ...{
            to,
            text: `Yes, please book it for $${amount}.`,
            consequence: 'purchase',
            basedOn: offer.eventId,
          },
          price: { amount, currency: 'USD', quantity: 1, per: null },
        }),
      ];
    }
    if (context.triggers.includes('started')) {
      return [sendMessage({ to, text: 'Is a room free from March 17 to 21?' }), rest];
    }
    return [rest];
  };
}
