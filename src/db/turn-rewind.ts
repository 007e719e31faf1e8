import { and, eq, lte, sql } from 'drizzle-orm';
import type { HandoffId } from '../domain/ids.ts';
import type { Jorb, Phase } from '../domain/jorb.ts';
import { given, isOneOf, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { jorb } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';
import type { TurnRow } from './turn-rows.ts';

export type Wake = Pick<Jorb, 'wakeAt' | 'wakeReason'>;

/** What stood in the jorb's rows when a turn began; undefined where the turn has left it as it was. */
export type Before = {
  phases: Phase[] | undefined;
  wake: Wake | undefined;
  /** What its context began with, where another handoff was accepted while it ran. */
  handoff: { id: HandoffId | null } | undefined;
};

export type TurnRewind = {
  readBefore(turn: TurnRow): Before;
  /** The wake that the turn answered is done with. */
  endWake(turn: TurnRow): void;
  /** The wake that a failed turn answered holds again, whatever the turn planned instead. */
  restoreWake(turn: TurnRow): void;
};

const planChanges = ['phase.advanced', 'plan.updated'];

/** What changed in the jorb's plans while the turn ran, undone in the mind: each has left what was before in the audit. */
export function buildTurnRewind(db: Db): TurnRewind {
  const changes = db
    .select({ what: audit.what, before: audit.before })
    .from(audit)
    .where(
      and(
        eq(audit.jorbId, slot('jorbRow')),
        isOneOf(audit.what, [...planChanges, 'wake.scheduled', 'handoff.accepted']),
        eq(sql`json_extract(${audit.after}, '$.turn')`, slot('turnId')),
      ),
    )
    .orderBy(audit.seq)
    .prepare();
  const endWake = db
    .update(jorb)
    .set({ wakeAt: null, wakeReason: null })
    .where(and(eq(jorb.id, slot('jorbRow')), lte(jorb.wakeAt, slot('startedAt'))))
    .prepare();
  const setWake = db
    .update(jorb)
    .set({ wakeAt: given('wakeAt'), wakeReason: given('wakeReason') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  function readBefore({ id, jorbId: jorbRow }: TurnRow): Before {
    const rows = changes.all({ jorbRow, turnId: toId('turn', id) });
    const wake = rows.find(({ what }) => what === 'wake.scheduled');
    const handoff = rows.find(({ what }) => what === 'handoff.accepted');
    const plan = rows.find(({ what }) => planChanges.includes(what));
    return {
      phases: (plan?.before as { phases: Phase[] } | undefined)?.phases,
      wake: wake?.before as Wake | undefined,
      handoff: handoff?.before as Before['handoff'],
    };
  }

  return {
    readBefore,
    endWake: ({ jorbId: jorbRow, startedAt }) => {
      endWake.run({ jorbRow, startedAt });
    },
    restoreWake(turn) {
      const { wake } = readBefore(turn);
      const wasDue = wake?.wakeAt != null && wake.wakeAt <= turn.startedAt;
      if (wasDue) setWake.run({ jorbRow: turn.jorbId, ...wake });
    },
  };
}
