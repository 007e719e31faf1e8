import { join } from 'node:path';
import { buildRenderPrompt } from './agent/prompts.ts';
import { agentTools } from './agent/tools/catalog.ts';
import { buildRulesBrain } from './brains/rules/rules-brain.ts';
import { buildLoopback } from './channels/loopback/loopback.ts';
import type { Config } from './config.ts';
import { openStore } from './db/open.ts';
import type { Brain } from './domain/brain.ts';
import { defaultContract } from './domain/contract.ts';
import { buildEvaluateGate } from './domain/policy/evaluate-gate.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { dayMs } from './lib/duration.ts';
import { type Log, openLog } from './lib/log.ts';
import type { Face } from './runtime/face.ts';
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
  const store = await openStore({ dataDir, migrationsDir: join(packageRoot, 'drizzle') });
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? openLog(config.logLevel);
  const evaluate = buildEvaluateGate({ ownerLimit: config.spendLimit });
  return openFace({
    version,
    dataDir,
    packageRoot,
    pipeline: {
      store,
      clock,
      log,
      brain: overrides.brain ?? buildRulesBrain(),
      model: null,
      tools: agentTools,
      renderPrompt: buildRenderPrompt(''),
      channels: [buildLoopback({ dataDir, clock })],
      debounce,
      evaluate,
      failpoint: overrides.failpoint ?? (() => {}),
      staleMs,
    },
    owner: {
      store,
      clock,
      defaults: defaultContract(config.spendLimit),
      timeZone: () => config.timeZone,
      confirm: config.confirm,
      evaluate,
      debounce,
    },
  });
}
