import { askHandoff } from '../agent/ask-handoff.ts';
import { BrainError, isOutage } from '../domain/brain.ts';
import { drawHandoff } from '../domain/build-handoff.ts';
import { type Fence, StaleEpoch } from '../domain/fence.ts';
import type { Acceptance, ClaimedHandoff, HandoffOffer, ResetLimits } from '../domain/handoff.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { hourMs, minuteMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { shorten } from '../lib/text.ts';
import { limitAnswers } from './limit-answers.ts';
import { meterBrain } from './meter.ts';
import type { ModelDeps } from './model-deps.ts';
import { computeLeaseMs } from './model-router.ts';
import type { Failpoint, Stage } from './stage.ts';

export type HandoffDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  /** Null: handoffs are drawn from the rows. */
  model: ModelDeps | null;
  contextReset: ResetLimits;
  random: () => number;
  failpoint: Failpoint;
};

const mostTries = 3;
const backoff = { firstMs: 5 * minuteMs, longestMs: hourMs };
/** Nothing is waited for where no model is asked. */
const drawLeaseMs = minuteMs;
const longestReason = 300;

/**
 * Has one handoff written at a time. Each write checks that the handoff is still ours, so that one of a
 * killed process is written again from its beginning, and one that was accepted is never written twice.
 */
export function buildHandoffs(deps: HandoffDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, model, contextReset, failpoint } = deps;
  const leaseMs = model === null ? drawLeaseMs : computeLeaseMs(model);

  async function offer({ id }: ClaimedHandoff, given: HandoffOffer): Promise<Acceptance> {
    const acceptance = await store.acceptHandoff(fence, id, given, clock.now());
    if (acceptance.kind === 'accepted') failpoint('handoff.accepted');
    log.info({ handoff: id, by: given.by, acceptance: acceptance.kind }, 'handoff offered');
    return acceptance;
  }

  async function draw(claimed: ClaimedHandoff): Promise<void> {
    await offer(claimed, { draft: drawHandoff(claimed.context), by: 'rules', repair: true });
  }

  async function ask(claimed: ClaimedHandoff, models: ModelDeps): Promise<void> {
    const { context } = claimed;
    const { agent, renderHandoff, limits, timeoutMs } = models;
    const metering = { store, clock, random: deps.random, fence, limits, turnId: null };
    const brain = meterBrain(limitAnswers(agent, timeoutMs, clock), metering);
    const by = brain.name;
    const asked = await askHandoff({
      brain,
      prompt: renderHandoff(context),
      jorbId: context.jorb.id,
      signal,
      async offer(draft) {
        failpoint('handoff.asked');
        const acceptance = await offer(claimed, { draft, by, repair: false });
        return acceptance.kind === 'wrong' ? acceptance.problems : [];
      },
    });
    if (!asked.ok) return fail(claimed, `the model gave no handoff that can be used: ${toLine(asked.error)}`);
    if (asked.value !== null) await offer(claimed, { draft: asked.value, by, repair: true });
  }

  async function handleFailure(claimed: ClaimedHandoff, error: unknown): Promise<void> {
    if (!(error instanceof BrainError)) {
      log.error({ err: error, handoff: claimed.id }, 'handoff broke');
      return fail(claimed, 'an internal error; the log has the details');
    }
    // The model's money is for turns, and a conversation that is too long is what this is to end.
    if (error.kind === 'budget' || error.kind === 'too_long') return draw(claimed);
    if (!isOutage(error.kind)) return fail(claimed, error.message);
    const retryAt = (await store.readOutage())?.retryAt ?? clock.now() + backoff.firstMs;
    await store.postponeHandoff(fence, claimed.id, retryAt);
    failpoint('handoff.postponed');
    log.warn({ handoff: claimed.id, err: error }, 'handoff postponed');
  }

  async function fail(claimed: ClaimedHandoff, reason: string): Promise<void> {
    const { id, failures } = claimed;
    const now = clock.now();
    const retryAt = failures + 1 >= mostTries ? null : now + computeBackoff(failures, backoff, deps.random());
    await store.failHandoff(fence, id, reason, retryAt, now);
    failpoint('handoff.failed');
    log.warn({ handoff: id, reason, retryAt }, 'handoff failed');
  }

  return {
    name: 'handoffs',
    async tick() {
      if (signal.aborted) return false;
      const begun = await store.beginLongReset(fence, contextReset.tokens, clock.now());
      if (begun !== undefined) {
        failpoint('reset.begun');
        return true;
      }
      const claimed = await store.claimHandoff(fence, leaseMs, clock.now());
      if (claimed === undefined) return false;
      failpoint('handoff.claimed');
      try {
        await (model === null || claimed.isFallback ? draw(claimed) : ask(claimed, model));
      } catch (error) {
        if (signal.aborted || error instanceof StaleEpoch) throw error;
        await handleFailure(claimed, error);
      }
      return true;
    },
  };
}

function toLine(error: string): string {
  return shorten(error.split('\n')[0] ?? '', longestReason);
}
