import { z } from 'zod';
import type { ModelStatus, SystemStatus } from '../../domain/brief.ts';
import { renderProgressProblem } from '../../domain/render/progress-log.ts';
import type { ScheduleState } from '../../domain/schedule.ts';
import { formatMicros } from '../../lib/micros.ts';
import { known, presentTime } from './fields.ts';

const counts = z.record(z.string(), z.int().min(0).max(1e9));

const modelShape = z.object({
  name: z.string(),
  state: z.enum(['answers', 'down', 'fallback']),
  since: z.string().optional(),
  cost_24h: z.string(),
  limit_24h: z.string(),
});

export const statusShape = z.object({
  version: z.string(),
  data_dir: z.string(),
  stopped: z.object({ at: z.string(), reason: z.string().optional() }).optional(),
  runtime: z.object({ holder: z.string(), since: z.string(), live: z.boolean() }).optional(),
  jorbs: counts,
  waiting: counts,
  next_due_at: z.string().optional(),
  channels: z.array(z.object({ kind: z.string(), account: z.string(), state: z.string() })),
  brain: z.string(),
  model: modelShape.optional(),
  schedules: z.array(z.record(z.string(), z.string())),
  mail: z.record(z.string(), z.union([z.string(), z.int()])),
  progress_log: z.string().optional(),
  confirm: z.string().describe('Who confirms approvals'),
});

export function presentStatus(status: SystemStatus): z.infer<typeof statusShape> {
  const { version, dataDir, stopped, runtime, pending, nextDueAt } = status;
  return {
    version,
    data_dir: dataDir,
    ...known({
      stopped: stopped && { at: presentTime(stopped.at), ...known({ reason: stopped.reason }) },
      runtime: runtime && { holder: runtime.holder, since: presentTime(runtime.since), live: runtime.live },
      next_due_at: nextDueAt === null ? null : presentTime(nextDueAt),
    }),
    jorbs: status.jorbs,
    waiting: {
      approvals: pending.approvals,
      unmatched: pending.unmatched,
      open_batches: pending.openBatches,
      queued: pending.queued,
      sending: pending.sending,
      unknown: pending.unknown,
    },
    channels: status.channels,
    brain: status.brain,
    ...known({ model: status.model && presentModel(status.model) }),
    schedules: status.schedules.map(presentSchedule),
    mail: presentMail(status.mail),
    ...known({ progress_log: renderProgressProblem(status.progressLog) }),
    confirm: status.confirm,
  };
}

function presentSchedule({ name, cron, nextAt, last }: ScheduleState): Record<string, string> {
  const next_at = nextAt === null ? null : presentTime(nextAt);
  return { name, cron, ...known({ next_at, last_slot: last?.slot, status: last?.status, note: last?.note }) };
}

function presentMail({ lastSentAt, error, ...mail }: SystemStatus['mail']): Record<string, string | number> {
  return { ...mail, ...known({ last_sent_at: lastSentAt && presentTime(lastSentAt), error }) };
}

function presentModel({ name, outage, dayMicros, dayLimitMicros }: ModelStatus): z.infer<typeof modelShape> {
  return {
    name,
    state: outage === null ? 'answers' : outage.fallbackAt === null ? 'down' : 'fallback',
    ...known({ since: outage && presentTime(outage.since) }),
    cost_24h: formatMicros(dayMicros),
    limit_24h: formatMicros(dayLimitMicros),
  };
}
