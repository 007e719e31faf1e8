import { checkTools } from './check-schema.ts';
import type { FakeRequest } from './fake-server.ts';
import {
  type Block,
  listContent,
  listPromptParts,
  type Message,
  type MessagesBody,
  messagesBody,
} from './messages-body.ts';

export type Refusal = { status: number; message: string };
type Calls = Extract<Block, { type: 'tool_use' }>[];

/** Keywords that the API refuses within a strict schema. */
const notStrict =
  /"(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|minItems|maxItems|pattern|format)":/;

/** Route, headers and credentials. */
export function checkEnvelope({ method, url, headers }: FakeRequest, key: string): Refusal | undefined {
  if (url !== '/v1/messages') return { status: 404, message: `no such route: ${url}` };
  if (method !== 'POST') return { status: 405, message: `${method} is not allowed` };
  const { authorization, 'x-api-key': apiKey, 'anthropic-version': version } = headers;
  if (authorization && apiKey) return { status: 400, message: 'send one of Authorization and X-Api-Key' };
  if (authorization !== `Bearer ${key}`) return { status: 401, message: 'invalid bearer token' };
  if (version !== '2026-10-21') return { status: 400, message: `anthropic-version: ${version}` };
  if (headers['content-type']?.split(';')[0] !== 'application/json') {
    return { status: 400, message: 'content-type must be application/json' };
  }
  return undefined;
}

/** The body, when it is one that the API takes, or what it says to it. */
export function checkBody(given: unknown): MessagesBody | Refusal {
  const { success, data, error } = messagesBody.safeParse(given);
  if (!success) {
    const [issue] = error.issues;
    return refuse(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const problem =
    checkToolset(data) ?? checkMarks(data) ?? checkOrder(data.messages) ?? checkPairs(data.messages);
  return problem === undefined ? data : refuse(problem);
}

function refuse(message: string): Refusal {
  return { status: 400, message };
}

function checkToolset({ tools = [] }: MessagesBody): string | undefined {
  const strict = tools
    .filter((tool) => tool.strict === true)
    .map(({ input_schema }) => JSON.stringify(input_schema));
  if (strict.length > 20) return 'Too many strict tools';
  if (strict.some((schema) => notStrict.test(schema)))
    return 'a keyword that is not supported in a strict schema';
  const unions = strict.join().match(/"anyOf":|"type":\[/g)?.length ?? 0;
  if (unions > 16) return `Schemas contains too many parameters with union types (${unions})`;
  return checkTools(
    tools.map(({ name, input_schema, strict = false }) => ({ name, schema: input_schema, strict })),
  );
}

function checkMarks(body: MessagesBody): string | undefined {
  const marks = [body, ...listPromptParts(body)].filter(
    (part) => 'cache_control' in part && part.cache_control,
  );
  return marks.length > 4
    ? `at most 4 blocks with cache_control may be provided, found ${marks.length}`
    : undefined;
}

function checkOrder(messages: readonly Message[]): string | undefined {
  if (messages[0]?.role !== 'user') return 'the first message must be from the user';
  if (messages.at(-1)?.role !== 'user') return 'this model does not support assistant message prefill';
  for (const [at, message] of messages.entries()) {
    const blocks = listContent(message);
    const types = blocks.map(({ type }) => type);
    if (message.role === messages[at - 1]?.role) return `messages.${at}: roles must alternate`;
    if (message.role === 'assistant' && types.includes('tool_result')) return `messages.${at}: tool_result`;
    if (message.role === 'user' && types.some((type) => type === 'tool_use' || type === 'thinking')) {
      return `messages.${at}: only an assistant calls and thinks`;
    }
    if (message.role === 'assistant' && types.at(-1) === 'thinking') {
      return `messages.${at}: The final block in an assistant message cannot be thinking`;
    }
  }
  return undefined;
}

/** Every call is answered in the very next message, before anything else in it, and once. */
function checkPairs(messages: readonly Message[]): string | undefined {
  const known = new Set<string>();
  let open: Calls = [];
  for (const [at, message] of messages.entries()) {
    const blocks = listContent(message);
    const results = blocks.filter((block) => block.type === 'tool_result');
    const answered = results.map(({ tool_use_id }) => tool_use_id);
    const missing = open.find(({ id }) => !answered.includes(id));
    if (missing)
      return `messages.${at}: tool_use ids without tool_result blocks immediately after: ${missing.id}`;
    if (new Set(answered).size < answered.length) return `messages.${at}: duplicate tool_result`;
    const orphan = answered.find((id) => !open.some((call) => call.id === id));
    if (orphan) return `messages.${at}: unexpected tool_use_id in tool_result: ${orphan}`;
    if (blocks.slice(0, results.length).some(({ type }) => results.length > 0 && type !== 'tool_result')) {
      return `messages.${at}: tool_result blocks must come first`;
    }
    open = blocks.filter((block) => block.type === 'tool_use');
    for (const { id } of open) {
      if (known.has(id)) return `messages.${at}: tool_use ids must be unique`;
      known.add(id);
    }
  }
  return undefined;
}
