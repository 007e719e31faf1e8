import { and, desc, eq, gt, isNotNull, or, sql } from 'drizzle-orm';
import type { DigestDecision, DigestMessage, DigestStory } from '../domain/digest.ts';
import { excerpt, fullRoom, mostDigestMessages } from '../domain/digest-room.ts';
import type { AuditWhat } from './audit.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { DigestScene } from './digest-parts.ts';
import type { JorbRow } from './jorb-moves.ts';
import { rowOfSubject, toId } from './rows.ts';
import { action } from './tables/gate.ts';
import { audit } from './tables/owner.ts';
import { decision } from './tables/turns.ts';
import { buildTranscript } from './transcript.ts';

/** The kinds of entry by which a message became one of a jorb, and those that say what came of it. */
const inKinds = ['message.routed', 'message.assigned'] as const satisfies AuditWhat[];
const outKinds = ['message.sent', 'message.unknown', 'message.failed'] as const satisfies AuditWhat[];

/** Every jorb gets room for so many messages, however many others there are. */
const leastMessages = 6;
/** Below it a brain is not sure of what it decided. */
const sureFrom = 0.6;
/** Of so many newest decisions of a jorb the weightiest are told. */
const decisionsLooked = 20;

/** What happened in each jorb that moved, inside the caller's transaction. */
export function buildGatherStories(db: Db): (scene: DigestScene) => DigestStory[] {
  const listMessages = buildListMessages(db);
  const listDecisions = buildListDecisions(db);
  return ({ moved, mark }) => {
    const share = Math.floor(mostDigestMessages / Math.max(1, moved.length));
    const most = Math.min(fullRoom.messages, Math.max(leastMessages, share));
    return moved
      .map((row) => tell(row, most, mark))
      .filter(({ messages, decisions }) => messages.length + decisions.length > 0);
  };

  function tell({ id, name, status }: JorbRow, most: number, mark: DigestScene['mark']): DigestStory {
    const messages = listMessages(id, mark.seq, most);
    const decisions = listDecisions(id, mark.decision);
    return {
      ...{ id: toId('jorb', id), name, status },
      ...{ messages: messages.items, moreMessages: messages.more },
      ...{ decisions: decisions.items, moreDecisions: decisions.more },
    };
  }
}

function buildListMessages(db: Db) {
  const transcript = buildTranscript(db);
  const isTold = and(
    eq(audit.jorbId, slot('jorbRow')),
    gt(audit.seq, slot('after')),
    isOneOf(audit.what, [...inKinds, ...outKinds]),
  );
  const newest = db
    .select({
      what: audit.what,
      subject: audit.subject,
      events: sql<string | null>`${audit.after} ->> '$.events'`,
    })
    .from(audit)
    .where(isTold)
    .orderBy(desc(audit.seq))
    .limit(slot('limit'))
    .prepare();
  // One entry may be about several messages of others; several may be about one of ours.
  const counted = db
    .select({
      received: sql<number>`coalesce(sum(json_array_length(${audit.after}, '$.events')) filter (where ${isOneOf(audit.what, inKinds)}), 0)`,
      sent: sql<number>`count(distinct ${audit.subject}) filter (where ${isOneOf(audit.what, outKinds)})`,
    })
    .from(audit)
    .where(isTold)
    .prepare();

  function listIds(jorbRow: number, after: number, limit: number): string[] {
    const rows = newest.all({ jorbRow, after, limit });
    const ids = rows.flatMap(({ what, subject, events }): string[] =>
      isOut(what) ? [subject] : JSON.parse(events ?? '[]').toReversed(),
    );
    return [...new Set(ids)].slice(0, limit);
  }

  return (jorbRow: number, after: number, limit: number): { items: DigestMessage[]; more: number } => {
    const { received, sent } = counted.get({ jorbRow, after }) ?? { received: 0, sent: 0 };
    const items = listIds(jorbRow, after, limit)
      .flatMap((id) => {
        const find = id.startsWith('event_') ? transcript.findIn : transcript.findOut;
        return find(rowOfSubject(id)) ?? [];
      })
      .map((entry) => ({ ...entry, text: excerpt(entry.text, fullRoom.characters) }))
      .reverse()
      .sort((a, b) => a.at - b.at);
    return { items, more: Math.max(0, received + sent - items.length) };
  };
}

function isOut(what: string): boolean {
  return outKinds.some((kind) => kind === what);
}

function buildListDecisions(db: Db) {
  // A message that a rule could place needs no reason.
  const isKey = or(isWord(decision.kind, 'turn'), isNotNull(decision.model));
  const isNew = and(eq(decision.jorbId, slot('jorbRow')), gt(decision.id, slot('after')), isKey);
  const newest = db
    .select({
      id: decision.id,
      turnId: decision.turnId,
      by: decision.by,
      model: decision.model,
      confidence: decision.confidence,
      reasoning: decision.reasoning,
      at: decision.at,
    })
    .from(decision)
    .where(isNew)
    .orderBy(desc(decision.id))
    .limit(decisionsLooked)
    .prepare();
  const counted = db.select({ count: sql<number>`count(*)` }).from(decision).where(isNew).prepare();
  const actions = db
    .select({
      id: action.id,
      kind: sql<string>`json_extract(${action.payload}, '$.kind')`,
      consequence: action.consequence,
      status: action.status,
    })
    .from(action)
    .where(and(eq(action.turnId, slot('turnRow')), eq(action.decisionId, slot('id'))))
    .orderBy(action.id)
    .prepare();

  return (jorbRow: number, after: number): { items: DigestDecision[]; more: number } => {
    const found = newest.all({ jorbRow, after }).map(
      ({ turnId: turnRow, ...row }): DigestDecision => ({
        ...row,
        id: toId('decision', row.id),
        reasoning: excerpt(row.reasoning, fullRoom.characters),
        actions:
          turnRow === null
            ? []
            : actions.all({ turnRow, id: row.id }).map((each) => ({ ...each, id: toId('action', each.id) })),
      }),
    );
    const items = found
      .toSorted((a, b) => weigh(b) - weigh(a))
      .slice(0, fullRoom.decisions)
      .sort((a, b) => a.at - b.at || rowOfSubject(a.id) - rowOfSubject(b.id));
    return { items, more: (counted.get({ jorbRow, after })?.count ?? 0) - items.length };
  };
}

/** What binds the owner or asks them weighs most, then what the brain was not sure of. Of equals the newest stays first. */
function weigh({ actions, confidence, reasoning }: DigestDecision): number {
  if (reasoning.text.trim() === '') return 0;
  const binds = actions.some(
    ({ consequence, status }) =>
      !['none', 'message'].includes(consequence) || status === 'awaiting_approval' || status === 'rejected',
  );
  if (binds) return 3;
  return confidence < sureFrom ? 2 : 1;
}
