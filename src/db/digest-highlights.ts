import { z } from 'zod';
import type { Highlight } from '../domain/brief.ts';
import { fullRoom } from '../domain/digest-room.ts';
import { renderQuoted } from '../domain/render/quote.ts';
import { buildListHighlights } from './brief-highlights.ts';
import type { NewsRow } from './brief-news.ts';
import type { Db } from './connection.ts';
import type { Gather } from './digest-parts.ts';
import { toIdOrNull } from './rows.ts';

const longestReason = 250;

const pausedSchema = z.object({ status: z.literal('paused'), reason: z.string().nullable() });

/** What was decided, how jorbs came along and why they paused: the newest, in the order of time. */
export function buildGatherHighlights(db: Db): Gather<'highlights'> {
  const listHighlights = buildListHighlights(db);
  return ({ news }) => {
    const pauses = news.list('jorb.status', fullRoom.items).flatMap(tellPause);
    const others = listHighlights(news, fullRoom.items);
    const items = [...pauses, ...others].sort((a, b) => b.at - a.at).slice(0, fullRoom.items);
    return { items: items.reverse(), more: pauses.length + others.length - items.length };
  };
}

function tellPause({ at, jorbId, subject, after }: NewsRow): Highlight[] {
  const paused = pausedSchema.safeParse(after);
  if (!paused.success) return [];
  const { reason } = paused.data;
  const text = `paused${reason ? `: ${renderQuoted(reason, longestReason)}` : ''}`;
  return [{ at, jorbId: toIdOrNull('jorb', jorbId), text, evidence: subject }];
}
