import { buildAnthropicBrain } from '../../../src/brains/anthropic/anthropic-brain.ts';
import { buildLocalBrain } from '../../../src/brains/local/local-brain.ts';
import type { ComputeCost, ModelOptions } from '../../../src/brains/model/options.ts';
import { buildOpenAiBrain } from '../../../src/brains/openai/openai-brain.ts';
import { loadPrices } from '../../../src/brains/prices.ts';
import { buildRulesBrain } from '../../../src/brains/rules/rules-brain.ts';
import type { ModelBrain, ModelProvider } from '../../../src/domain/brain.ts';
import type { ModelDeps } from '../../../src/runtime/model-deps.ts';
import { setJorbStatus } from '../../../src/runtime/owner/set-jorb-status.ts';
import { buildNewJorb } from '../store.ts';
import { openWorld, type World } from '../world.ts';
import { type ChatServerOptions, startChatServer } from './chat-server.ts';
import type { FakeServer } from './fake-server.ts';
import { type MessagesServerOptions, startMessagesServer } from './messages-server.ts';
import type { Mind, SeenRequest } from './mind.ts';
import { startResponsesServer } from './responses-server.ts';

/** One of each wire's fake servers. */
export type ModelServer = FakeServer & { key: string; seen: SeenRequest[]; refused: string[] };

export type ThinkingWorld = {
  wire: ModelProvider;
  world: World;
  server: ModelServer;
  /** What the server answers with from now on. */
  think(mind: Mind): void;
  /** Hands a message over, and lets the pipeline do what it can at once. */
  hear(text?: string): Promise<void>;
  /** The owner changes their settings, and the program starts anew. */
  restart(settings?: Partial<ModelOptions>): Promise<void>;
  resume(): Promise<void>;
};

const builders: Record<ModelProvider, (options: ModelOptions) => ModelBrain> = {
  openai: buildOpenAiBrain,
  anthropic: buildAnthropicBrain,
  local: buildLocalBrain,
};

/** Nothing in it looks like a key. */
export const apiKey = 'house-and-garden-0123';
/** US dollars per million tokens: a cache costs something else to read and to write. */
const price = { in: 1.25, out: 10, cacheRead: 0.125, cacheWrite: 1.5625 };
const models = ['model-1', 'router-1'];

export async function loadTestPrices(provider: ModelProvider): Promise<ComputeCost> {
  const loaded = await loadPrices({ provider, model: 'model-1', configured: { 'model-1': price } });
  if (!loaded.ok) throw new Error(loaded.error);
  return loaded.value;
}

const lookAgain = {
  name: 'schedule_wake',
  arguments: { at: null, minutes_from_now: 60 * 24 * 300, reason: 'nobody hurries' },
};

/** Looks again in a year, then has nothing more to say. */
export const idles: Mind = ({ steps }) => {
  const isPlanned = steps.some(({ results }) =>
    results.some(({ text }) => text.startsWith('you look again')),
  );
  return isPlanned ? { text: 'I wait.' } : { text: 'I look again later.', calls: [lookAgain] };
};

/** Answers the hotel, and waits for what it says to that. */
export const replies: Mind = () => ({
  text: 'I ask for the price.',
  calls: [
    {
      name: 'send_message',
      arguments: {
        ...{ to: 'loopback:magic', text: 'What would it cost?', price: null, consequence: 'message' },
        ...{ based_on: null, confidence: 0.95 },
      },
    },
  ],
});

type ServerOptions = ChatServerOptions & Pick<MessagesServerOptions, 'thinks'>;
type Given = { model?: Partial<ModelDeps>; jorbs?: number; server?: Partial<ServerOptions> };

/**
 * The whole runtime with a real brain on a fake server: errands that have begun, with two answers each, and wait
 * for the hotel.
 */
export async function openThinkingWorld(
  wire: ModelProvider,
  { jorbs = 1, server: given, model = {} }: Given = {},
): Promise<ThinkingWorld> {
  const state = { mind: idles, settings: {} as Partial<ModelOptions> };
  const server = await startServer(wire, { mind: (seen) => state.mind(seen), key: apiKey, models, ...given });
  const computeCost = await loadTestPrices(wire);
  const build = (name: string) =>
    builders[wire]({
      ...{ apiKey, baseUrl: `${server.url}/v1`, model: name, computeCost, mostOutputTokens: 4000 },
      ...{ now: () => Date.UTC(2026, 10, 20, 12), ...state.settings },
    });
  const world = await openWorld({
    brain: buildRulesBrain(),
    model,
    change: (deps) =>
      deps.model === null
        ? deps
        : { ...deps, model: { ...deps.model, agent: build('model-1'), router: build('router-1') } },
  });
  for (let number = 1; number <= jorbs; number++) {
    const names = { name: `Find hotel ${number}`, requestHash: `hash ${number}` };
    await world.otherFace.store.createJorb(buildNewJorb(names), world.clock.now());
  }
  await world.settle();
  return {
    ...{ wire, world, server },
    think(mind) {
      state.mind = mind;
    },
    async hear(text = 'We have a room for you.') {
      await world.receive({ text });
      await world.settle();
    },
    async restart(settings = {}) {
      state.settings = settings;
      await world.crash();
    },
    async resume() {
      await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
      await world.settle();
    },
  };
}

async function startServer(wire: ModelProvider, { fault, ...options }: ServerOptions): Promise<ModelServer> {
  const given = { ...options, ...(fault && { fault }) };
  if (wire === 'anthropic') return startMessagesServer(given);
  return wire === 'openai' ? startResponsesServer(given) : startChatServer(given);
}
