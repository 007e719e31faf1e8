import { type Fence, StaleEpoch } from '../domain/fence.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Calendar, CarryOut, Run, ScheduleDefinition, ScheduleName } from '../domain/schedule.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import { formatDuration, minuteMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildSettlement } from './settlement.ts';
import type { Failpoint, Stage } from './stage.ts';

export type SchedulesDeps = {
  store: Pick<Store, 'keepSchedules' | 'claimRun' | 'finishRun' | 'failRun'>;
  clock: Clock;
  log: Log;
  failpoint: Failpoint;
  timeZone: () => string;
  /** When digests are due; null: never. */
  digestCron: string | null;
  works: Record<ScheduleName, CarryOut>;
};

/** The daily look whether contexts are to be reset: when owners sleep. */
const handoffCron = '30 4 * * *';
/** How long a run that failed waits, the first time and the second; the third ends it. */
const retryDelays = [minuteMs, 5 * minuteMs];
/** From here on a run is called late. */
const lateMs = 5 * minuteMs;

type End = { note: string } | { error: string; retryAt: number | null };

/**
 * Carries out what the calendar makes due, one run at a time. A slot becomes a run in one transaction, and the
 * work of a run may be done twice without harm, so a crash anywhere neither doubles nor loses one.
 */
export function buildSchedules(deps: SchedulesDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, failpoint, works } = deps;
  let lookedAt = Number.POSITIVE_INFINITY;

  /** At first, and whenever the clock shows an earlier time than before. */
  async function keep(calendar: Calendar, now: number): Promise<void> {
    if (now < lookedAt) {
      await store.keepSchedules(fence, defineSchedules(deps), calendar, now);
      failpoint('calendar.kept');
    }
    lookedAt = now;
  }

  const { settle, settleLeft } = buildSettlement(async ({ run, end }: { run: Run; end: End }) => {
    const { schedule, slot } = run;
    if ('note' in end) {
      await store.finishRun(fence, run.id, end.note, clock.now());
      log.info({ schedule, slot }, 'run done');
    } else {
      await store.failRun(fence, run.id, end.error, end.retryAt, clock.now());
      log.warn({ schedule, slot, retryAt: end.retryAt }, 'run failed');
    }
    failpoint('run.ended');
  });

  async function carryOut(run: Run): Promise<End> {
    const { id, schedule, attempts } = run;
    try {
      return { note: `${renderLateness(run)}${await works[schedule](run, clock.now())}` };
    } catch (error) {
      if (error instanceof StaleEpoch) throw error;
      log.error({ err: error, run: id, schedule }, 'the work of a schedule failed');
      const delayMs = retryDelays[attempts - 1];
      return {
        error: error instanceof Refusal ? error.message : 'a fault in jorbs itself; its log says more',
        retryAt: delayMs === undefined ? null : clock.now() + delayMs,
      };
    }
  }

  return {
    name: 'schedules',
    async tick() {
      if (signal.aborted) return false;
      if (await settleLeft()) return true;
      const calendar = await loadCalendar();
      const now = clock.now();
      await keep(calendar, now);
      const run = await store.claimRun(fence, calendar, now);
      if (run === undefined) return false;
      failpoint('run.claimed');
      const end = await carryOut(run);
      failpoint('run.worked');
      // What the end of this process broke off is taken up by the next runtime.
      if (signal.aborted && 'error' in end) return false;
      await settle({ run, end });
      return true;
    },
  };
}

/** Only the process that runs reads calendars. */
async function loadCalendar(): Promise<Calendar> {
  const { findNextRun, findLastRun, formatSlot } = await import('../lib/cron.ts');
  return { findNext: findNextRun, findLast: findLastRun, formatSlot };
}

function defineSchedules({ timeZone, digestCron }: SchedulesDeps): ScheduleDefinition[] {
  return [
    { name: 'digest', cron: digestCron, timeZone: timeZone() },
    { name: 'handoff', cron: handoffCron, timeZone: timeZone() },
  ];
}

/** Begins a note: `late by 9 h: nothing ran when it was due; `. */
function renderLateness({ slotAt, startedAt }: Run): string {
  const late = startedAt - slotAt;
  return late < lateMs ? '' : `late by ${formatDuration(late)}: nothing ran when it was due; `;
}
