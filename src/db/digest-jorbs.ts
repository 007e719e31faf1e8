import { and, count, desc, eq, gt } from 'drizzle-orm';
import { nameAddress } from '../domain/contact.ts';
import type { DigestEnding, DigestJorb } from '../domain/digest.ts';
import { excerpt, fullRoom } from '../domain/digest-room.ts';
import { isFinished, openStatuses, unaskedCauses } from '../domain/jorb.ts';
import type { AuditWhat } from './audit.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { DigestScene, Gather } from './digest-parts.ts';
import type { JorbRow } from './jorb-moves.ts';
import type { JorbViews } from './jorb-views.ts';
import { toJorb } from './jorb-views.ts';
import { buildListPromises } from './promises.ts';
import { toId, toRow } from './rows.ts';
import { approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';
import { buildTranscript } from './transcript.ts';

const mostPromises = 5;
const mostEvidence = 4;
const evidenceLength = 400;

const endings = ['jorb.completed', 'jorb.failed', 'jorb.cancelled'] as const satisfies AuditWhat[];

/** The jorbs that moved since the mark, the latest first. */
export function buildListMoved(db: Db): (after: number) => { rows: JorbRow[]; total: number } {
  const hasNews = gt(jorb.newsSeq, slot('after'));
  const latest = db
    .select()
    .from(jorb)
    .where(hasNews)
    .orderBy(desc(jorb.newsSeq))
    .limit(slot('limit'))
    .prepare();
  const counted = db.select({ count: count() }).from(jorb).where(hasNews).prepare();
  return (after) => ({
    rows: latest.all({ after, limit: fullRoom.stories }),
    total: counted.get({ after })?.count ?? 0,
  });
}

export type PausedJorbs = { rows: JorbRow[]; total: number };

/** The jorbs that wait for the owner without asking anything, the latest first. */
export function buildListNeeding(db: Db): () => PausedJorbs {
  const isPausedFor = and(isWord(jorb.status, 'paused'), eq(jorb.pauseCause, slot('cause')));
  const latest = db
    .select()
    .from(jorb)
    .where(isPausedFor)
    .orderBy(desc(jorb.lastActivityAt))
    .limit(slot('limit'))
    .prepare();
  const counted = db.select({ count: count() }).from(jorb).where(isPausedFor).prepare();
  return () => ({
    // One cause at a time, so that an index gives the order.
    rows: unaskedCauses
      .flatMap((cause) => latest.all({ cause, limit: fullRoom.items }))
      .sort((a, b) => b.lastActivityAt - a.lastActivityAt || b.id - a.id)
      .slice(0, fullRoom.items),
    total: unaskedCauses.reduce((sum, cause) => sum + (counted.get({ cause })?.count ?? 0), 0),
  });
}

/** Open jorbs: those that wait for the owner, then those that moved, then by their last activity. */
export function buildGatherActive(db: Db, views: JorbViews) {
  const complete = buildComplete(db);
  const latest = db
    .select()
    .from(jorb)
    .where(eq(jorb.status, slot('status')))
    .orderBy(desc(jorb.lastActivityAt), desc(jorb.id))
    .limit(slot('limit'))
    .prepare();
  return ({ moved }: DigestScene, needing: readonly JorbRow[]) => {
    const others = openStatuses
      .flatMap((status) => latest.all({ status, limit: fullRoom.items }))
      .sort((a, b) => b.lastActivityAt - a.lastActivityAt || b.id - a.id);
    const open = [...needing, ...moved, ...others].filter(({ status }) => !isFinished(status));
    const rows = [...new Map(open.map((row) => [row.id, row])).values()].slice(0, fullRoom.items);
    const counts = views.countByStatus();
    const total = openStatuses.reduce((sum, status) => sum + counts[status], 0);
    return { items: rows.map(complete), more: total - rows.length };
  };
}

function buildComplete(db: Db): (row: JorbRow) => DigestJorb {
  const listPromises = buildListPromises(db);
  const pending = db
    .select({ id: approval.id })
    .from(approval)
    .where(and(eq(approval.jorbId, slot('jorbRow')), isWord(approval.status, 'pending')))
    .orderBy(approval.id)
    .prepare();
  return (row) => {
    const { id, name, status, pauseCause, reason, summary, lastActivityAt, wakeAt, wakeReason } = toJorb(row);
    const promises = listPromises(row.id);
    return {
      ...{ id, name, status, pauseCause, reason, summary, lastActivityAt, wakeAt, wakeReason },
      approvals: pending.all({ jorbRow: row.id }).map((each) => toId('approval', each.id)),
      promises: promises.slice(0, mostPromises),
      morePromises: Math.max(0, promises.length - mostPromises),
    };
  };
}

/** Jorbs that ended since the mark, the latest first, with what proves their outcome. */
export function buildGatherEnded(db: Db, views: JorbViews): Gather<'ended'> {
  const transcript = buildTranscript(db);

  function readEvidence(id: DigestEnding['evidence'][number]['id']): DigestEnding['evidence'][number] {
    const entry = transcript.findIn(toRow(id));
    if (!entry) return { id, from: null, text: null };
    const from = nameAddress(entry, entry.contactName === entry.address ? null : entry.contactName);
    return { id, from, text: excerpt(entry.text, evidenceLength) };
  }

  return ({ news }) => {
    const rows = endings
      .flatMap((what) => news.list(what, fullRoom.items))
      .sort((a, b) => b.seq - a.seq)
      .slice(0, fullRoom.items);
    const items = rows.flatMap(({ jorbId, at }): DigestEnding[] => {
      const row = jorbId === null ? undefined : views.findRow(jorbId);
      if (!row) return [];
      const { id, name, status, reason, summary, evidence } = toJorb(row);
      const shown = evidence.slice(0, mostEvidence).map(readEvidence);
      return [
        {
          id,
          name,
          status,
          reason,
          summary,
          at,
          evidence: shown,
          moreEvidence: evidence.length - shown.length,
        },
      ];
    });
    return { items, more: endings.reduce((sum, what) => sum + news.count(what), 0) - items.length };
  };
}
