/**
 * Says what is wrong with a data folder, from the wire log and the rows alone, through a connection of
 * its own: what a simulation or a killed process must never be able to bring about.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { verifyAudit } from '../../src/db/audit.ts';
import { connect } from '../../src/db/connection.ts';
import { hashAction } from '../../src/domain/action.ts';
import { addressKey } from '../../src/domain/contact.ts';
import type { Contract } from '../../src/domain/contract.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import type { Money } from '../../src/lib/money.ts';
import { type ApprovalRow, type LedgerRow, type OutboxRow, type Rows, readRows } from './oracle-rows.ts';

export type WireLine = { at: string; to: string; text: string; key: string; jorb: string };

export type Expectations = {
  now: number;
  /** External ids of the messages whose sender was told that they are in. */
  acknowledged: readonly string[];
  /** Whether a runtime has since recovered and found nothing more to do at `now`. */
  settled: boolean;
  ownerLimit: Money;
};

/** What a reader of the wire has received. A last line without its line end was never delivered. */
export function readWire(dataDir: string): WireLine[] {
  const file = join(dataDir, 'loopback', 'wire.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as WireLine);
}

/** One sentence for each rule that is broken; empty when all is well. */
export function findViolations(dataDir: string, expectations: Expectations): string[] {
  const file = join(dataDir, 'jorbs.db');
  const client = new Database(file, { readonly: true });
  try {
    const rows = readRows(client);
    const wire = readWire(dataDir);
    return [
      ...checkFile(client, file),
      ...checkWire(wire, rows),
      ...checkGround(rows),
      ...checkMessages(rows, expectations),
      ...checkMoney(rows, expectations.ownerLimit),
      ...checkRates(rows),
      ...(expectations.settled ? checkSettled(wire, rows, expectations.now) : []),
    ];
  } finally {
    client.close();
  }
}

function checkFile(client: Database.Database, file: string): string[] {
  const integrity = client.pragma('integrity_check', { simple: true });
  const orphans = client.pragma('foreign_key_check') as unknown[];
  const db = connect(file);
  const broken = verifyAudit(db);
  db.$client.close();
  return [
    ...(integrity === 'ok' ? [] : [`the file is damaged: ${String(integrity)}`]),
    ...(orphans.length === 0 ? [] : [`${orphans.length} rows refer to nothing`]),
    ...(broken === undefined ? [] : [`audit entry ${broken} does not follow from the one before it`]),
  ];
}

/** Each line of the wire is one outbox row's, and no row has two. */
function checkWire(wire: WireLine[], { outbox, actions }: Rows): string[] {
  const byKey = new Map(outbox.map((row) => [row.key, row]));
  const seen = new Set<string>();
  return wire.flatMap((line) => {
    const row = byKey.get(line.key);
    if (seen.has(line.key)) return [`sent twice: ${line.key} to ${line.to}`];
    seen.add(line.key);
    if (!row) return [`on the wire without a row: ${line.key} to ${line.to}`];
    const action = actions.get(row.actionId);
    if (action?.payload.kind !== 'send_message') return [`outbox_${row.id} is no message's`];
    const { payload } = action;
    return [
      ...(row.status === 'queued' || row.status === 'failed'
        ? [`outbox_${row.id} is ${row.status} although it is on the wire`]
        : []),
      ...(line.text === payload.text && line.text === row.text
        ? []
        : [`outbox_${row.id} went out with another text than its action's`]),
      ...(line.to === payload.to.address && line.to === row.address && line.jorb === `jorb_${row.jorbId}`
        ? []
        : [`outbox_${row.id} went to ${line.to} for ${line.jorb}`]),
      ...(action.hash === hashAction(`jorb_${action.jorbId}`, action.contractVersion, payload)
        ? []
        : [`action_${action.id} does not have the hash of its payload`]),
    ];
  });
}

/** Each message that was ever queued was allowed: by the contract in force, or by the owner's confirmed yes. */
function checkGround({ outbox, actions, approvals, contracts }: Rows): string[] {
  return outbox.flatMap((row) => {
    const action = actions.get(row.actionId);
    const contract = contracts.get(`${row.jorbId}/${action?.contractVersion}`);
    if (action?.payload.kind !== 'send_message' || !contract) return [`outbox_${row.id} has no contract`];
    const { to, text } = action.payload;
    const approved = approvals.some(
      (approval) =>
        approval.confirmedBy !== null &&
        ((approval.actionId === action.id && approval.status === 'accepted') ||
          (approval.jorbId === row.jorbId && approval.status === 'edited' && isEditOf(approval, text))),
    );
    const known = contract.counterparties.some((address) => addressKey(address) === addressKey(to));
    const treatment = treatmentOf(contract, action.consequence);
    return [
      ...(action.decidedFor === row.jorbId ? [] : [`outbox_${row.id} was queued and no decision led to it`]),
      ...(known || approved ? [] : [`outbox_${row.id} is for ${to.address}, who is not in the contract`]),
      ...(treatment === 'refuse' ? [`outbox_${row.id} is a ${action.consequence}, which is refused`] : []),
      ...(treatment === 'ask' && !approved
        ? [`outbox_${row.id} is a ${action.consequence} and nobody approved it`]
        : []),
    ];
  });
}

/** The gate may add its closing line to what the owner wrote. */
function isEditOf(approval: ApprovalRow, text: string): boolean {
  return approval.answerText !== null && text.startsWith(approval.answerText.trim());
}

function treatmentOf(contract: Contract, consequence: string): string {
  return contract.treatment[consequence as keyof Contract['treatment']] ?? 'allow';
}

function checkMessages({ events }: Rows, { acknowledged }: Expectations): string[] {
  const counts = new Map<string, number>();
  for (const { externalId } of events) counts.set(externalId, (counts.get(externalId) ?? 0) + 1);
  return [
    ...acknowledged.filter((id) => !counts.has(id)).map((id) => `lost: message ${id}`),
    ...[...counts]
      .filter(([, count]) => count > 1)
      .map(([id, count]) => `message ${id} is in ${count} times`),
  ];
}

function checkMoney({ ledger, actions, contracts }: Rows, ownerLimit: Money): string[] {
  const spent = ledger.filter((row) => row.status !== 'released');
  return spent.flatMap((row, index) => {
    const until = spent.slice(0, index + 1).filter((other) => other.currency === row.currency);
    const ofJorb = until.filter((other) => other.jorbId === row.jorbId);
    const money = contracts.get(`${row.jorbId}/${actions.get(row.actionId)?.contractVersion}`)?.money;
    const unapproved = (rows: LedgerRow[]) => sum(rows.filter((other) => !other.approved));
    const lastDay = unapproved(until.filter((other) => other.at > row.at - dayMs));
    return [
      ...(!row.approved && lastDay > ownerLimit.minor
        ? [`${lastDay} was spent without approval in a day, over the owner's ${ownerLimit.minor}`]
        : []),
      ...(!row.approved && unapproved(ofJorb) > (money?.withoutApproval ?? 0)
        ? [`jorb_${row.jorbId} spent ${unapproved(ofJorb)} without approval`]
        : []),
      ...(sum(ofJorb) > (money?.budget ?? Number.POSITIVE_INFINITY)
        ? [`jorb_${row.jorbId} committed ${sum(ofJorb)}, over its budget`]
        : []),
    ];
  });
}

function sum(rows: LedgerRow[]): number {
  return rows.reduce((total, row) => total + row.minor, 0);
}

function checkRates({ outbox, actions, contracts }: Rows): string[] {
  const queued = outbox.filter((row) => row.status !== 'failed');
  return queued.flatMap((row) => {
    const limits = contracts.get(`${row.jorbId}/${actions.get(row.actionId)?.contractVersion}`)?.messages;
    if (!limits) return [];
    const before = queued.filter((other) => other.jorbId === row.jorbId && other.id <= row.id);
    const within = (ms: number) => before.filter((other) => other.queuedAt > row.queuedAt - ms);
    const toOne = within(dayMs).filter((other) => other.address === row.address);
    return [
      ...(within(hourMs).length > limits.perHour ? [`jorb_${row.jorbId} passed its messages an hour`] : []),
      ...(within(dayMs).length > limits.perDay ? [`jorb_${row.jorbId} passed its messages a day`] : []),
      ...(toOne.length > limits.perRecipientDay
        ? [`jorb_${row.jorbId} passed its messages a day to ${row.address}`]
        : []),
    ];
  });
}

/** Nothing is left lying about: what is due was done, and every row agrees with the wire. */
function checkSettled(wire: WireLine[], rows: Rows, now: number): string[] {
  const { outbox, batches, events, jorbs, runningTurns, stopped } = rows;
  const sent = new Set(wire.map((line) => line.key));
  const runs = (id: number | null) => !stopped && id !== null && jorbs.get(id)?.status === 'running';
  // For another try of a turn that failed.
  const waits = (id: number | null) => (jorbs.get(id ?? 0)?.dueAt ?? now) > now;
  const isHeld = (id: number) => stopped || jorbs.get(id)?.pauseCause === 'owner';
  const isBehind = (row: OutboxRow) =>
    outbox.some((older) => older.id < row.id && older.status === 'queued' && isSameWay(older, row));
  return [
    ...outbox
      .filter((row) => row.status === 'sent' && !sent.has(row.key))
      .map((row) => `outbox_${row.id} is sent but not on the wire`),
    ...outbox
      .filter((row) => row.status === 'sending' || row.status === 'unknown')
      .map((row) => `outbox_${row.id} was left ${row.status}, which this wire can settle`),
    ...outbox
      .filter((row) => row.status === 'queued' && row.availableAt <= now && !isHeld(row.jorbId))
      .filter((row) => !isBehind(row))
      .map((row) => `outbox_${row.id} is due and did not leave`),
    ...batches
      .filter((row) => (row.status === 'open' ? row.releaseAt <= now : row.routedAt === null))
      .map((row) => `batch_${row.id} is due and did not move`),
    ...events
      .filter((row) => row.status === 'routed' && runs(row.jorbId) && !waits(row.jorbId))
      .map((row) => `event_${row.id} was routed and never seen`),
    ...runningTurns.filter((row) => runs(row.jorbId)).map((row) => `turn_${row.id} was left running`),
    ...[...jorbs.values()]
      .filter((row) => runs(row.id) && row.dueAt !== null && row.dueAt <= now)
      .map((row) => `jorb_${row.id} is due and had no turn`),
  ];
}

function isSameWay(a: OutboxRow, b: OutboxRow): boolean {
  return a.jorbId === b.jorbId && a.channel === b.channel && a.address === b.address;
}
