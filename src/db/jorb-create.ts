import { eq, sql } from 'drizzle-orm';
import type { JorbStore } from '../domain/jorb.ts';
import type { NewJorb } from '../domain/new-jorb.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Ask } from './asking.ts';
import { given, isWord, slot } from './clauses.ts';
import { type Db, write } from './connection.ts';
import type { Contracts } from './contracts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toJorb } from './jorb-views.ts';
import type { StoreParts } from './parts.ts';
import { beginPhases, buildReplacePhases } from './phases.ts';
import { toId, toIdOrNull } from './rows.ts';
import { approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';
import { askForWidening } from './widening.ts';

export type CreateParts = Pick<StoreParts, 'audit'> & { ask: Ask; contracts: Contracts; moves: JorbMoves };

export function buildCreateJorb(
  db: Db,
  { audit, ask, contracts, moves }: CreateParts,
): JorbStore['createJorb'] {
  const replacePhases = buildReplacePhases(db);
  const findKnown = db
    .select({ id: jorb.id, requestHash: jorb.requestHash })
    .from(jorb)
    .where(eq(jorb.idempotencyKey, slot('key')))
    .prepare();
  const firstPending = db
    .select({ id: approval.id })
    .from(approval)
    .where(sql`${eq(approval.jorbId, slot('jorbRow'))} and ${isWord(approval.status, 'pending')}`)
    .orderBy(approval.id)
    .limit(1)
    .prepare();
  const insert = db
    .insert(jorb)
    .values({
      name: slot('name'),
      plan: slot('plan'),
      status: 'planning',
      contractVersion: 1,
      createdAt: slot('now'),
      updatedAt: slot('now'),
      lastActivityAt: slot('now'),
      progressAt: slot('now'),
      idempotencyKey: slot('idempotencyKey'),
      requestHash: slot('requestHash'),
      notifyOn: given('notifyOn'),
    })
    .returning({ id: jorb.id })
    .prepare();

  function findSame({ idempotencyKey, requestHash }: NewJorb) {
    const known = idempotencyKey === null ? undefined : findKnown.get({ key: idempotencyKey });
    if (!known) return undefined;
    if (known.requestHash === requestHash) return known.id;
    throw new Refusal(
      'conflict',
      `idempotency_key was used for another request, ${toId('jorb', known.id)}; use a new key for a new jorb`,
      'idempotency_key',
    );
  }

  return (input, now) =>
    write(db, () => {
      const same = findSame(input);
      if (same !== undefined) {
        return {
          jorb: toJorb(moves.getJorbRow(same)),
          created: false,
          approvalId: toIdOrNull('approval', firstPending.get({ jorbRow: same })?.id ?? null),
        };
      }
      const { name, plan, phases, counterparties, contract, widening, start, idempotencyKey, notifyOn } =
        input;
      const { id: jorbRow } = insert.get({
        name,
        plan,
        idempotencyKey,
        requestHash: input.requestHash,
        notifyOn: notifyOn && JSON.stringify(notifyOn),
        now,
      });
      const subject = toId('jorb', jorbRow);
      audit({
        at: now,
        actor: 'owner',
        what: 'jorb.created',
        jorbRow,
        subject,
        after: { name, ...(notifyOn && { notifyOn }) },
      });
      replacePhases(jorbRow, beginPhases(phases));
      const contractVersion = contracts.putContract(jorbRow, { contract, counterparties }, now);
      const question = { jorbRow, contractVersion, counterparties, startAfter: start };
      const approvalId = widening && askForWidening(ask, { ...question, widening }, now);
      if (start && !widening) {
        moves.moveJorbRow(
          jorbRow,
          { command: 'start', by: 'owner', cause: null, reason: null, evidence: [] },
          now,
        );
        moves.makeDue(jorbRow, 'started', now);
      }
      return { jorb: toJorb(moves.getJorbRow(jorbRow)), created: true, approvalId };
    });
}
