import { BrainError, type ToolCall } from '../../src/domain/brain.ts';
import { buildScriptedBrain, buildScriptedModel, call, type ModelScript } from './brains.ts';
import { buildNewJorb } from './store.ts';
import { openWorld, type World } from './world.ts';

/** What a router's model answers. */
export const route = (jorb: string | null, confidence = 0.9, reason = 'it speaks of the hotel'): ToolCall =>
  call('route_message', { jorb, confidence, reason });

export const down = (retryAfterMs: number | null = null) =>
  new BrainError('the model is overloaded', { kind: 'overload', retryAfterMs, usage: null });

/** Reads what comes and waits for what comes next. */
export const buildIdler = () =>
  buildScriptedBrain(({ steps }) =>
    steps.length > 0
      ? []
      : [call('schedule_wake', { at: null, minutes_from_now: 600, reason: 'look again' })],
  );

/** Two open jorbs know `magic`, so that the rules cannot decide; the agent itself does nothing. */
export async function openUndecided(script: ModelScript) {
  const router = buildScriptedModel(script);
  const world = await openWorld({ brain: buildIdler(), model: { router } });
  for (const name of ['Find a hotel', 'Find a plumber']) {
    await world.otherFace.store.createJorb(buildNewJorb({ name, requestHash: name }), world.clock.now());
  }
  await world.settle();
  return { world, router };
}

export const readEvents = ({ sql }: World) => sql('select jorb_id, status from event order by id');
export const readBatch = ({ sql }: World) =>
  sql('select route_reason, suggested_jorb_id, suggested_confidence, route_failures from batch')[0];
export const readDecision = ({ sql }: World) =>
  sql(
    `select "by", model, confidence, reasoning, jorb_id, input_tokens, cost_micros, prompt_hash from decision where kind = 'routing' order by id desc limit 1`,
  )[0];
