import { and, desc, eq } from 'drizzle-orm';
import { isLive, liveStatuses } from '../domain/jorb.ts';
import type { RouteCandidate, RoutingQuestion } from '../domain/routing.ts';
import { shorten, squeeze } from '../lib/text.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildQuoteMarks } from './quote-marks.ts';
import { type BatchRow, candidateColumns, type RouteInputs, toCandidate } from './route-input.ts';
import { splitEvents } from './route-write.ts';
import { toId, toRow } from './rows.ts';
import { event } from './tables/inbox.ts';
import { address, counterparty, jorb } from './tables/jorbs.ts';

/** However much was written and however many jorbs there are, a question holds no more than this. */
const most = { messages: 10, text: 2000, candidates: 10, name: 100, summary: 200, counterparties: 5 };
/** As many of the latest jorbs of each status are looked at for the words of the message. */
const mostLooked = 60;
/** Shorter words stand in too many names. */
const shortestWord = 4;

export type ReadQuestion = (batch: BatchRow, now: number) => RoutingQuestion;

/** One line for each of the likeliest jorbs; inside the caller's transaction. */
export function buildReadQuestion(db: Db, inputs: RouteInputs): ReadQuestion {
  const makeQuoteMark = buildQuoteMarks(db);
  const listNewest = buildListNewest(db);
  const listLikeliest = buildListLikeliest(db, inputs);
  const findSender = db
    .select({ channel: address.channel, address: address.address })
    .from(address)
    .where(eq(address.id, slot('addressId')))
    .prepare();
  const findName = db
    .select({ name: counterparty.name })
    .from(counterparty)
    .where(eq(counterparty.addressId, slot('addressId')))
    .orderBy(desc(counterparty.jorbId))
    .limit(1)
    .prepare();
  const findPlan = db
    .select({ plan: jorb.plan })
    .from(jorb)
    .where(eq(jorb.id, slot('id')))
    .prepare();

  return ({ id, conversationId, addressId }, now) => {
    const from = findSender.get({ addressId });
    if (!from) throw new Error(`batch_${id} is from nobody`);
    const messages = listNewest(id);
    const text = messages.map((message) => message.text).join('\n');
    return {
      now,
      from,
      contactName: findName.get({ addressId })?.name ?? null,
      messages,
      candidates: listLikeliest(addressId, text).map((candidate) => ({
        ...candidate,
        name: shorten(candidate.name, most.name),
        // The owner's own words: what the agent says of its jorb may be a third party's.
        summary: shorten(toLine(findPlan.get({ id: toRow(candidate.id) })?.plan ?? ''), most.summary),
      })),
      quoteMark: makeQuoteMark(toId('conversation', conversationId)),
    };
  };
}

/** The newest messages of a batch, oldest first. */
function buildListNewest(db: Db): (batchRow: number) => RoutingQuestion['messages'] {
  const select = db
    .select({
      id: event.id,
      grade: event.grade,
      text: event.text,
      inReplyTo: event.inReplyTo,
      at: event.receivedAt,
    })
    .from(event)
    .where(eq(event.batchId, slot('batchRow')))
    .orderBy(event.id)
    .prepare();
  return (batchRow) => {
    const rows = select.all({ batchRow });
    const read = new Set(splitEvents(rows).read.map(({ id }) => id));
    return rows
      .filter(({ id }) => read.has(id))
      .slice(-most.messages)
      .map(({ id, grade, text, at }) => ({
        eventId: toId('event', id),
        grade,
        text: shorten(text, most.text),
        at,
      }));
  };
}

type Likely = RouteCandidate & { counterparties: string[] };

/** Those that know the address, then those whose names the message mentions, then those where something happened last. */
function buildListLikeliest(db: Db, inputs: RouteInputs): (addressId: number, text: string) => Likely[] {
  // By status one at a time, so that an index gives the order.
  const latest = liveStatuses.map((status) =>
    db
      .select(candidateColumns)
      .from(jorb)
      .where(isWord(jorb.status, status))
      .orderBy(desc(jorb.lastActivityAt))
      .limit(mostLooked)
      .prepare(),
  );
  const listNames = db
    .select({ name: counterparty.name })
    .from(counterparty)
    .where(and(eq(counterparty.jorbId, slot('jorbRow'))))
    .orderBy(counterparty.position)
    .limit(most.counterparties)
    .prepare();

  return (addressId, text) => {
    const knowing = inputs.listKnowing(addressId).filter(({ status }) => isLive(status));
    const known = new Set(knowing.map(({ id }) => id));
    const others = latest
      .flatMap((statement) => statement.all().map(toCandidate))
      .filter(({ id }) => !known.has(id));
    const squeezed = squeeze(text);
    const rank = (candidate: RouteCandidate) => {
      const names = listNames
        .all({ jorbRow: toRow(candidate.id) })
        .map(({ name }) => shorten(name, most.name));
      const shared = countShared([candidate.name, ...names], squeezed);
      return { shared, candidate: { ...candidate, counterparties: names } };
    };
    return [knowing, others]
      .flatMap((group) =>
        group
          .map(rank)
          .sort((a, b) => b.shared - a.shared || b.candidate.lastActivityAt - a.candidate.lastActivityAt),
      )
      .slice(0, most.candidates)
      .map(({ candidate }) => candidate);
  };
}

/** How many words of the names stand in the text, whatever its spacing and case. */
function countShared(names: readonly string[], squeezed: string): number {
  const words = new Set(names.flatMap((name) => name.split(/\s+/)).map(squeeze));
  return [...words].filter((word) => word.length >= shortestWord && squeezed.includes(word)).length;
}

function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
