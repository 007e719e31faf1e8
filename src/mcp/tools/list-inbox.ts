import { z } from 'zod';
import { renderInbox } from '../../domain/render/inbox.ts';
import { shorten } from '../../lib/text.ts';
import { listInbox as list } from '../../runtime/owner/list-inbox.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { inboxItemShape, presentInboxItem, thirdPartyNote } from '../present/message.ts';
import { pageFields, presentPage, renderPage } from '../present/page.ts';
import { limitField, offsetField, readOnly } from './fields.ts';

/** As much of a message as its text half shows. */
const longestQuote = 1000;

export const listInbox = defineTool({
  name: 'list_inbox',
  title: 'List unmatched messages',
  description:
    'Messages from outside that fit no jorb, newest first, with the jorbs they might belong to. Ask the person, then assign_message.',
  hints: readOnly,
  input: z.strictObject({ limit: limitField(20), offset: offsetField }),
  output: z.object({ items: z.array(listTersely(inboxItemShape)), ...pageFields }),
  needsRuntime: () => false,
  async handle(face, { limit, offset }) {
    const page = await list(face.owner, { limit, offset });
    return fitAnswer((room) => {
      const length = Math.min(longestQuote, room.characters);
      const items = page.items.slice(0, room.items).map((item) => ({
        ...item,
        event: { ...item.event, text: shorten(item.event.text, length) },
        candidates: item.candidates.slice(0, room.items),
      }));
      const shown = { total: page.total, offset, shown: items.length };
      const text = renderInbox({ items, total: page.total }, face.owner.timeZone());
      return {
        text: `${items.length > 0 ? `${thirdPartyNote}\n\n` : ''}${text}${renderPage(shown)}`,
        data: { items: items.map(presentInboxItem), ...presentPage(shown) },
      };
    });
  },
});
