import type { Delivery } from '../../src/domain/message.ts';
import type { World } from '../support/world.ts';

/**
 * What must hold in the file at the instant a message is handed to the wire, read through a connection
 * of its own: one sentence for each thing that does not.
 */
export function findDepartureViolations({ sql, life }: World, delivery: Delivery): string[] {
  const { id, jorbId, key } = delivery;
  const [owner] = sql('select stopped_at from owner');
  const [jorb] = sql('select status, pause_cause from jorb where id = ?', row(jorbId));
  const [outbox] = sql(
    `select o.status, o.leased_by, o.text, o.available_at, a.opted_out_at, x.status action_status
       from outbox o join address a on a.id = o.address_id join action x on x.id = o.action_id
      where o.key = ?`,
    key,
  );
  const grounds = sql(
    `select 1 from jorb j join contract c on c.jorb_id = j.id and c.version = j.contract_version,
            json_each(c.body, '$.counterparties') known
      where j.id = ? and known.value ->> 'address' = ?
     union all
     select 1 from action x join approval p on p.action_id in (x.id, x.edit_of)
      where x.id = ? and p.status in ('accepted', 'edited')`,
    ...[row(jorbId), delivery.address, row(delivery.actionId)],
  );
  const isOver = jorb?.status === 'failed' || jorb?.status === 'cancelled' || jorb?.status === 'planning';
  return [
    ...(owner?.stopped_at === null ? [] : [`${id} left after the owner stopped everything`]),
    ...(isOver ? [`${id} left although ${jorbId} is ${jorb?.status}`] : []),
    ...(jorb?.pause_cause === 'owner' ? [`${id} left although the owner paused ${jorbId}`] : []),
    ...(outbox?.opted_out_at === null ? [] : [`${id} left to an address that opted out`]),
    ...(outbox?.status === 'sending' && outbox.leased_by === life.fence.epoch
      ? []
      : [`${id} left without a lease: it is ${outbox?.status}`]),
    ...(grounds.length > 0
      ? []
      : [`${id} left for ${delivery.address}, who is not in the contract any more`]),
    ...(outbox?.text === delivery.text ? [] : [`${id} left with another text than its row's`]),
    ...(outbox?.action_status === 'queued'
      ? []
      : [`${id} left for an action that is ${outbox?.action_status}`]),
  ];
}

function row(id: string): number {
  return Number(id.slice(id.indexOf('_') + 1));
}
