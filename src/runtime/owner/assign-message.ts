import type { Event } from '../../domain/message.ts';
import type { OwnerContext } from './context.ts';
import { readId } from './input.ts';

/** Gives an unmatched message and the rest of its conversation to a jorb; later messages follow it. */
export async function assignMessage(
  { store, clock, written }: Pick<OwnerContext, 'store' | 'clock' | 'written'>,
  request: { eventId: string; jorbId: string },
): Promise<Event> {
  const eventId = readId('event', request.eventId, 'event_id');
  const jorbId = readId('jorb', request.jorbId, 'jorb_id');
  const event = await store.assignMessage(eventId, jorbId, clock.now());
  written();
  return event;
}
