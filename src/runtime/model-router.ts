import { askRouter } from '../agent/ask-router.ts';
import { BrainError, isOutage, noUsage } from '../domain/brain.ts';
import { type Fence, StaleEpoch } from '../domain/fence.ts';
import { computeNextTry } from '../domain/outage.ts';
import {
  concludeRouting,
  concludeWithoutModel,
  type RoutedBatch,
  type RoutingSettlement,
} from '../domain/routing.ts';
import type { Store } from '../domain/store.ts';
import type { Thresholds } from '../domain/thresholds.ts';
import type { Clock } from '../lib/clock.ts';
import { formatDuration, minuteMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { shorten } from '../lib/text.ts';
import { limitAnswers } from './limit-answers.ts';
import { meterBrain } from './meter.ts';
import type { ModelDeps } from './model-deps.ts';
import type { Failpoint } from './stage.ts';

export type ModelRouterDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  model: ModelDeps;
  thresholds: Thresholds;
  random: () => number;
  failpoint: Failpoint;
};

export type AskedBatch = Extract<RoutedBatch, { question: unknown }>;

/** Longer than it is asked about a batch, both times together. */
export function computeLeaseMs({ timeoutMs }: Pick<ModelDeps, 'timeoutMs'>): number {
  return 2 * timeoutMs + minuteMs;
}

/**
 * Asks the model about a batch that is leased, and settles it by the answer. While the model is down the
 * batch waits in its row; once that has lasted too long, or where no try would help, it is the owner's.
 */
export function buildModelRouter(
  deps: ModelRouterDeps,
  fence: Fence,
  signal: AbortSignal,
): (batch: AskedBatch) => Promise<void> {
  const { store, clock, log, model, thresholds, random, failpoint } = deps;
  const { limits, timeoutMs, fallbackMs } = model;
  const metering = { store, clock, random, fence, limits, turnId: null };
  const brain = meterBrain(limitAnswers(model.router, timeoutMs, clock), metering);

  async function ask({ question }: AskedBatch): Promise<RoutingSettlement> {
    const prompt = model.renderRouting(question);
    const { choice: read, usage, call } = await askRouter({ brain, prompt, question, signal });
    const by = { by: brain.name, usage, call };
    if (!read.ok) {
      const what = shorten(read.error.split('\n')[0] ?? '', longestReason);
      return { ...by, ...without(`the model gave no answer that can be used: ${what}`) };
    }
    const choice = read.value;
    const conclude: RoutingSettlement['conclude'] = (input, chosen) =>
      concludeRouting(input, { choice, chosen, thresholds });
    return { ...by, choice, conclude };
  }

  async function settle({ batchId }: AskedBatch, settlement: RoutingSettlement): Promise<void> {
    const route = await store.settleRouting(fence, batchId, settlement, clock.now());
    failpoint('batch.routed');
    if (route) log.info({ batch: batchId, route: route.kind, by: settlement.by }, 'batch routed');
  }

  /** Nothing is settled while there is hope that the model answers. */
  async function handleFailure(batch: AskedBatch, error: unknown): Promise<void> {
    const now = clock.now();
    if (!(error instanceof BrainError)) {
      log.error({ err: error, batch: batch.batchId }, 'routing broke');
      return settle(batch, {
        ...byRules,
        ...without('the model could not be asked; the log has the details'),
      });
    }
    const why = `the model could not be asked: ${error.message}`;
    if (!isOutage(error.kind)) return settle(batch, { ...byRules, ...without(why) });
    const since = (await store.readOutage())?.since ?? now;
    const endsAt = since + fallbackMs;
    if (now >= endsAt) {
      const down = `the model has been down for ${formatDuration(now - since)}: ${error.message}`;
      return settle(batch, { ...byRules, ...without(down) });
    }
    // It may be the message that the model fails at: each try may cost, and take the model from everybody.
    if (batch.failures + 1 >= mostTries) {
      const hopeless = `the model did not answer in ${mostTries} tries: ${error.message}`;
      return settle(batch, { ...byRules, ...without(hopeless) });
    }
    const { retryAfterMs } = error;
    const retryAt = computeNextTry(batch.failures, { retryAfterMs, random: random() }, now);
    await store.postponeRouting(fence, batch.batchId, Math.min(retryAt, endsAt));
    failpoint('routing.postponed');
    log.warn({ batch: batch.batchId, err: error }, 'routing postponed');
  }

  return async (batch) => {
    failpoint('routing.leased');
    let settlement: RoutingSettlement;
    try {
      settlement = await ask(batch);
    } catch (error) {
      if (signal.aborted || error instanceof StaleEpoch) throw error;
      return handleFailure(batch, error);
    }
    failpoint('routing.asked');
    await settle(batch, settlement);
  };
}

/** More than there are before the end of an outage that lasts as long as the fallback is waited for by default. */
const mostTries = 8;

const longestReason = 200;
const byRules = { by: 'rules', usage: noUsage, call: null };

function without(why: string): Pick<RoutingSettlement, 'choice' | 'conclude'> {
  return { choice: null, conclude: (input) => concludeWithoutModel(input, why) };
}
