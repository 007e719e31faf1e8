import type { ModelBrain, ToolCall, Usage } from '../../src/domain/brain.ts';
import type { Handoff } from '../../src/domain/handoff.ts';
import type { ModelDeps } from '../../src/runtime/model-deps.ts';
import { steerJorb } from '../../src/runtime/owner/steer-jorb.ts';
import { buildScriptedModel, call, type ModelScript, type ScriptedModel, waitFor } from './brains.ts';
import { handsOver } from './models/hands-over.ts';
import { buildNewJorb } from './store.ts';
import { buildIdler } from './undecided.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

export type HandoffRow = {
  id: number;
  jorb_id: number;
  status: string;
  attempts: number;
  by: string | null;
  body: Handoff | null;
  error: string | null;
};

export type HandingWorld = {
  world: World;
  agent: ScriptedModel;
  /** What the model does in the first step of each turn; it waits in the second. */
  act(...calls: ToolCall[]): void;
  /** What the model writes when it is asked for a handoff. */
  write(script: ModelScript): void;
  /** How often it was asked for one. */
  countAsked(): number;
  listHandoffs(): HandoffRow[];
  listResets(): Record<string, unknown>[];
  /** One word of the owner: something has happened. */
  steer(guidance: string, jorb?: `jorb_${number}`): Promise<void>;
};

/** A draft with nothing wrong in it, written from the prompt alone. */
export const handOver: ModelScript = ({ prompt, purpose }) => {
  if (purpose !== 'handoff') throw new Error(`asked for ${purpose}`);
  const seen = { model: '', system: prompt.system, input: prompt.input, tools: [], steps: [] };
  const [written] = handsOver(seen).calls ?? [];
  return [call('write_handoff', written?.arguments as Record<string, unknown>)];
};

type Given = {
  jorbs?: number;
  days?: number;
  tokens?: number;
  /** Of the first step of a turn. */
  usage?: Partial<Usage>;
  model?: Partial<ModelDeps> | null;
  world?: Partial<WorldOptions>;
};

/** The whole runtime with errands that wait, and a model that hands them over. `model: null`: the rules do. */
export async function openHandingWorld(given: Given = {}): Promise<HandingWorld> {
  const { jorbs = 1, days = 3, tokens = 12_000, usage = {}, model = {} } = given;
  const state: { acts: ToolCall[]; write: ModelScript } = { acts: [], write: handOver };
  const agent = withUsage(
    buildScriptedModel((request, signal) => {
      if (request.purpose === 'handoff') return state.write(request, signal);
      return request.steps.length === 0 ? [...state.acts.splice(0), waitFor(300)] : [];
    }),
    usage,
  );
  const world = await openWorld({
    brain: buildIdler(),
    ...(model && { model: { agent, ...model } }),
    change: (deps) => ({ ...deps, contextReset: { days, tokens } }),
    ...given.world,
  });
  for (let number = 1; number <= jorbs; number++) {
    const named = buildNewJorb({ name: `Find hotel ${number}`, requestHash: `hash ${number}` });
    await world.otherFace.store.createJorb(named, world.clock.now());
  }
  await world.settle();
  return {
    world,
    agent,
    act: (...calls) => void state.acts.push(...calls),
    write(script) {
      state.write = script;
    },
    countAsked: () => agent.requests.filter(({ purpose }) => purpose === 'handoff').length,
    listHandoffs: () =>
      world
        .sql('select id, jorb_id, status, attempts, "by", body, error from handoff order by id')
        .map(({ body, ...row }) => ({
          ...(row as Omit<HandoffRow, 'body'>),
          body: body === null ? null : JSON.parse(String(body)),
        })),
    listResets: () => world.sql('select reason, started_at, finished_at from reset order by id'),
    async steer(guidance, id = 'jorb_1') {
      await steerJorb(world.otherFace, id, { guidance });
      await world.settle();
    },
  };
}

function withUsage(brain: ScriptedModel, usage: Partial<Usage>): ScriptedModel {
  const step: ModelBrain['step'] = async (request, signal) => {
    const answer = await brain.step(request, signal);
    return request.purpose === 'turn' ? { ...answer, usage: { ...answer.usage, ...usage } } : answer;
  };
  return { ...brain, step };
}
