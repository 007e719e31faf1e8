import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Money } from '../../src/lib/money.ts';
import { findViolations } from '../support/oracle.ts';
import type { World } from '../support/world.ts';
import { findBrokenTimes } from './broken-times.ts';

export type Expected = {
  /** External ids of the messages whose sender was told that they are in. */
  acknowledged: string[];
  /** The keys of which the wire did not say what it did. */
  doubtful: Set<string>;
  ownerLimit: Money;
};

/** What the random brain writes that nobody may read unless the owner said yes to it. */
const needsYes = /Elm Street|we accept|cancel our booking/;
const spends = /Please book the room/;

/** One sentence for each rule that a world which has come to rest breaks. */
export function findBrokenRules(world: World, { acknowledged, doubtful, ownerLimit }: Expected): string[] {
  writeWire(world);
  const { dataDir, clock, wire, sql } = world;
  const unknown = sql(`select id, key from outbox where status = 'unknown'`);
  const excused = unknown
    .filter(({ key }) => !wire.remembers || doubtful.has(String(key)))
    .map(({ id }) => `outbox_${id} was left`);
  const expectations = { now: clock.now(), acknowledged, settled: true, ownerLimit };
  return [
    ...findViolations(dataDir, expectations).filter(
      (violation) => !excused.some((start) => violation.startsWith(start)),
    ),
    ...findBrokenTimes(world),
    ...sql(unseen).map(({ id }) => `event_${id} was handled and no turn has seen it`),
    ...sql(adrift, clock.now()).map(({ id }) => `jorb_${id} runs although nothing is awaited`),
    ...sql(repeated).map(({ id }) => `decision_${id} was carried out twice`),
    ...wire.lines
      .filter(({ text, key }) => needsYes.test(text) && !isApproved(world, key))
      .map(({ to, text }) => `${to} was told "${text}" without a yes`),
    ...wire.lines
      .filter(({ text, key }) => spends.test(text) && !isReserved(world, key))
      .map(({ to, key }) => `${key} to ${to} spends money that nobody set aside`),
  ];
}

const unseen = `select e.id from event e join jorb j on j.id = e.jorb_id left join turn t on t.id = e.turn_id
  where e.status = 'handled' and j.finished_at is null and t.status is not 'finished'`;

/** Running without a wake, a question, a promise with a time, a message on its way or unanswered, or news. */
const adrift = `select j.id from jorb j where j.status = 'running' and j.due_at is null and j.wake_at is null
  and not exists (select 1 from turn t where t.jorb_id = j.id and t.status = 'running')
  and not exists (select 1 from approval p where p.jorb_id = j.id and p.status = 'pending')
  and not exists (select 1 from promise p where p.jorb_id = j.id and p.status = 'open' and p.due_at > ?)
  and not exists (select 1 from outbox o where o.jorb_id = j.id
    and (o.status in ('queued', 'sending', 'unknown') or o.status = 'sent' and o.sent_at >=
      (select coalesce(max(e.received_at), 0) from event e join conversation c on c.id = e.conversation_id
        where e.jorb_id = j.id and c.address_id = o.address_id)))`;

/** More actions than the answer has calls that propose one. */
const repeated = `select s.decision_id id from step s
  where (select count(*) from action x where x.decision_id = s.decision_id and x.edit_of is null) >
    (select count(*) from json_each(s.answer, '$.toolCalls') c
      where c.value ->> 'name' in ('send_message', 'ask_owner'))`;

function isApproved({ sql }: World, key: string): boolean {
  const found = sql(
    `select 1 from outbox o join approval p on p.action_id = o.action_id
      where o.key = ? and p.status = 'accepted' and p.confirmed_by is not null`,
    key,
  );
  return found.length > 0;
}

function isReserved({ sql }: World, key: string): boolean {
  return (
    sql('select 1 from outbox o join ledger l on l.action_id = o.action_id where o.key = ?', key).length > 0
  );
}

/** Where the oracle, and a reader of loopback, looks for it. */
function writeWire({ dataDir, wire }: World): void {
  const folder = join(dataDir, 'loopback');
  mkdirSync(folder, { recursive: true });
  const lines = wire.lines.map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'wire.jsonl'), lines.join(''));
}
