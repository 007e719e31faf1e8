import type { ChannelKind } from '../../domain/contact.ts';
import type { Event } from '../../domain/message.ts';
import { Refusal } from '../../domain/refusal.ts';
import { randomTokens } from '../../lib/ids.ts';
import { buildReceive } from '../inbox.ts';
import type { OwnerContext } from './context.ts';

/** The account under which loopback receives: there is one. */
const account = 'local';

/**
 * Brings a message in as if `from` had written it, from any process. The same external id twice is one
 * message; without one, every call is a new message.
 */
export async function injectMessage(
  { store, clock, debounce, written }: OwnerContext,
  request: {
    channel: ChannelKind;
    from: string;
    text: string;
    externalId: string | null;
    inReplyTo: string | null;
  },
): Promise<{ event: Event; isNew: boolean; releaseAt: number }> {
  const { channel, from, text, inReplyTo } = request;
  if (text.trim() === '') throw new Refusal('invalid', 'text is empty; a message says something', 'text');
  const receive = buildReceive({ store, clock, debounce, failpoint: () => {}, written });
  const externalId = request.externalId ?? `inject-${randomTokens.key()}`;
  return receive({ channel, account, externalId, from, text, inReplyTo, sentAt: clock.now(), grade: 'none' });
}
