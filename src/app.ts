import { join } from 'node:path';
import { buildRenderHandoff, buildRenderPrompt, buildRenderRouting } from './agent/prompts.ts';
import { loadRouterPrompt } from './agent/router-prompt.ts';
import { agentTools } from './agent/tools/catalog.ts';
import { openModelBrain } from './brains/open-model-brain.ts';
import { loadPrices } from './brains/prices.ts';
import { buildRulesBrain } from './brains/rules/rules-brain.ts';
import { buildLoopback } from './channels/loopback/loopback.ts';
import { buildFolderMailer } from './channels/mail/folder-mailer.ts';
import { buildSmtpMailer } from './channels/mail/smtp-mailer.ts';
import { buildWebChannel } from './channels/web/web.ts';
import type { Config, ModelThinking } from './config.ts';
import { openStore } from './db/open.ts';
import type { Brain, ModelBrain } from './domain/brain.ts';
import { defaultContract } from './domain/contract.ts';
import { buildEvaluateGate } from './domain/policy/evaluate-gate.ts';
import { Refusal } from './domain/refusal.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { dayMs } from './lib/duration.ts';
import { type Log, openLog } from './lib/log.ts';
import { loadPrompt } from './lib/prompt-files.ts';
import type { Face } from './runtime/face.ts';
import type { ModelDeps } from './runtime/model-deps.ts';
import { openFace } from './runtime/open-face.ts';
import type { Failpoint } from './runtime/stage.ts';

/** A running jorb in which nothing happened for so long is paused for the owner to look at. */
const staleMs = 2 * dayMs;

export type AppOverrides = { clock?: Clock; failpoint?: Failpoint; brain?: Brain; log?: Log };

/**
 * Builds the program over one data folder. It runs nothing until the face stands for election. Rejects
 * with `Refusal` when the folder cannot be used.
 */
export async function openApp(config: Config, overrides: AppOverrides = {}): Promise<Face> {
  const { dataDir, debounce, packageRoot, version } = config;
  const agentPrompt = loadPrompt(packageRoot, 'agent', []);
  const clock = overrides.clock ?? systemClock;
  const model = overrides.brain ? null : await openModels(config, clock);
  const store = await openStore({ dataDir, migrationsDir: join(packageRoot, 'drizzle') });
  const log = overrides.log ?? openLog(config.logLevel);
  const evaluate = buildEvaluateGate({ ownerLimit: config.spendLimit, thresholds: config.thresholds });
  return openFace({
    version,
    dataDir,
    packageRoot,
    pipeline: {
      store,
      clock,
      log,
      brain: overrides.brain ?? buildRulesBrain(),
      model,
      tools: agentTools,
      renderPrompt: buildRenderPrompt(agentPrompt),
      channels: [buildLoopback({ dataDir, clock }), buildWebChannel({ clock, version })],
      debounce,
      evaluate,
      thresholds: config.thresholds,
      random: Math.random,
      failpoint: overrides.failpoint ?? (() => {}),
      staleMs,
      timeZone: () => config.timeZone,
      digestCron: config.digestCron,
      sendsEmptyDigests: config.sendsEmptyDigests,
      mailer: config.smtp ? buildSmtpMailer(config.smtp, { clock }) : buildFolderMailer({ dataDir }),
      contextReset: config.contextReset,
      progressLog: config.progressLog,
    },
    owner: {
      store,
      clock,
      defaults: defaultContract(config.spendLimit),
      timeZone: () => config.timeZone,
      confirm: config.confirm,
      evaluate,
      modelLimits: model?.limits ?? null,
      debounce,
    },
  });
}

/** More than any answer to an errand needs, its thinking included; it is set aside before each call. */
const mostOutputTokens = 8192;

/** Null where the rules think. Rejects with `Refusal` when a price is not known. */
async function openModels(
  { thinking, thresholds, packageRoot }: Config,
  clock: Clock,
): Promise<ModelDeps | null> {
  if (thinking.provider === 'rules') return null;
  const { agentModel, routerModel, limits, timeoutMs, fallbackMs } = thinking;
  const [agent, router] = await Promise.all([
    openModel(thinking, agentModel, clock),
    openModel(thinking, routerModel, clock),
  ]);
  const renderRouting = buildRenderRouting(loadRouterPrompt(packageRoot, thresholds));
  const renderHandoff = buildRenderHandoff(loadPrompt(packageRoot, 'handoff', []));
  const fallback = buildRulesBrain();
  return { agent, router, renderRouting, renderHandoff, fallback, limits, timeoutMs, fallbackMs };
}

async function openModel(thinking: ModelThinking, model: string, clock: Clock): Promise<ModelBrain> {
  const { provider, apiKey, baseUrl, prices } = thinking;
  const price = await loadPrices({ provider, model, configured: prices });
  if (!price.ok) throw new Refusal('invalid', price.error, 'MODEL_PRICES');
  const computeCost = price.value;
  return openModelBrain(provider, { apiKey, baseUrl, model, computeCost, mostOutputTokens, now: clock.now });
}
