import { desc, eq } from 'drizzle-orm';
import type { Decision } from '../domain/decision.ts';
import type { JorbCommand } from '../domain/jorb.ts';
import type { JorbStore } from '../domain/store.ts';
import type { TurnTrigger } from '../domain/turn.ts';
import { buildActivityStore } from './activity.ts';
import { buildAsk } from './asking.ts';
import { slot } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { buildCreateJorb } from './jorb-create.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import { buildJorbViews, toJorb } from './jorb-views.ts';
import type { StoreParts } from './parts.ts';
import { toId, toIdOrNull, toRow } from './rows.ts';
import { buildSteerJorb } from './steering.ts';
import { jorb } from './tables/jorbs.ts';
import { decision } from './tables/turns.ts';
import { buildTranscript } from './transcript.ts';

/** What the owner's own command makes due. */
const triggers: Partial<Record<JorbCommand, TurnTrigger>> = { start: 'started', resume: 'resumed' };

export function buildJorbStore(db: Db, { audit }: StoreParts): JorbStore {
  const contracts = buildContracts(db, audit);
  const moves = buildJorbMoves(db, audit);
  const views = buildJorbViews(db, contracts);
  const transcript = buildTranscript(db);
  const parts = { audit, ask: buildAsk(db, audit), contracts, moves };
  const forgetFailures = db
    .update(jorb)
    .set({ turnFailures: 0 })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const decisions = db
    .select()
    .from(decision)
    .where(eq(decision.jorbId, slot('jorbRow')))
    .orderBy(desc(decision.id))
    .limit(slot('limit'))
    .prepare();

  return {
    ...buildActivityStore(db),
    createJorb: buildCreateJorb(db, parts),
    steerJorb: buildSteerJorb(db, parts),
    getJorb: (id) => read(db, () => views.getDetail(toRow(id))),
    listJorbs: ({ statuses, limit, offset }) =>
      read(db, () => {
        const counts = views.countByStatus();
        const total = statuses.reduce((sum, status) => sum + counts[status], 0);
        return { jorbs: views.listSummaries({ statuses, limit, offset }), total };
      }),
    moveJorb: (id, command, reason, now) =>
      write(db, () => {
        const jorbRow = toRow(id);
        const cause = command === 'pause' ? 'owner' : null;
        moves.moveJorbRow(jorbRow, { command, by: 'owner', cause, reason, evidence: [] }, now);
        const trigger = triggers[command];
        if (trigger) {
          forgetFailures.run({ jorbRow });
          moves.makeDue(jorbRow, trigger, now);
          moves.touchJorb(jorbRow, { progress: true }, now);
        }
        return toJorb(moves.getJorbRow(jorbRow));
      }),
    readTranscript: (id, page) => read(db, () => transcript.readPage(moves.getJorbRow(toRow(id)).id, page)),
    listDecisions: (id, limit) =>
      read(db, () => decisions.all({ jorbRow: moves.getJorbRow(toRow(id)).id, limit }).map(toDecision)),
  };
}

function toDecision(row: typeof decision.$inferSelect): Decision {
  return {
    ...row,
    id: toId('decision', row.id),
    jorbId: toIdOrNull('jorb', row.jorbId),
    turnId: toIdOrNull('turn', row.turnId),
  };
}
