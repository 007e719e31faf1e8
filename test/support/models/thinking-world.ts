import { buildAnthropicBrain } from '../../../src/brains/anthropic/anthropic-brain.ts';
import { buildLocalBrain } from '../../../src/brains/local/local-brain.ts';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import { buildOpenAiBrain } from '../../../src/brains/openai/openai-brain.ts';
import { loadPrices } from '../../../src/brains/prices.ts';
import { buildRulesBrain } from '../../../src/brains/rules/rules-brain.ts';
import type { ModelBrain, ModelProvider } from '../../../src/domain/brain.ts';
import { parsePrices } from '../../../src/domain/model-money.ts';
import { buildNewJorb } from '../store.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';
import { type ChatServerOptions, startChatServer } from './chat-server.ts';
import type { FakeServer } from './fake-server.ts';
import { startMessagesServer } from './messages-server.ts';
import type { Mind, SeenRequest } from './mind.ts';
import { startResponsesServer } from './responses-server.ts';

/** One of each wire's fake servers. */
export type ModelServer = FakeServer & { key: string; seen: SeenRequest[]; refused: string[] };

export type ThinkingWorld = {
  world: World;
  server: ModelServer;
  /** What the mind of the server answers with; may be changed at any time. */
  mind: { answer: Mind };
  /** What the next process is started with, as the owner would mend their settings. */
  settings: Partial<ModelOptions>;
  /** Hands a message of the hotel over, and lets the pipeline do what it can at once. */
  hear(text?: string): Promise<void>;
};

const builders: Record<ModelProvider, (options: ModelOptions) => ModelBrain> = {
  openai: buildOpenAiBrain,
  anthropic: buildAnthropicBrain,
  local: buildLocalBrain,
};

export const apiKey = 'sk-secret-0123456789';
export const prices = { in: 1.25, out: 10, cacheRead: 0.125, cacheWrite: 1.5625 };
const models = ['model-1', 'router-1'];

type Given = Omit<WorldOptions, 'brain'> & {
  /** The jorbs there are; the test's own begin with `waiting`. */
  jorbs?: number;
  server?: Partial<ChatServerOptions>;
};

/** What a model answers while nothing is wrong: it looks again in a year, then has nothing more to say. */
export const waitOn: Mind = ({ steps }) => {
  const isPlanned = steps.some(({ results }) => results.some(({ text }) => text.startsWith('you look again')));
  return isPlanned ? { text: 'I wait for the hotel.' } : { text: 'I look again later.', calls: [lookAgain] };
};

export const lookAgain = {
  name: 'schedule_wake',
  arguments: { at: null, minutes_from_now: 60 * 24 * 300, reason: 'look again' },
};

/**
 * The whole runtime with a real brain on a fake server, and errands that have begun and
 * wait for the hotel.
 */
export async function openThinkingWorld(
  wire: ModelProvider,
  answer: Mind,
  { jorbs = 1, server: given, ...options }: Given = {},
): Promise<ThinkingWorld> {
  const mind = { answer: waitOn };
  const server = await startServer(wire, { mind: (seen) => mind.answer(seen), key: apiKey, models, ...given });
  const settings: Partial<ModelOptions> = {};
  const brains = await buildBrains(wire, server, settings);
  const world = await openWorld({
    ...options,
    brain: buildRulesBrain(),
    model: { ...options.model },
    change: (deps) => {
      const changed = options.change?.(deps) ?? deps;
      return changed.model ? { ...changed, model: { ...changed.model, ...brains() } } : changed;
    },
  });
  for (let number = 1; number <= jorbs; number++) {
    await world.otherFace.store.createJorb(
      buildNewJorb({ name: `Find hotel ${number}`, requestHash: `hash ${number}` }),
      world.clock.now(),
    );
  }
  await world.settle();
  mind.answer = answer;
  return {
    ...{ world, server, mind, settings },
    async hear(text = 'We have a room for $200 a night.') {
      await world.receive({ text });
      await world.settle();
    },
  };
}

async function startServer(wire: ModelProvider, options: ChatServerOptions): Promise<ModelServer> {
  if (wire === 'anthropic') return startMessagesServer(options);
  return wire === 'openai' ? startResponsesServer(options) : startChatServer(options);
}

async function buildBrains(wire: ModelProvider, server: ModelServer, settings: Partial<ModelOptions>) {
  const configured = parsePrices(JSON.stringify(Object.fromEntries(models.map((each) => [each, prices]))));
  if (!configured.ok) throw new Error(configured.error);
  const price = await loadPrices({ provider: wire, model: 'model-1', configured: configured.value });
  if (!price.ok) throw new Error(price.error);
  const build = (model: string) =>
    builders[wire]({
      apiKey,
      baseUrl: `${server.url}/v1`,
      model,
      computeCost: price.value,
      mostOutputTokens: 4000,
      now: () => Date.UTC(2026, 10, 20, 12),
      ...settings,
    });
  return () => ({ agent: build(settings.model ?? 'model-1'), router: build('router-1') });
}
