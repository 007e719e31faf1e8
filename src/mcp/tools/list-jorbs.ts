import { z } from 'zod';
import { jorbStatuses } from '../../domain/jorb.ts';
import { renderJorbList } from '../../domain/render/jorb.ts';
import { shorten } from '../../lib/text.ts';
import { listJorbs as list } from '../../runtime/owner/list-jorbs.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { jorbLineShape, presentJorbLine } from '../present/jorb.ts';
import { thirdPartyNote } from '../present/message.ts';
import { pageFields, presentPage, renderPage } from '../present/page.ts';
import { limitField, offsetField, readOnly } from './fields.ts';

export const listJorbs = defineTool({
  name: 'list_jorbs',
  title: 'List jorbs',
  description: 'Jorbs with their status, latest activity first.',
  hints: readOnly,
  input: z.strictObject({
    filter: z.enum(['open', 'closed', 'all', ...jorbStatuses]).default('open'),
    limit: limitField(20),
    offset: offsetField,
  }),
  output: z.object({ jorbs: z.array(listTersely(jorbLineShape)), ...pageFields }),
  needsRuntime: () => false,
  async handle(face, { filter, limit, offset }) {
    const page = await list(face.owner, { filter, limit, offset });
    const now = face.owner.clock.now();
    return fitAnswer((room) => {
      const jorbs = page.jorbs.slice(0, room.items).map((jorb) => ({
        ...jorb,
        reason: jorb.reason && shorten(jorb.reason, room.characters),
        summary: jorb.summary && shorten(jorb.summary, room.characters),
      }));
      const shown = { total: page.total, offset, shown: jorbs.length };
      const quotes = jorbs.some(({ reason, summary }) => reason !== null || summary !== null);
      return {
        text: `${quotes ? `${thirdPartyNote}\n\n` : ''}${renderJorbList({ jorbs, total: page.total }, now)}${renderPage(shown)}`,
        data: { jorbs: jorbs.map(presentJorbLine), ...presentPage(shown) },
      };
    });
  },
});
