import { eq } from 'drizzle-orm';
import type { ApprovalId, JorbId } from '../domain/ids.ts';
import type { JorbCommand, JorbStore } from '../domain/jorb.ts';
import { Refusal } from '../domain/refusal.ts';
import type { TurnTrigger } from '../domain/turn.ts';
import { lazy } from '../lib/lazy.ts';
import { buildActivityStore } from './activity.ts';
import { buildAsk } from './asking.ts';
import { slot } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { buildListDecisions } from './decision-views.ts';
import { buildFindExtension } from './extension-asking.ts';
import { buildCreateJorb } from './jorb-create.ts';
import { buildJorbMoves, type JorbMoves } from './jorb-moves.ts';
import { buildJorbViews, toJorb } from './jorb-views.ts';
import type { StoreParts } from './parts.ts';
import { toId, toRow } from './rows.ts';
import { buildSteerJorb } from './steering.ts';
import { jorb } from './tables/jorbs.ts';
import { buildTranscript } from './transcript.ts';

/** What the owner's own command makes due. */
const triggers: Partial<Record<JorbCommand, TurnTrigger>> = { start: 'started', resume: 'resumed' };

/** Each operation prepares its statements when it is first called: most processes only read. */
export function buildJorbStore(db: Db, { audit }: StoreParts): JorbStore {
  const contracts = lazy(() => buildContracts(db, audit));
  const moves = lazy(() => buildJorbMoves(db, audit));
  const views = lazy(() => buildJorbViews(db, contracts()));
  const transcript = lazy(() => buildTranscript(db));
  const parts = lazy(() => ({ audit, ask: buildAsk(db, audit), contracts: contracts(), moves: moves() }));
  const create = lazy(() => buildCreateJorb(db, parts()));
  const steer = lazy(() => buildSteerJorb(db, parts()));
  const move = lazy(() => buildMoveJorb(db, moves()));
  const activity = lazy(() => buildActivityStore(db));
  const listDecisions = lazy(() => buildListDecisions(db));
  return {
    createJorb: (...given) => create()(...given),
    steerJorb: (...given) => steer()(...given),
    moveJorb: (...given) => move()(...given),
    getJorb: (id) => read(db, () => views().getDetail(toRow(id))),
    listJorbs: ({ statuses, limit, offset }) =>
      read(db, () => {
        const counts = views().countByStatus();
        const total = statuses.reduce((sum, status) => sum + counts[status], 0);
        return { jorbs: views().listSummaries({ statuses, limit, offset }), total };
      }),
    readTranscript: (id, page) =>
      read(db, () => transcript().readPage(moves().getJorbRow(toRow(id)).id, page)),
    listDecisions: (filter) =>
      read(db, () => {
        if (filter.jorbId !== null) moves().getJorbRow(toRow(filter.jorbId));
        return listDecisions()(filter);
      }),
    listActivity: (...given) => activity().listActivity(...given),
    getAction: (id) => activity().getAction(id),
  };
}

function buildMoveJorb(db: Db, moves: JorbMoves): JorbStore['moveJorb'] {
  const findExtension = buildFindExtension(db);
  const forgetFailures = db
    .update(jorb)
    .set({ turnFailures: 0 })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  return (id, command, reason, now) =>
    write(db, () => {
      const jorbRow = toRow(id);
      const cause = command === 'pause' ? 'owner' : null;
      const asked = command === 'resume' ? findExtension(jorbRow) : undefined;
      if (asked !== undefined) throw refuseToGoOn(id, toId('approval', asked));
      moves.moveJorbRow(jorbRow, { command, by: 'owner', cause, reason, evidence: [] }, now);
      const trigger = triggers[command];
      if (trigger) {
        forgetFailures.run({ jorbRow });
        moves.makeDue(jorbRow, trigger, now);
        moves.touchJorb(jorbRow, { progress: true }, now);
      }
      return toJorb(moves.getJorbRow(jorbRow));
    });
}

/** Whoever can resume a jorb, as a chat program can, cannot keep it open for ever. */
function refuseToGoOn(id: JorbId, asked: ApprovalId): Refusal {
  return new Refusal(
    'conflict',
    `${id} has been open for long and ${asked} asks whether it may go on; answer that first`,
    'id',
  );
}
