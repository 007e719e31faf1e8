import { and, desc, eq, max, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { buildPrivacy } from '../domain/privacy.ts';
import {
  holdsWords,
  listSpellings,
  mostHits,
  readWords,
  renderFoundFacts,
  renderFoundMessages,
} from '../domain/retrieval.ts';
import type { Effect, EffectOutcome, PastMessage } from '../domain/turn.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import { newestFactColumns, toFact } from './facts.ts';
import type { GateReader } from './gate-facts.ts';
import { buildQuoteMarks } from './quote-marks.ts';
import { toId } from './rows.ts';
import { outbox } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { fact } from './tables/jorbs.ts';
import { selectInbound, selectOutbound, toPastMessage } from './transcript.ts';

export type RetrievalEffect = Extract<Effect, { kind: 'retrieve_data' }>;
type Given = { jorbRow: number; turnRow: number; spellings: string; words: string[] };

/** Looks into the memory of one jorb, whose row comes with the scene: no argument of a brain can name another. */
export function buildRetrievalEffect(db: Db, gate: GateReader) {
  const findFacts = buildFindFacts(db);
  const findMessages = buildFindMessages(db, gate);
  const makeQuoteMark = buildQuoteMarks(db);
  return ({ from, words: text }: RetrievalEffect, { jorbRow, turnRow }: EffectScene): EffectOutcome => {
    const words = readWords(text);
    if (words.length === 0) return notDone('words: name at least one word to look for');
    const mark = makeQuoteMark(toId('jorb', jorbRow));
    const given = { jorbRow, turnRow, spellings: JSON.stringify(listSpellings(words)), words };
    return done(
      from === 'facts'
        ? renderFoundFacts(findFacts(given), text, mark)
        : renderFoundMessages(findMessages(given), text, mark),
    );
  };
}

function buildFindFacts(db: Db) {
  const select = db
    .select(newestFactColumns)
    .from(fact)
    .where(eq(fact.jorbId, slot('jorbRow')))
    .groupBy(fact.key)
    .having(holdsEach(sql`${fact.key} || ' ' || ${fact.value}`))
    .orderBy(desc(max(fact.id)))
    .limit(mostHits)
    .prepare();
  return ({ jorbRow, spellings }: Given) => select.all({ jorbRow, spellings }).map(toFact);
}

/** Inbound ones that a turn has seen, and all of our own as a brain may read them. */
function buildFindMessages(db: Db, gate: GateReader) {
  const inbound = selectInbound(db)
    .where(
      and(
        eq(event.jorbId, slot('jorbRow')),
        or(eq(event.turnId, slot('turnRow')), isWord(event.status, 'handled')),
        holdsEach(event.text),
      ),
    )
    .orderBy(desc(event.receivedAt), desc(event.id))
    .limit(mostHits)
    .prepare();
  const outbound = selectOutbound(db)
    .where(and(eq(outbox.jorbId, slot('jorbRow')), holdsEach(outbox.text)))
    .orderBy(desc(outbox.at), desc(outbox.id))
    .limit(mostHits)
    .prepare();
  return ({ words, ...given }: Given): PastMessage[] => {
    const { hideText } = buildPrivacy(gate.readOwner().profile);
    const received = inbound.all(given).map((row) => toPastMessage('in', row));
    const written = outbound
      .all(given)
      .map((row) => toPastMessage('out', { ...row, text: hideText(row.text) }))
      // Else a guess at a private value would be told to be right.
      .filter(({ text }) => holdsWords(text, words));
    return [...received, ...written].sort((a, b) => b.at - a.at).slice(0, mostHits);
  };
}

/** SQLite's lower() knows ASCII only; the spellings make up for it. */
function holdsEach(text: SQLWrapper): SQL {
  return sql`not exists (select 1 from json_each(${slot('spellings')}) word where not exists (
    select 1 from json_each(word.value) spelling where instr(lower(${text}), spelling.value) > 0))`;
}
