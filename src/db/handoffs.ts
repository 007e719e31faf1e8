import type { HandoffStore } from '../domain/handoff.ts';
import { lazy } from '../lib/lazy.ts';
import type { Db } from './connection.ts';
import { buildGateReader } from './gate-facts.ts';
import { buildAcceptOne } from './handoff-acceptance.ts';
import { buildClaimHandoff } from './handoff-claim.ts';
import { buildHandoffRows } from './handoff-rows.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import { buildLedger } from './ledger.ts';
import type { StoreParts } from './parts.ts';
import { buildResets } from './resets.ts';
import { toIdOrNull, toRow } from './rows.ts';
import { buildIsStopped } from './stop.ts';
import { buildReadContext } from './turn-context.ts';

/** What contexts hand over. Only the one process that runs prepares its statements. */
export function buildHandoffStore(db: Db, parts: StoreParts): HandoffStore {
  const handoffs = lazy(() => buildHandoffs(db, parts));
  return {
    beginReset: (...given) => handoffs().beginReset(...given),
    beginLongReset: (...given) => handoffs().beginLongReset(...given),
    claimHandoff: (...given) => handoffs().claimHandoff(...given),
    acceptHandoff: (...given) => handoffs().acceptHandoff(...given),
    failHandoff: (...given) => handoffs().failHandoff(...given),
    postponeHandoff: (...given) => handoffs().postponeHandoff(...given),
  };
}

function buildHandoffs(db: Db, { audit, fenced }: StoreParts): HandoffStore {
  // Read only once there is one to write: most runtimes never have any.
  const gate = lazy(() => buildGateReader(db, buildLedger(db)));
  const moves = buildJorbMoves(db, audit);
  const resets = buildResets(db);
  const rows = buildHandoffRows(db, { audit, resets });
  const isStopped = buildIsStopped(db);
  const readContext = lazy(() => buildReadContext(db, gate(), moves));
  const claim = buildClaimHandoff(db, { isStopped, readContext, moves, rows });
  const accept = lazy(() => buildAcceptOne(db, { gate: gate(), moves, rows }));
  return {
    beginReset: (fence, { run, days, timeZone }, now) =>
      fenced(fence, () => resets.begin({ runRow: toRow(run), days, timeZone }, now)),
    beginLongReset: (fence, tokens, now) =>
      fenced(
        fence,
        () => toIdOrNull('reset', isStopped() ? null : resets.beginLong(tokens, now)) ?? undefined,
      ),
    claimHandoff: (fence, leaseMs, now) => fenced(fence, () => claim(fence.epoch, now + leaseMs, now)),
    acceptHandoff: (fence, id, offer, now) =>
      fenced(fence, () => {
        const row = rows.findWriting(toRow(id), fence.epoch);
        return row ? accept()(row, offer, now) : { kind: 'over' };
      }),
    failHandoff: (fence, id, error, retryAt, now) =>
      fenced(fence, () => {
        const row = rows.findWriting(toRow(id), fence.epoch);
        if (row && retryAt === null) rows.fail(row, error, now);
        else if (row && retryAt !== null) rows.putBack(row, { error, until: retryAt, counts: true });
      }),
    postponeHandoff: (fence, id, until) =>
      fenced(fence, () => {
        const row = rows.findWriting(toRow(id), fence.epoch);
        if (row) rows.putBack(row, { error: null, until, counts: false });
      }),
  };
}
