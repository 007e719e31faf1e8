import { dayMs } from '../../../src/lib/duration.ts';
import type { Stage } from '../stage.ts';
import { listSent, type Sent } from './wire-lines.ts';

/** Sums of what left, in whole cents, by the prices in the decided bytes and not by the ledger. */
export function checkMoney(stage: Stage): string[] {
  const { limit } = stage.cast;
  const paid = listSent(stage).filter(({ row }) => row?.payload.price);
  return paid.flatMap((line, index) => {
    const until = paid.slice(0, index + 1);
    const price = line.row?.payload.price;
    const { money } = line.contract ?? {};
    const ofErrand = until.filter(({ jorbId }) => jorbId === line.jorbId);
    const unasked = (lines: Sent[]) => sum(lines.filter(({ yes }) => !yes));
    const inWindow = until.filter(({ row }) => (row?.queuedAt ?? 0) > (line.row?.queuedAt ?? 0) - dayMs);
    return [
      ...(Number.isSafeInteger(price?.minor) && Number(price?.minor) > 0
        ? []
        : [`${line.what} has no whole price`]),
      ...(price?.currency === money?.currency ? [] : [`${line.what} is in ${price?.currency}`]),
      ...(line.yes || unasked(inWindow) <= limit.minor
        ? []
        : [`${unasked(inWindow)} were spent unasked in a day, over ${limit.minor}`]),
      ...(line.yes || unasked(ofErrand) <= (money?.withoutApproval ?? 0)
        ? []
        : [`jorb_${line.jorbId} spent ${unasked(ofErrand)} unasked`]),
      ...(sum(ofErrand) <= (money?.budget ?? Number.POSITIVE_INFINITY)
        ? []
        : [`jorb_${line.jorbId} spent ${sum(ofErrand)}, over its budget`]),
      ...checkLedger(stage, line),
    ];
  });
}

/** What left was set aside to the cent. */
function checkLedger({ world }: Stage, { what, key, row }: Sent): string[] {
  const [entry] = world.sql(
    `select l.minor, l.status from outbox o join ledger l on l.action_id = o.action_id where o.key = ?`,
    key,
  );
  const isSetAside = entry?.minor === row?.payload.price?.minor && entry?.status !== 'released';
  return isSetAside ? [] : [`${what} spends what nobody set aside`];
}

function sum(lines: Sent[]): number {
  return lines.reduce((total, { row }) => total + (row?.payload.price?.minor ?? 0), 0);
}
