import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Highlight } from '../domain/brief.ts';
import { addressKey } from '../domain/contact.ts';
import { renderQuoted } from '../domain/render/quote.ts';
import type { AuditWhat } from './audit.ts';
import type { News, NewsRow } from './brief-news.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { rowOfSubject, toIdOrNull } from './rows.ts';
import { approval } from './tables/gate.ts';
import { address, fact } from './tables/jorbs.ts';

const longestWords = 160;

/** Kinds worth telling that no other list of a brief shows: what the owner, the gate or a counterparty decided … */
const decisive = [
  'jorb.cancelled',
  'jorb.steered',
  'action.refused',
  'approval.answered',
  'message.assigned',
  'address.opted_out',
  'address.opted_in',
  'owner.stopped',
  'owner.resumed',
] as const satisfies AuditWhat[];
/** … and, where that leaves room, how the jorbs came along. */
const gradual = ['fact.stored', 'phase.advanced'] as const satisfies AuditWhat[];
type Kind = (typeof decisive)[number] | (typeof gradual)[number];

/** The newest entries as sentences, decisive ones before others and then newest first, inside the caller's transaction. */
export function buildListHighlights(db: Db): (news: News, limit: number) => Highlight[] {
  const say = buildSentences(db);
  const listNewest = (news: News, kinds: readonly Kind[], limit: number) =>
    kinds
      .flatMap((kind) => news.list(kind, limit).map((row) => ({ kind, row })))
      .sort((a, b) => b.row.seq - a.row.seq)
      .slice(0, limit);
  return (news, limit) =>
    [...listNewest(news, decisive, limit), ...listNewest(news, gradual, limit)]
      .slice(0, limit)
      .map(({ kind, row }) => ({
        at: row.at,
        jorbId: toIdOrNull('jorb', row.jorbId),
        text: say[kind](row),
        evidence: row.subject,
      }));
}

const afterSchema = z
  .object({
    reason: z.string().nullable(),
    phase: z.string().nullable(),
    rule: z.string(),
  })
  .partial()
  .catch({});

/** What an entry said, as far as a sentence needs it. */
function readAfter(row: NewsRow) {
  return afterSchema.parse(row.after ?? {});
}

/** Whoever said it: between marks that nothing in it can end. */
function because(reason: string | null | undefined): string {
  return reason ? `: ${renderQuoted(reason, longestWords)}` : '';
}

function buildSentences(db: Db): Record<Kind, (row: NewsRow) => string> {
  const findFact = db
    .select({ key: fact.key, value: fact.value })
    .from(fact)
    .where(eq(fact.id, slot('id')))
    .prepare();
  const findApproval = db
    .select({ status: approval.status })
    .from(approval)
    .where(eq(approval.id, slot('id')))
    .prepare();
  const findAddress = db
    .select({ channel: address.channel, address: address.address })
    .from(address)
    .where(eq(address.id, slot('id')))
    .prepare();
  const rowOf = ({ subject }: NewsRow) => ({ id: rowOfSubject(subject) });
  const nameAddress = (row: NewsRow) => {
    const found = findAddress.get(rowOf(row));
    return found ? addressKey(found) : row.subject;
  };

  return {
    'jorb.cancelled': (row) => `was cancelled${because(readAfter(row).reason)}`,
    'jorb.steered': () => 'was steered by the owner',
    'fact.stored': (row) => {
      const found = findFact.get(rowOf(row));
      return found ? `noted ${renderQuoted(`${found.key}: ${found.value}`, longestWords)}` : 'noted a fact';
    },
    'phase.advanced': (row) => {
      const { phase } = readAfter(row);
      return phase ? `reached the phase ${renderQuoted(phase, longestWords)}` : 'finished its last phase';
    },
    'action.refused': (row) => `the gate refused ${row.subject} (${readAfter(row).rule ?? 'no rule'})`,
    'approval.answered': (row) => `${row.subject} was ${findApproval.get(rowOf(row))?.status ?? 'answered'}`,
    'message.assigned': (row) => `the owner gave it ${row.subject}`,
    'address.opted_out': (row) => `${nameAddress(row)} wants no more messages`,
    'address.opted_in': (row) => `${nameAddress(row)} may be written to again`,
    'owner.stopped': (row) => `everything was stopped${because(readAfter(row).reason)}`,
    'owner.resumed': () => 'everything may go on',
  };
}
