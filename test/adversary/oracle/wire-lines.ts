import { createHash } from 'node:crypto';
import type { Payload } from '../../../src/domain/action.ts';
import type { Contract } from '../../../src/domain/contract.ts';
import type { OwnerYes, Stage } from '../stage.ts';

/** One line of the wire with the rows that it must have come from. */
export type Sent = {
  /** For sentences. */
  what: string;
  to: string;
  text: string;
  key: string;
  at: number;
  jorbId: number;
  row: Row | undefined;
  /** In force for its errand when it left. */
  contract: Contract | undefined;
  /** What the owner said yes to, if it is exactly this. */
  yes: OwnerYes | undefined;
};

type Row = {
  id: number;
  rows: number;
  queuedAt: number;
  hash: string;
  actionHash: string;
  contractVersion: number;
  decided: number | null;
  editOf: number | null;
  payload: Extract<Payload, { kind: 'send_message' }>;
};

export function listSent(stage: Stage): Sent[] {
  const { world, yeses } = stage;
  return world.wire.lines.map(({ to, text, key, jorb, at }) => {
    const jorbId = Number(jorb.replace('jorb_', ''));
    const row = findRow(stage, key);
    const time = Date.parse(at);
    const yes = yeses.find(
      (each) => each.jorbId === jorbId && each.to === to && each.at <= time && isSameText(each, text),
    );
    return {
      ...{ what: `"${text.slice(0, 60)}" to ${to} for ${jorb}`, to, text, key, at: time, jorbId, row, yes },
      contract: findContract(stage, jorbId, time),
    };
  });
}

/** The gate may add its closing line to what the owner wrote, never to what they were shown. */
function isSameText({ kind, text: said }: OwnerYes, text: string): boolean {
  return kind === 'edit' ? said !== null && text.startsWith(said) : said === text;
}

function findRow({ world }: Stage, key: string): Row | undefined {
  const [first, ...others] = world.sql(
    `select o.id, o.queued_at queuedAt, o.hash, x.hash actionHash, x.contract_version contractVersion,
       x.decision_id decided, x.edit_of editOf, x.payload
     from outbox o join action x on x.id = o.action_id where o.key = ?`,
    key,
  );
  if (!first) return undefined;
  return { ...first, rows: 1 + others.length, payload: JSON.parse(String(first.payload)) } as unknown as Row;
}

function findContract({ world }: Stage, jorbId: number, at: number): Contract | undefined {
  const [found] = world.sql(
    'select body from contract where jorb_id = ? and created_at <= ? order by version desc limit 1',
    jorbId,
    at,
  );
  return found && (JSON.parse(String(found.body)) as Contract);
}

/** What the hash of an action is of, computed here anew. */
export function computeHash({ jorbId, row }: Sent): string {
  const given = { jorbId: `jorb_${jorbId}`, contractVersion: row?.contractVersion, payload: row?.payload };
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(given)), 'utf8')
    .digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}
