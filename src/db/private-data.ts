import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Counterparty } from '../domain/contact.ts';
import type { ProfileField } from '../domain/gate.ts';
import { holdsField, openForSearch } from '../domain/policy/private-fields.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { action, approval } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { contract, fact, jorb } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';

/** To look through a million characters takes a third of a second. What got more may hold anything. */
const mostInbound = 1_000_000;

/** Whether a jorb was ever given private data: a growing mark, which nothing takes off again. */
export type HoldsPrivate = (
  jorbRow: number,
  known: { profile: readonly ProfileField[]; counterparties: readonly Counterparty[] },
) => boolean;

/**
 * What may be told without a question under any contract so far, what the owner let it tell, and what stands
 * in the owner's words, in the facts it keeps or in what others wrote to it. The name is no secret: the agent
 * writes in it.
 */
export function buildHoldsPrivate(db: Db): HoldsPrivate {
  const listContracts = db
    .select({ body: contract.body })
    .from(contract)
    .where(eq(contract.jorbId, slot('jorbRow')))
    .prepare();
  const findTold = db
    .select({ id: action.id })
    .from(action)
    .where(
      and(
        eq(action.jorbId, slot('jorbRow')),
        isOneOf(action.status, ['approved', 'queued', 'done', 'unknown', 'failed']),
        sql`${action.findings} like '%"share_info"%'`,
      ),
    )
    .limit(1)
    .prepare();
  const listWords = buildListWords(db);
  const inbound = db
    .select({ length: sql<number>`coalesce(sum(length(${event.text})), 0)` })
    .from(event)
    .where(eq(event.jorbId, slot('jorbRow')))
    .prepare();
  const measureInbound = (jorbRow: number) => inbound.get({ jorbRow })?.length ?? 0;

  return (jorbRow, { profile, counterparties }) => {
    const isSharing = listContracts
      .all({ jorbRow })
      .some(({ body }) => body.share.some(({ field }) => field !== 'name'));
    if (isSharing || findTold.get({ jorbRow })) return true;
    const fields = profile.filter(({ field }) => field !== 'name');
    if (fields.length === 0) return false;
    const asks = counterparties.flatMap(({ ask }) => ask ?? []);
    if (measureInbound(jorbRow) > mostInbound) return true;
    return [...listWords(jorbRow), ...asks].some((text) => {
      const searched = openForSearch(text);
      return fields.some((field) => holdsField(searched, field));
    });
  };
}

function buildListWords(db: Db): (jorbRow: number) => string[] {
  const findPlan = db
    .select({ text: jorb.plan })
    .from(jorb)
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  // Guidance, and the plans that were replaced.
  const listSteering = db
    .select({ text: sql<string>`coalesce(${audit.before}, '') || ' ' || ${audit.after}` })
    .from(audit)
    .where(and(eq(audit.jorbId, slot('jorbRow')), isWord(audit.what, 'jorb.steered')))
    .prepare();
  const listAnswers = db
    .select({ text: sql<string>`${approval.answerText}` })
    .from(approval)
    .where(and(eq(approval.jorbId, slot('jorbRow')), isNotNull(approval.answerText)))
    .prepare();
  const listFacts = db
    .select({ text: fact.value })
    .from(fact)
    .where(eq(fact.jorbId, slot('jorbRow')))
    .prepare();
  const listInbound = db
    .select({ text: event.text })
    .from(event)
    .where(eq(event.jorbId, slot('jorbRow')))
    .prepare();
  return (jorbRow) =>
    [findPlan, listSteering, listAnswers, listFacts, listInbound].flatMap((statement) =>
      statement.all({ jorbRow }).map(({ text }) => text),
    );
}
