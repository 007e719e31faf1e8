import type { Contract } from '../../../src/domain/contract.ts';
import type { Handoff } from '../../../src/domain/handoff.ts';
import { renderContract } from '../../../src/domain/render/contract.ts';
import { dayMs } from '../../../src/lib/duration.ts';
import { readWallTime } from '../../../src/lib/zone.ts';
import type { World } from '../../support/world.ts';
import { days, type Month, start, timeZone } from './run-month.ts';

/** `2027-03-08`, where the owner is. */
export function localDate(at: number): string {
  const { year, month, day } = readWallTime(at, timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Every date of the month on which it was eight in the morning. */
export function listDates(): string[] {
  return Array.from({ length: days }, (_, day) => localDate(start + (day + 1) * dayMs));
}

/** What the handoffs lost, or kept wrong, of what held when they were accepted. */
export function findLosses({ sql }: World): string[] {
  return sql(
    `select h.id, h.jorb_id, h.body, a.seq from handoff h
      join audit a on a.what = 'handoff.accepted' and a.subject = 'handoff_' || h.id where h.status = 'accepted'`,
  ).flatMap(({ id, jorb_id: jorb, body, seq }) => {
    const handoff = JSON.parse(String(body)) as Handoff;
    const [version] = sql(
      `select c.version, c.body from contract c join audit a on a.what = 'contract.versioned' and a.jorb_id = c.jorb_id
        and a.after ->> '$.version' = c.version where c.jorb_id = ? and a.seq < ? order by a.seq desc limit 1`,
      jorb,
      seq,
    );
    const contract = JSON.parse(String(version?.body)) as Contract;
    const open = sql(
      `select a.subject from audit a where a.jorb_id = ? and a.what = 'promise.recorded' and a.seq < ?
        and not exists (select 1 from audit c where c.what = 'promise.closed' and c.subject = a.subject and c.seq < ?)`,
      ...[jorb, seq, seq],
    ).map(({ subject }) => String(subject));
    const asked = sql(
      `select a.subject from audit a where a.jorb_id = ? and a.what = 'approval.asked' and a.seq < ?
        and not exists (select 1 from audit c where c.what in ('approval.answered', 'approval.expired')
          and c.subject = a.subject and c.seq < ?)`,
      ...[jorb, seq, seq],
    ).map(({ subject }) => String(subject));
    const kept = { promises: ids(handoff.promises), approvals: ids(handoff.approvals) };
    return [
      ...differ(`handoff_${id} has the promises`, kept.promises, open.sort()),
      ...differ(`handoff_${id} has the questions`, kept.approvals, asked.sort()),
      ...differ(`handoff_${id} has the limits`, handoff.limits, renderContract(contract)),
      ...differ(`handoff_${id} is of the contract`, [handoff.contractVersion], [Number(version?.version)]),
    ];
  });
}

/** Whether the windows of the briefs follow one another without a gap, and what they say adds up. */
export function findGaps({ world, briefs, acknowledged }: Month): string[] {
  const sum = (field: 'received' | 'completed') => briefs.reduce((total, each) => total + each[field], 0);
  const [{ completed, newest } = {}] = world.sql(
    `select sum(what = 'jorb.completed') completed, max(seq) newest from audit`,
  );
  const seqs = briefs.map(({ seq }) => seq);
  return [
    ...differ('the briefs told of messages', [sum('received')], [acknowledged.length]),
    ...differ('the briefs told of jorbs that were completed', [sum('completed')], [Number(completed)]),
    ...differ(
      'the briefs ended at',
      seqs,
      [...new Set(seqs)].sort((a, b) => a - b),
    ),
    ...differ('the last brief ended at', seqs.slice(-1), [Number(newest)]),
  ];
}

/** The dates of the resets, and those on which one was due by what is on record. */
export function listResetDates({ sql }: World): { begun: string[]; due: string[] } {
  const begun = sql(`select started_at at from reset where reason = 'interval' order by id`);
  const active = sql(
    `select at from audit where what in ('jorb.created', 'jorb.steered', 'message.routed', 'message.assigned', 'approval.answered')
      order by seq`,
  ).map(({ at }) => Number(at));
  const checks = sql(
    `select started_at at, slot_at slot from run where schedule = 'handoff' and status = 'done' order by id`,
  );
  const due: string[] = [];
  let last = { date: localDate(start), at: 0 };
  for (const { at } of checks) {
    const date = localDate(Number(at));
    const isTime = (Date.parse(date) - Date.parse(last.date)) / dayMs >= 3;
    const isActive = active.some((time) => time > last.at && time <= Number(at));
    if (!(isTime && isActive)) continue;
    due.push(date);
    last = { date, at: Number(at) };
  }
  return { begun: begun.map(({ at }) => localDate(Number(at))), due };
}

function ids(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id).sort();
}

function differ(what: string, found: readonly unknown[], wanted: readonly unknown[]): string[] {
  const [is, should] = [found.join(', '), wanted.join(', ')];
  return is === should ? [] : [`${what} ${is}, and it should be ${should}`];
}
