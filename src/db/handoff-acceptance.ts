import { and, eq } from 'drizzle-orm';
import { buildHandoff, changeTexts } from '../domain/build-handoff.ts';
import type { Acceptance, HandoffGround, HandoffOffer } from '../domain/handoff.ts';
import { checkDraft, repairDraft } from '../domain/handoff-draft.ts';
import { parseId } from '../domain/ids.ts';
import { isLive } from '../domain/jorb.ts';
import { buildPrivacy } from '../domain/privacy.ts';
import { renderPayload } from '../domain/render/payload.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { GateReader } from './gate-facts.ts';
import type { HandoffRow, HandoffRows } from './handoff-rows.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildListPromises } from './promises.ts';
import { toId, toRow } from './rows.ts';
import { action, approval, outbox } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { fact, promise } from './tables/jorbs.ts';

const longestQuestion = 300;

export type AcceptOne = (row: HandoffRow, offer: HandoffOffer, now: number) => Acceptance;

type AcceptParts = { gate: GateReader; moves: JorbMoves; rows: HandoffRows };

/** Over the rows as they are now, inside the caller's transaction: what was promised meanwhile is in it. */
export function buildAcceptOne(db: Db, { gate, moves, rows }: AcceptParts): AcceptOne {
  const readGround = buildReadGround(db, gate);
  return (row, { draft, by, repair }, now) => {
    const { status, handoffId: before } = moves.getJorbRow(row.jorbId);
    if (!isLive(status)) {
      rows.drop(row, `the jorb is ${status}`, now);
      return { kind: 'over' };
    }
    const ground = readGround(row.jorbId);
    const problems = checkDraft(draft, ground);
    const isRight = problems.length === 0;
    if (!isRight && !repair) return { kind: 'wrong', problems };
    const { hideText } = buildPrivacy(gate.readOwner().profile);
    const body = buildHandoff(isRight ? draft : repairDraft(draft, ground), ground);
    const writer = isRight ? by : `${by}, mended`;
    rows.accept(row, { body: changeTexts(body, hideText), by: writer, before }, now);
    return { kind: 'accepted' };
  };
}

function buildReadGround(db: Db, gate: GateReader): (jorbRow: number) => HandoffGround {
  const listPromises = buildListPromises(db);
  const isOfJorb = buildIsOfJorb(db);
  const listPending = db
    .select({ id: approval.id, payload: action.payload })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(and(eq(approval.jorbId, slot('jorbRow')), isWord(approval.status, 'pending')))
    .orderBy(approval.id)
    .prepare();
  return (jorbRow) => {
    const { contract, contractVersion } = gate.readGround(jorbRow);
    return {
      promises: listPromises(jorbRow),
      approvals: listPending.all({ jorbRow }).map(({ id, payload }) => ({
        id: toId('approval', id),
        asked: renderPayload(payload, longestQuestion),
      })),
      contract,
      contractVersion,
      knows: (id) => isOfJorb(jorbRow, id),
    };
  };
}

/** Whether a public id is of a row of the jorb. Every other id is nobody's. */
function buildIsOfJorb(db: Db): (jorbRow: number, id: string) => boolean {
  const isRow = (
    table: typeof event | typeof outbox | typeof fact | typeof promise | typeof approval | typeof action,
  ) =>
    db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.id, slot('row')), eq(table.jorbId, slot('jorbRow'))))
      .prepare();
  const finders = new Map([
    ['event', isRow(event)],
    ['outbox', isRow(outbox)],
    ['fact', isRow(fact)],
    ['promise', isRow(promise)],
    ['approval', isRow(approval)],
    ['action', isRow(action)],
  ]);
  return (jorbRow, id) => {
    const kind = id.slice(0, id.lastIndexOf('_'));
    const find = finders.get(kind);
    const known = parseId(kind, id);
    return (
      find !== undefined && known !== undefined && find.get({ row: toRow(known), jorbRow }) !== undefined
    );
  };
}
