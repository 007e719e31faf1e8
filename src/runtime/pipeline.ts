import type { RenderPrompt } from '../agent/prompts.ts';
import type { AgentTool } from '../agent/tools/define-tool.ts';
import type { Brain } from '../domain/brain.ts';
import type { ChannelAdapter } from '../domain/channel.ts';
import type { Debounce } from '../domain/debounce.ts';
import type { Fence } from '../domain/fence.ts';
import type { EvaluateGate } from '../domain/gate.ts';
import type { ResetLimits } from '../domain/handoff.ts';
import type { Mailer } from '../domain/mail.ts';
import type { Store } from '../domain/store.ts';
import type { Thresholds } from '../domain/thresholds.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { buildDebouncer } from './debouncer.ts';
import { buildDigestRun } from './digest-run.ts';
import { buildHandoffs } from './handoffs.ts';
import { buildMailer } from './mailer.ts';
import type { ModelDeps } from './model-deps.ts';
import { buildNotices } from './notices.ts';
import { buildOutbox } from './outbox.ts';
import { buildProgressLog } from './progress-log.ts';
import { buildResetRun } from './reset-run.ts';
import { buildRouter } from './router.ts';
import { buildScheduler } from './scheduler.ts';
import { buildSchedules } from './schedules.ts';
import { buildSetBack } from './set-back.ts';
import type { Failpoint, Stage } from './stage.ts';
import { buildTurns } from './turn.ts';

export type PipelineDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  /** Who thinks where there is no model. */
  brain: Brain;
  /** Null: everything is thought by `brain`. */
  model: ModelDeps | null;
  tools: readonly AgentTool[];
  renderPrompt: RenderPrompt;
  channels: ChannelAdapter[];
  debounce: Debounce;
  evaluate: EvaluateGate;
  /** How sure a model must be to route without the owner. */
  thresholds: Thresholds;
  /** From 0 to 1: for the spread of tries. */
  random: () => number;
  failpoint: Failpoint;
  staleMs: number;
  /** The owner's, IANA name. Asked of the system by who needs it. */
  timeZone: () => string;
  /** When digests are due; null: never. */
  digestCron: string | null;
  /** Whether a digest in which nothing happened is sent too. */
  sendsEmptyDigests: boolean;
  mailer: Mailer;
  contextReset: ResetLimits;
  /** The file of the progress log. */
  progressLog: string;
};

/**
 * The stages of one runtime: a look at the clock, then those on a message's way in their order, then what only
 * time makes due. Each may be driven on its own and at the same time as the others; after `signal` none begins
 * anything. Run `recover` first.
 */
export function buildPipeline(deps: PipelineDeps, fence: Fence, signal: AbortSignal): Stage[] {
  const works = { digest: buildDigestRun(deps, fence), handoff: buildResetRun(deps, fence) };
  return [
    buildSetBack(deps, fence),
    buildDebouncer(deps, fence),
    buildRouter(deps, fence, signal),
    buildTurns(deps, fence, signal),
    buildOutbox(deps, fence, signal),
    buildSchedules({ ...deps, works }, fence, signal),
    buildHandoffs(deps, fence, signal),
    buildMailer(deps, fence, signal),
    buildScheduler(deps, fence),
    buildProgressLog(deps, fence, signal),
    buildNotices(deps, fence),
  ];
}
