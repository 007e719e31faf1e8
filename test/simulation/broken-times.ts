import type { World } from '../support/world.ts';

/** One sentence for each limit in time that was passed, in a world that has come to rest. */
export function findBrokenTimes({ sql, clock }: World): string[] {
  return [
    ...sql(tooOld, clock.now()).map(
      ({ id }) => `jorb_${id} is open for longer than agreed, and nobody was asked`,
    ),
    ...sql(running).map(({ id }) => `jorb_${id} runs while its owner is asked whether it may go on`),
    ...sql(askedTwice).map(({ id }) => `jorb_${id} is asked about twice`),
    ...sql(beyond).map(({ id }) => `outbox_${id} was queued while its owner was asked whether to go on`),
    ...sql(unasked).map(({ id }) => `jorb_${id} stays open for longer than a human agreed`),
    ...sql(afterwards).map(({ id }) => `outbox_${id} was queued after its jorb was over`),
    ...sql(turns).map(({ id }) => `turn_${id} began after its jorb was over`),
    ...sql(untold).map(({ id }) => `event_${id} came late and was not reported`),
    ...sql(told).map(({ subject, times }) => `${subject} was reported ${times} times as late`),
    ...sql(reminders).map(({ subject, times }) => `the owner was reminded of ${subject} ${times} times`),
    ...sql(yeses).map(({ id }) => `approval_${id} is a yes that no human gave in time`),
  ];
}

/** What happened in it that only time brings about. */
export type TimeCounts = {
  extensions: number;
  unextended: number;
  late: number;
  reminded: number;
  stale: number;
};

export function countTimes({ sql }: World): TimeCounts {
  const count = (query: string) => Number(sql(`select count(*) count from ${query}`)[0]?.count ?? 0);
  return {
    extensions: count(extensions),
    unextended: count(`jorb where reason like '%did not extend it'`),
    late: count(`audit where what = 'message.late'`),
    reminded: count(`audit where what = 'approval.reminded'`),
    stale: count(`audit where what = 'jorb.status' and after ->> '$.reason' like 'nothing happened for%'`),
  };
}

const extensions = `(select p.*, a.payload ->> '$.extension.until' until from approval p
  join action a on a.id = p.action_id where a.payload ->> '$.extension' is not null)`;
const isPending = `exists (select 1 from ${extensions} x where x.jorb_id = j.id and x.status = 'pending')`;

const tooOld = `select j.id from jorb j where j.status in ('running', 'paused')
  and (j.ends_at is null or j.ends_at <= ?) and not ${isPending}`;

const running = `select j.id from jorb j where j.status = 'running' and ${isPending}`;

const askedTwice = `select jorb_id id from ${extensions} where status = 'pending' group by jorb_id having count(*) > 1`;

/** Approved by its owner, it may leave; anything else the agent wrote before. */
const beyond = `select o.id from outbox o join action a on a.id = o.action_id join ${extensions} x on x.jorb_id = o.jorb_id
  where o.queued_at > x.asked_at and o.queued_at < coalesce(x.answered_at, 9e15)
    and not exists (select 1 from approval y where y.action_id in (a.id, a.edit_of) and y.confirmed_by is not null)`;

/** 14 days from its start, or until what its owner last said yes to. */
const unasked = `select j.id from jorb j where j.ends_at > coalesce(
    (select max(x.until) from ${extensions} x where x.jorb_id = j.id and x.status = 'accepted' and x.confirmed_by is not null),
    (select min(s.at) from audit s where s.jorb_id = j.id and s.what = 'jorb.status'
      and s.before ->> '$.status' = 'planning') + 14 * 86400000)`;

const afterwards = `select o.id from outbox o join jorb j on j.id = o.jorb_id where o.queued_at > j.finished_at`;

const turns = `select t.id from turn t join jorb j on j.id = t.jorb_id where t.started_at > j.finished_at`;

const untold = `select e.id from event e join batch b on b.id = e.batch_id join jorb j on j.id = e.jorb_id
  where b.routed_at > j.finished_at and e.status <> 'ignored' and not exists (select 1 from audit l
    where l.what = 'message.late' and l.jorb_id = j.id and l.subject = 'batch_' || b.id)`;

const told = `select subject, count(*) times from audit where what = 'message.late' group by subject having times > 1`;

const reminders = `select subject, count(*) times from audit where what = 'approval.reminded'
  group by subject having times > 3`;

const yeses = `select id from approval where status in ('accepted', 'edited', 'answered')
  and (confirmed_by is null or answered_at >= expires_at)`;
