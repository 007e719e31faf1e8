import { sha256 } from '../../../src/lib/canonical.ts';
import {
  type FakeReply,
  type FakeRequest,
  type FakeServer,
  openFakeServer,
  startFakeServer,
} from './fake-server.ts';
import type { Fault } from './fault.ts';
import { type Block, listContent, listPromptParts, type MessagesBody } from './messages-body.ts';
import { checkBody, checkEnvelope } from './messages-rules.ts';
import { readSeen } from './messages-seen.ts';
import { chooseStop, type MessagesUsage, renderMessage, type Written } from './messages-stream.ts';
import type { Mind, MindAnswer, SeenRequest } from './mind.ts';
import { countTokens } from './prefix-cache.ts';

export type MessagesServer = FakeServer & {
  key: string;
  /** What it answered to, in order. */
  seen: SeenRequest[];
  /** What it refused of its own accord, in order. */
  refused: string[];
};

export type MessagesServerOptions = {
  mind: Mind;
  key?: string;
  /** Where given, every other model is unknown. */
  models?: string[];
  /** The longest prompt in tokens. */
  window?: number;
  /** More strict tools than this make too large a grammar. */
  mostStrictTools?: number;
  /** Thinks aloud before each answer, which must come back unchanged. On unless told. */
  thinks?: boolean;
  fault?: (n: number) => Fault | undefined;
};

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The Messages API on loopback: it refuses what the real one refuses. Closed when the test ends. */
export function startMessagesServer(options: MessagesServerOptions): Promise<MessagesServer> {
  return buildMessagesServer(options, startFakeServer);
}

/** The same outside a test, where the caller closes it. */
export function openMessagesServer(options: MessagesServerOptions): Promise<MessagesServer> {
  return buildMessagesServer(options, openFakeServer);
}

async function buildMessagesServer(
  { mind, key = 'sk-ant-test', thinks = true, fault, ...limits }: MessagesServerOptions,
  open: typeof openFakeServer,
): Promise<MessagesServer> {
  const seen: SeenRequest[] = [];
  const refused: string[] = [];
  const cache = new Set<string>();
  const thoughts = new Map<string, string>();

  function refuse(status: number, message: string): FakeReply {
    refused.push(message);
    return { status, json: describeError(errorTypes[status] ?? 'invalid_request_error', message) };
  }

  function answer(request: FakeRequest): FakeReply {
    const wrong = checkEnvelope(request, key);
    if (wrong) return refuse(wrong.status, wrong.message);
    const body = checkBody(request.body);
    if ('status' in body) return refuse(body.status, body.message);
    const problem = checkLimits(body, limits) ?? checkThoughts(body, thoughts);
    if (problem) return refuse(problem.startsWith('model:') ? 404 : 400, problem);
    const view = readSeen(body);
    seen.push(view);
    const thought = mind(view);
    const written = write(thought, seen.length, thinks);
    for (const { id } of written.filter((block) => block.type === 'tool_use')) {
      if (!thoughts.has(id)) thoughts.set(id, describeThoughts(written));
    }
    const usage = countUsage(body, written, cache);
    const facts = { id: `msg_${seen.length}`, model: body.model, stop: chooseStop(thought) };
    return { sse: renderMessage(facts, written, usage) };
  }

  const server = await open({
    answer,
    errorBody: (status) => describeError(errorTypes[status] ?? 'api_error', `status ${status}`),
    errorEvent: (type) => ({ event: 'error', data: describeError(type, type) }),
    ...(fault && { fault }),
  });
  return { ...server, key, seen, refused };
}

function describeError(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_test' };
}

function checkLimits(
  body: MessagesBody,
  { models, window, mostStrictTools }: Pick<MessagesServerOptions, 'models' | 'window' | 'mostStrictTools'>,
): string | undefined {
  if (models && !models.includes(body.model)) return `model: ${body.model}`;
  const tokens = countTokens(JSON.stringify(body));
  if (window !== undefined && tokens > window)
    return `prompt is too long: ${tokens} tokens > ${window} maximum`;
  const strict = body.tools?.filter((tool) => tool.strict).length ?? 0;
  if (mostStrictTools !== undefined && strict > mostStrictTools) return 'The compiled grammar is too large';
  return undefined;
}

/** A thought of ours comes back with the calls it led to, and as it was. */
function checkThoughts(
  { messages }: MessagesBody,
  thoughts: ReadonlyMap<string, string>,
): string | undefined {
  for (const message of messages) {
    const blocks = listContent(message);
    for (const { id } of blocks.filter((block) => block.type === 'tool_use')) {
      if (thoughts.has(id) && thoughts.get(id) !== describeThoughts(blocks)) {
        return '`thinking` blocks in the latest assistant message cannot be modified';
      }
    }
    const forged = blocks.some(
      (block) => block.type === 'thinking' && block.signature !== sign(block.thinking),
    );
    if (forged) return 'Invalid `signature` in `thinking` block';
  }
  return undefined;
}

function sign(thinking: string): string {
  return `sig_${sha256(thinking).slice(0, 16)}`;
}

function describeThoughts(blocks: readonly (Block | Written)[]): string {
  return JSON.stringify(
    blocks.flatMap((block) => (block.type === 'thinking' ? [block.thinking, block.signature] : [])),
  );
}

function write({ text = '', calls = [] }: MindAnswer, n: number, thinks: boolean): Written[] {
  const thinking = `Thought ${n}: what was said, and what is to be done.`;
  return [
    ...(thinks ? [{ type: 'thinking' as const, thinking, signature: sign(thinking) }] : []),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map(({ id, name, arguments: given }, call) => ({
      type: 'tool_use' as const,
      id: id ?? `toolu_${n}_${call}`,
      name,
      json: typeof given === 'string' ? given : JSON.stringify(given),
    })),
  ];
}

/** Reads what an earlier request had marked, as far as it is the same; writes up to the last mark of this one. */
function countUsage(body: MessagesBody, written: readonly Written[], cache: Set<string>): MessagesUsage {
  const parts = listPromptParts(body);
  const beginnings: { text: string; isMarked: boolean }[] = [];
  for (const [at, part] of parts.entries()) {
    const { cache_control, ...rest } = part as { cache_control?: unknown };
    const isMarked = Boolean(cache_control) || (at === parts.length - 1 && Boolean(body.cache_control));
    beginnings.push({ text: `${beginnings.at(-1)?.text ?? body.model}\n${JSON.stringify(rest)}`, isMarked });
  }
  const marked = beginnings.filter(({ isMarked }) => isMarked).map(({ text }) => text);
  const last = countTokens(marked.at(-1) ?? '');
  const known = beginnings.findLast(({ text }) => cache.has(text))?.text ?? '';
  for (const text of marked) cache.add(text);
  const read = Math.min(last, countTokens(known));
  return {
    input_tokens: countTokens(beginnings.at(-1)?.text ?? '') - last,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: last - read,
    output_tokens: countTokens(JSON.stringify(written)),
  };
}
