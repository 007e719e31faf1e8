import { join } from 'node:path';
import Database from 'better-sqlite3';
import { buildRenderPrompt, buildRenderRouting } from '../src/agent/prompts.ts';
import { loadRouterPrompt } from '../src/agent/router-prompt.ts';
import { agentTools } from '../src/agent/tools/catalog.ts';
import { toToolSpec } from '../src/agent/tools/define-tool.ts';
import type { Prompt } from '../src/domain/brain.ts';
import { defaultThresholds } from '../src/domain/thresholds.ts';
import { minuteMs } from '../src/lib/duration.ts';
import { loadPrompt } from '../src/lib/prompt-files.ts';
import { type Pipeline, sendTo, startPipeline } from '../test/support/pipeline-driver.ts';
import { openBenchStore, packageRoot, withFolder } from './folder.ts';
import type { Row } from './measure.ts';

const charactersPerToken = 4;
const exchanges = 8;

const tools = JSON.stringify(agentTools.map(toToolSpec));
const renderTurn = buildRenderPrompt(loadPrompt(packageRoot, 'agent', []));
const renderRouting = buildRenderRouting(loadRouterPrompt(packageRoot, defaultThresholds));

type Prompts = { turn: string; next: string; routing: string };

/** What one event takes of a model, with a hundred times the jorbs, and how much of it the turn before has said. */
export async function measurePrompts(): Promise<Row[]> {
  const few = await readPrompts(10);
  const more = await readPrompts(100);
  const many = await readPrompts(1000);
  const { next } = many;
  const shared = countShared(many.turn, next) / next.length;
  return [
    compare('turn', 'one event, 100 active jorbs', more.turn, few.turn),
    compare('turn', 'one event, 1,000 active jorbs', many.turn, few.turn),
    compare('routing', 'one message no rule decides, 1,000 active jorbs', many.routing, few.routing),
    {
      what: 'cached share of the next turn’s prompt',
      ours: `${Math.floor(shared * 100)} % of ${size(next)}`,
      floor: '—',
      ratio: null,
      target: '≥ 80 %',
      met: shared >= 0.8,
    },
  ];
}

function compare(kind: string, what: string, ours: string, floor: string): Row {
  const ratio = ours.length / floor.length;
  return {
    what: `prompt of a ${kind}: ${what}`,
    ours: size(ours),
    floor: `${size(floor)}, at 10 jorbs`,
    ratio,
    target: '≤ 1.2×',
    met: ratio <= 1.2,
  };
}

function size(prompt: string): string {
  const count = (value: number) => Math.ceil(value).toLocaleString('en-US');
  return `${count(prompt.length / charactersPerToken)} tokens, ${count(Buffer.byteLength(prompt))} bytes`;
}

/** Of one jorb in the middle of its errand, among so many that wait for answers from the same two contacts. */
function readPrompts(jorbs: number): Promise<Prompts> {
  return withFolder(async (folder) => {
    const store = await openBenchStore(folder);
    const pipeline = await startPipeline(store);
    for (let n = 1; n <= jorbs; n += 1) await pipeline.createJorb({ name: `Errand ${n}` });
    leaveWaiting(folder);
    for (let n = 1; n <= exchanges; n += 1) await exchange(pipeline, n);
    const turn = await readTurn(pipeline);
    await exchange(pipeline, exchanges + 1);
    const next = await readTurn(pipeline);
    const routing = await readRouting(pipeline);
    await store.close();
    return { turn, next, routing };
  });
}

/** All but the first jorb have had their turn; for speed, by rows that the store could have written. */
function leaveWaiting(folder: string): void {
  const raw = new Database(join(folder, 'jorbs.db'));
  raw.prepare('UPDATE jorb SET due_at = NULL, due_trigger = NULL WHERE id > 1').run();
  raw.close();
}

/** A turn that keeps a fact and writes, and the answer to it. */
async function exchange(pipeline: Pipeline, n: number): Promise<void> {
  await pipeline.takeTurn([
    { kind: 'store_data', key: `offer ${n}`, value: `$${280 + n} a night, breakfast`, sourceEventId: null },
    sendTo(
      'magic',
      `Thank you. Is a room on floor ${n} free from March 17 to 21, and at what price a night?`,
    ),
  ]);
  const sent = await pipeline.send();
  pipeline.now += minuteMs;
  await pipeline.deliver(`Yes, a room on floor ${n} is free for those four nights, at $${280 + n} a night.`, {
    inReplyTo: sent.key,
  });
  pipeline.now += minuteMs;
}

/** The prompt of the turn that is due. The turn goes back to where it was. */
async function readTurn(pipeline: Pipeline): Promise<string> {
  const claimed = await pipeline.claim();
  if (!claimed) throw new Error('no turn is due');
  pipeline.fence = await pipeline.store.raiseEpoch('bench', pipeline.now);
  return `${tools}${joinBlocks(renderTurn(claimed.context))}`;
}

async function readRouting(pipeline: Pipeline): Promise<string> {
  await pipeline.receive('We have a room after all.');
  await pipeline.release();
  const { store, fence, now } = pipeline;
  const routed = await store.routeBatch(fence, () => ({ kind: 'ask', leasedUntil: now + minuteMs }), now);
  if (!routed || !('question' in routed)) throw new Error('no model would be asked');
  return joinBlocks(renderRouting(routed.question));
}

function joinBlocks({ system, input }: Prompt): string {
  return [system, ...input].join('');
}

function countShared(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
