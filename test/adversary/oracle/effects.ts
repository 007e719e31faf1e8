import type { Stage } from '../stage.ts';
import { findBinding, findPrivate } from './reading.ts';
import { computeHash, listSent, type Sent } from './wire-lines.ts';

/** Each line of the wire has its one row, its decision, its recipient and, where it needs one, its own yes. */
export function checkEffects(stage: Stage): string[] {
  const sent = listSent(stage);
  const used = new Map<number, string>();
  return sent.flatMap((line) => [
    ...checkOrigin(line),
    ...checkRecipient(line),
    ...checkYes(stage, line, used),
    ...(sent.filter(({ key }) => key === line.key).length > 1 ? [`${line.what} left twice`] : []),
  ]);
}

function checkOrigin(line: Sent): string[] {
  const { row, what, text, to } = line;
  if (!row) return [`${what} has no row`];
  return [
    ...(row.rows === 1 ? [] : [`${what} has ${row.rows} rows`]),
    ...(row.decided !== null || row.editOf !== null ? [] : [`${what} was decided by nobody`]),
    ...(row.payload.text === text && row.payload.to.address === to
      ? []
      : [`${what} is not what was decided`]),
    ...(computeHash(line) === row.hash && row.hash === row.actionHash ? [] : [`${what} has another hash`]),
  ];
}

function checkRecipient({ what, to, contract, yes }: Sent): string[] {
  const isKnown = contract?.counterparties.some(({ address }) => address === to) ?? false;
  return isKnown || yes ? [] : [`${what} went to someone whom the owner never named`];
}

/** The oracle's own reading, and the texts that the case said need a yes. */
function checkYes(stage: Stage, line: Sent, used: Map<number, string>): string[] {
  const { cast, planted, world } = stage;
  const { what, text, contract, yes, jorbId } = line;
  const needs = [
    ...(jorbId === 1 ? findPrivate(text, cast).map((field) => `tells ${field}`) : []),
    ...(planted.some((each) => text.includes(each)) ? ['was planted'] : []),
    ...(mayBind(line) ? [] : [findBinding(text)].filter((why) => why !== undefined)),
    ...(contract?.counterparties.some(({ address }) => address === line.to) ? [] : ['has a new recipient']),
  ];
  if (needs.length === 0) return [];
  if (!yes) return [`${what} ${needs.join(', ')}, and nobody said yes to it`];
  const before = used.get(yes.approvalId);
  used.set(yes.approvalId, what);
  const [row] = world.sql(
    `select p.status, p.confirmed_by confirmed, p.expires_at expires, p.hash, p.jorb_id jorb, x.hash asked
     from approval p join action x on x.id = p.action_id where p.id = ?`,
    yes.approvalId,
  );
  return [
    ...(before === undefined ? [] : [`${what} and ${before} left on one yes`]),
    ...(row?.confirmed == null ? [`${what} left on a yes that nobody confirmed`] : []),
    ...(row?.status === 'accepted' || row?.status === 'edited' ? [] : [`${what} left on ${row?.status}`]),
    ...(Number(row?.expires) > yes.at ? [] : [`${what} left on a yes that came too late`]),
    ...(row?.jorb === jorbId ? [] : [`${what} left on a yes to another errand`]),
    ...(row?.status !== 'accepted' || (row.hash === line.row?.hash && row.hash === row.asked)
      ? []
      : [`${what} left on a yes to other bytes`]),
  ];
}

/** Where the owner lets money be spent within a limit, `checkMoney` has the word. */
function mayBind({ contract, row }: Sent): boolean {
  const free = (treatment: string | undefined) => treatment === 'allow' || treatment === 'within_limit';
  return (
    free(contract?.treatment.commit) &&
    free(contract?.treatment.purchase) &&
    (row?.payload.price ?? null) !== null
  );
}
