import { expect } from 'vitest';
import type { Usage } from '../../../src/domain/brain.ts';
import { renderBrief } from '../../../src/domain/render/brief.ts';
import { renderJorb } from '../../../src/domain/render/jorb.ts';
import { getJorb } from '../../../src/runtime/owner/get-jorb.ts';
import { takeBrief } from '../../../src/runtime/owner/take-brief.ts';
import type { FakeReply } from './fake-server.ts';
import { apiKey, loadTestPrices, type ThinkingWorld } from './thinking-world.ts';

type Fields = Record<string, unknown>;
type Row = { status: string; cost_micros: number; reserved_micros: number; error: string | null };

/** What says that nothing was sent at all. */
const unsent = /never dialled|is no key|ECONNREFUSED/;

/**
 * Every request that arrived at the server has its row: at the cost of the tokens that the server told, at
 * nothing where it refused, and otherwise at least at what arrived, or at its worst.
 */
export async function expectCounted({ wire, world, server }: ThinkingWorld): Promise<void> {
  const columns = 'status, cost_micros, reserved_micros, error';
  const all = world.sql(`select ${columns} from model_call order by id`) as Row[];
  const rows = all.filter(({ error }) => !unsent.test(error ?? ''));
  for (const row of all) {
    if (!rows.includes(row)) expect(row).toMatchObject({ status: 'settled', cost_micros: 0 });
  }
  expect(rows).toHaveLength(server.requests.length);
  const computeCost = await loadTestPrices(wire);
  for (const [at, { reply, fault }] of server.replies.entries()) {
    const row = rows[at];
    const { status = 200 } = reply ?? {};
    if (reply === undefined) {
      expect(row).toMatchObject({ status: 'unknown', cost_micros: row?.reserved_micros });
    } else if (status >= 300) {
      const cost = [408, 502, 504, 524].includes(status)
        ? { status: 'unknown', cost_micros: row?.reserved_micros }
        : { status: 'settled', cost_micros: 0 };
      expect(row).toMatchObject(cost);
    } else if (fault === undefined || fault.kind === 'bytes') {
      const reported = readReported(reply);
      if (row?.error?.includes('more text')) {
        // Nobody heard it to its end.
        expect(row.cost_micros).toBeGreaterThanOrEqual(row.reserved_micros);
      } else if (reported && row?.status === 'settled') {
        expect(row).toMatchObject({ status: 'settled', cost_micros: computeCost(reported) });
      } else {
        expect(row).toMatchObject({ status: 'unknown', cost_micros: row?.reserved_micros });
      }
    } else if (fault.kind !== 'html') {
      expect(row?.status).toMatch(/^(settled|unknown)$/);
      expect(row?.cost_micros).toBeGreaterThan(0);
    }
  }
}

/** The tokens of a whole answer, as its wire tells them. */
function readReported(reply: FakeReply): Usage | undefined {
  if (!('sse' in reply)) return undefined;
  const events = reply.sse.map(({ data }) => data as Fields);
  const usages = events.flatMap((event) => [event, event.response, event.message]).flatMap(readUsageField);
  if (usages.length === 0) return undefined;
  const all: Fields = Object.assign({}, ...usages);
  const details = (all.input_tokens_details ?? all.prompt_tokens_details ?? {}) as Record<string, number>;
  const count = (name: string) => Number(all[name] ?? 0);
  const [read, written] = [count('cache_read_input_tokens'), count('cache_creation_input_tokens')];
  return {
    inputTokens: count('input_tokens') + count('prompt_tokens') + read + written,
    cachedTokens: (details.cached_tokens ?? 0) + read,
    writtenTokens: (details.cache_write_tokens ?? 0) + written,
    outputTokens: count('output_tokens') + count('completion_tokens'),
  };
}

function readUsageField(value: unknown): Fields[] {
  const usage = typeof value === 'object' && value !== null ? (value as Fields).usage : undefined;
  return typeof usage === 'object' && usage !== null ? [usage as Fields] : [];
}

/** One sentence of readable length, and no word of a key, a password, an address or a stack in it. */
export function expectSentence(text: unknown): void {
  expect(text).toEqual(expect.any(String));
  expect(String(text).length).toBeLessThan(300);
  expect(text).not.toMatch(/\n|undefined|\[object|\bat \S+:\d+|127\.0\.0\.1|node:|Error:/);
  expect(text).not.toContain(apiKey.slice(0, 10));
  expect(String(text).isWellFormed()).toBe(true);
}

/** All that the owner is shown of it: brief and jorb. */
export async function readOwnerTexts({ world }: ThinkingWorld): Promise<string> {
  const brief = renderBrief(await takeBrief(world.otherFace, { peek: true }));
  const jorb = renderJorb(await getJorb(world.otherFace, 'jorb_1'), world.clock.now());
  return `${brief}\n${jorb}`;
}

export const readJorb = ({ world }: ThinkingWorld) =>
  world.sql('select status, pause_cause, reason, due_at from jorb where id = 1')[0];

export const readEvents = ({ world }: ThinkingWorld) =>
  world.sql('select status from event order by id').map(({ status }) => status);

/** It paused with this sentence, which the owner reads; the message that led to it waits. */
export async function expectPaused(thinking: ThinkingWorld, reason: string): Promise<void> {
  expect(readJorb(thinking)).toEqual({ status: 'paused', pause_cause: 'error', reason, due_at: null });
  expectSentence(reason);
  const shown = await readOwnerTexts(thinking);
  expect(shown).toContain(`is paused (after an error; resume it to try again): ${reason}\n`);
  expect(shown).not.toContain(apiKey);
  await expectUntouched(thinking);
}

/** The turn is tried again at its time; until then nothing needs the owner but what they read of the model. */
export async function expectRetried(thinking: ThinkingWorld, afterMs: number): Promise<void> {
  const { clock } = thinking.world;
  expect(readJorb(thinking)).toEqual({
    ...{ status: 'running', pause_cause: null, reason: null },
    due_at: clock.now() + afterMs,
  });
  await expectUntouched(thinking);
}

/** Nothing was lost, nothing was sent, and everything was counted. */
async function expectUntouched(thinking: ThinkingWorld): Promise<void> {
  expect(readEvents(thinking)).toEqual(['routed']);
  expect(thinking.world.wire.lines).toEqual([]);
  await expectCounted(thinking);
}

/** The message was dealt with, and the answer to it has left once. */
export async function expectReplied(thinking: ThinkingWorld): Promise<void> {
  expect(thinking.world.wire.lines.map(({ text }) => text.split('\n')[0])).toEqual(['What would it cost?']);
  expect(readEvents(thinking)).toEqual(['handled']);
  expect(readJorb(thinking)).toMatchObject({ status: 'running' });
  await expectCounted(thinking);
}
