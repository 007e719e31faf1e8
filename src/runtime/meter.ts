import {
  type BrainAnswer,
  BrainError,
  isOutage,
  type ModelBrain,
  type ModelRequest,
} from '../domain/brain.ts';
import type { Fence } from '../domain/fence.ts';
import type { ModelCallId, TurnId } from '../domain/ids.ts';
import type {
  ModelCallEnd,
  ModelLimits,
  ModelReservation,
  ModelStore,
  NewModelCall,
} from '../domain/model-money.ts';
import type { Clock } from '../lib/clock.ts';
import { formatMicros } from '../lib/micros.ts';

export type MeterOptions = {
  store: ModelStore;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  fence: Fence;
  limits: ModelLimits;
  /** Null: the call belongs to no turn. */
  turnId: TurnId | null;
  /** It may ask although the model is down: it is the one that tries. */
  isProbe?: boolean;
};

/**
 * The same brain, but what a call may cost at its worst is set aside before it is made and settled after, and
 * what the call tells of the model is noted: down, or back. Throws `BrainError` without a call when the money
 * would not do (`budget`), and while the model is to be left alone (`overload`). A call that the end of its
 * process cuts off stays counted at its worst, since nobody knows.
 */
export function meterBrain(brain: ModelBrain, options: MeterOptions): ModelBrain {
  const { store, clock, fence, turnId, limits } = options;
  let isProbe = options.isProbe ?? false;

  async function reserve(request: ModelRequest): Promise<ModelCallId> {
    const { purpose, jorbId } = request;
    const worstMicros = brain.computeWorstCost(request);
    const call = { purpose, jorbId, turnId, model: brain.model, worstMicros, limits };
    const reservation = await store.reserveModelCall(fence, call, clock.now());
    if (reservation.kind === 'reserved') return reservation.id;
    throw new BrainError(explainLimit(reservation, call), { kind: 'budget', usage: null });
  }

  async function settle(id: ModelCallId, end: ModelCallEnd): Promise<void> {
    await store.settleModelCall(fence, id, end, clock.now());
  }

  async function noteFailure(error: BrainError): Promise<void> {
    const { message, retryAfterMs } = error;
    const failure = { error: message, retryAfterMs, random: options.random(), isProbe };
    await store.noteOutage(fence, failure, clock.now());
  }

  /** Not from what was asked before it went down: that says nothing about now. */
  async function noteAnswer(askedAt: number): Promise<void> {
    const outage = await store.readOutage();
    if (outage !== null && (isProbe || askedAt > outage.since)) await store.endOutage(fence, clock.now());
  }

  return {
    ...brain,
    async step(request, signal) {
      const askedAt = clock.now();
      if (!isProbe) await refuseWhileDown(store, askedAt);
      const id = await reserve(request);
      let answer: BrainAnswer;
      try {
        answer = await brain.step(request, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        await settle(id, toEnd(brain, error));
        if (error instanceof BrainError) {
          await (isOutage(error.kind) ? noteFailure(error) : noteAnswer(askedAt));
          isProbe = false;
        }
        throw error;
      }
      const { usage, call } = answer;
      await settle(id, { usage, costMicros: call?.costMicros ?? brain.computeCost(usage), error: null });
      await noteAnswer(askedAt);
      isProbe = false;
      return answer;
    },
  };
}

async function refuseWhileDown(store: Pick<ModelStore, 'readOutage'>, now: number): Promise<void> {
  const outage = await store.readOutage();
  if (outage === null || outage.retryAt <= now) return;
  const retryAfterMs = outage.retryAt - now;
  throw new BrainError(outage.error, { kind: 'overload', retryAfterMs, usage: null });
}

function toEnd(brain: ModelBrain, error: unknown): ModelCallEnd {
  if (!(error instanceof BrainError)) return { usage: undefined, costMicros: 0, error: 'an internal error' };
  const { usage, message } = error;
  return { usage, costMicros: usage ? brain.computeCost(usage) : 0, error: message };
}

function explainLimit(
  { limit, spentMicros, limitMicros }: Extract<ModelReservation, { kind: 'refused' }>,
  { worstMicros, purpose }: NewModelCall,
): string {
  const next = `the next question to the model may cost ${formatMicros(worstMicros)}`;
  const [spent, most] = [formatMicros(spentMicros), formatMicros(limitMicros)];
  if (limit === 'jorb') {
    return `the model's money for this jorb is spent: ${next}, and ${spent} of the ${most} that models may cost in one jorb is spent; raise MODEL_SPEND_LIMIT_JORB, or do the rest yourself`;
  }
  if (limit === 'routing') {
    return `${next}, and ${spent} of the ${most} that routing may cost in 24 hours is spent; raise MODEL_SPEND_LIMIT_DAY, or assign the message yourself`;
  }
  const otherwise = purpose === 'routing' ? 'assign the message yourself' : 'resume the jorb later';
  return `the model's money for the day is spent: ${next}, and ${spent} of the ${most} that models may cost in 24 hours is spent; raise MODEL_SPEND_LIMIT_DAY, or ${otherwise}`;
}
