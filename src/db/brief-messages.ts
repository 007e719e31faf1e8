import { z } from 'zod';
import type { Brief } from '../domain/brief.ts';
import type { AuditWhat } from './audit.ts';
import type { News } from './brief-news.ts';
import type { Db } from './connection.ts';
import { rowOfSubject, toId } from './rows.ts';
import { buildTranscript } from './transcript.ts';

type Message = Brief['messages'][number];

/** The kinds of entry by which a message became one of a jorb. */
const kinds = ['message.routed', 'message.assigned', 'message.sent'] as const satisfies AuditWhat[];

const eventsSchema = z.object({ events: z.array(z.string()) });

/** The newest messages of any jorb, newest first, inside the caller's transaction. */
export function buildListMessages(db: Db): (news: News, limit: number) => Message[] {
  const transcript = buildTranscript(db);

  return (news, limit) =>
    kinds
      .flatMap((kind) => news.list(kind, limit))
      .sort((a, b) => b.seq - a.seq)
      .slice(0, limit)
      .flatMap(({ what, jorbId, subject, after }) => {
        if (jorbId === null) return [];
        const read = what === 'message.sent' ? transcript.findOut : transcript.findIn;
        const ids = what === 'message.sent' ? [subject] : eventsSchema.parse(after).events.toReversed();
        return ids.map((id) => ({ id, read, jorbId: toId('jorb', jorbId) }));
      })
      // Cut before any is read: a stranger decides how many come at once.
      .slice(0, limit)
      .flatMap(({ id, read, jorbId }): Message[] => {
        const entry = read(rowOfSubject(id));
        return entry ? [{ ...entry, jorbId }] : [];
      });
}
