import { buildRenderHandoff, buildRenderPrompt, buildRenderRouting } from '../src/agent/prompts.ts';
import { loadRouterPrompt } from '../src/agent/router-prompt.ts';
import { agentTools } from '../src/agent/tools/catalog.ts';
import { toAnswer } from '../src/brains/model/answer.ts';
import { buildRulesBrain } from '../src/brains/rules/rules-brain.ts';
import { type ModelBrain, noUsage, type ToolCall } from '../src/domain/brain.ts';
import type { Fence } from '../src/domain/fence.ts';
import { buildEvaluateGate } from '../src/domain/policy/evaluate-gate.ts';
import type { Store } from '../src/domain/store.ts';
import { defaultThresholds } from '../src/domain/thresholds.ts';
import { hourMs } from '../src/lib/duration.ts';
import { openLog } from '../src/lib/log.ts';
import { loadPrompt } from '../src/lib/prompt-files.ts';
import { buildTurns } from '../src/runtime/turn.ts';
import { type Pipeline, startPipeline } from '../test/support/pipeline-driver.ts';
import { openBenchStore, packageRoot, withFolder } from './folder.ts';
import { median, milliseconds, percentile, type Row } from './measure.ts';

/** Each some hours after the last: more would pass the fourteen days after which the owner is asked. */
const turns = 100;
const ownerLimit = { minor: 10_000, currency: 'USD' };

/** A whole turn of a model that answers at once: it keeps a fact and writes back, over an errand that grows. */
export function measureTurn(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const store = await openBenchStore(folder);
    const pipeline = await startPipeline(store);
    await pipeline.createJorb();
    const stage = buildStage(store, pipeline.fence, () => pipeline.now);
    const samples: number[] = [];
    for (let n = 0; n < turns; n += 1) {
      const start = performance.now();
      if (!(await stage.tick())) throw new Error('no turn was due');
      samples.push(performance.now() - start);
      await answer(pipeline, n);
    }
    await store.close();
    return [
      {
        what: 'a turn without its model: claim, prompt, metering, two effects, end',
        ours: `p50 ${milliseconds(median(samples))}, p99 ${milliseconds(percentile(samples, 0.99))}`,
        floor: '—',
        ratio: null,
        target: '—',
        met: null,
      },
    ];
  });
}

function buildStage(store: Store, fence: Fence, now: () => number) {
  const clock = { now, at: () => () => {} };
  const model = buildInstantModel(now);
  const renderRouting = buildRenderRouting(loadRouterPrompt(packageRoot, defaultThresholds));
  const renders = { renderRouting, renderHandoff: buildRenderHandoff('') };
  const limits = { dayMicros: 1e12, jorbMicros: 1e12 };
  const waits = { timeoutMs: hourMs, fallbackMs: hourMs };
  return buildTurns(
    {
      ...{ store, clock, log: openLog('silent'), brain: buildRulesBrain(), tools: agentTools },
      model: { agent: model, router: model, ...renders, fallback: buildRulesBrain(), limits, ...waits },
      renderPrompt: buildRenderPrompt(loadPrompt(packageRoot, 'agent', [])),
      evaluate: buildEvaluateGate({ ownerLimit, thresholds: defaultThresholds }),
      random: Math.random,
      failpoint: () => {},
    },
    fence,
    new AbortController().signal,
  );
}

/** It reads its whole prompt, as a wire does to send it, and takes no time to think. */
function buildInstantModel(now: () => number): ModelBrain {
  return {
    name: 'bench',
    model: 'bench',
    computeWorstCost: (request) => Buffer.byteLength(JSON.stringify(request.prompt)),
    computeCost: () => 1,
    async step({ prompt, tools, steps }) {
      const body = { prompt, tools, steps };
      const options = { model: 'bench', computeCost: () => 1, now };
      const stop = 'tools' as const;
      const reply = { items: [], text: 'I go on.', toolCalls: callTools(now()), usage: noUsage, stop };
      return toAnswer({ wire: 'bench', body, startedAt: now(), options, reply });
    },
  };
}

function callTools(now: number): ToolCall[] {
  const send = { to: 'loopback:magic', text: `Is a room free on day ${now}?`, price: null };
  const more = { consequence: 'message', based_on: null, confidence: 1 };
  return [
    { id: 'a', name: 'store_data', arguments: { key: 'offer', value: `seen at ${now}`, source: null } },
    { id: 'b', name: 'send_message', arguments: { ...send, ...more } },
  ];
}

/** An hour later, so that no rate is in the way of the next turn. */
async function answer(pipeline: Pipeline, n: number): Promise<void> {
  await pipeline.send();
  pipeline.now += 3 * hourMs;
  await pipeline.deliver(`Yes, room ${n} is free at $${280 + n} a night.`);
}
