import { checkTools } from './check-schema.ts';
import type { FakeRequest } from './fake-server.ts';
import {
  checkCount,
  checkEnvelope,
  type Fields,
  findUnknown,
  isFields,
  isFilled,
  type Refused,
  refuse,
} from './openai-wire.ts';

const fields =
  'model messages tools tool_choice parallel_tool_calls stream stream_options max_tokens max_completion_tokens temperature top_p stop seed n user response_format'.split(
    ' ',
  );
const messageFields: Record<string, string[]> = {
  system: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'refusal', 'tool_calls', 'reasoning', 'reasoning_content'],
  tool: ['role', 'content', 'tool_call_id'],
};

/** What a server with Chat Completions refuses about a request; undefined when it takes it. */
export function checkChat(
  request: FakeRequest,
  { key, models }: { key: string; models: string[] | undefined },
): Refused | undefined {
  const body = request.body as Fields;
  return (
    checkEnvelope(request, { route: '/v1/chat/completions', key }) ??
    findUnknown(body, fields, '') ??
    checkModel(body, models) ??
    checkCount(body.max_tokens, 'max_tokens', 1) ??
    checkStream(body) ??
    checkToolList(body.tools) ??
    checkMessages(body.messages)
  );
}

function checkModel({ model }: Fields, models: string[] | undefined): Refused | undefined {
  if (!isFilled(model)) return refuse('you must provide a model parameter');
  if (models?.includes(model) ?? true) return undefined;
  return { status: 404, code: null, message: `model "${model}" not found, try pulling it first` };
}

function checkStream({ stream, stream_options: options }: Fields): Refused | undefined {
  if (stream !== undefined && typeof stream !== 'boolean') return refuse("Invalid type for 'stream'.");
  if (options === undefined) return undefined;
  if (!stream) return refuse("'stream_options' is only allowed when 'stream' is enabled.");
  return isFields(options)
    ? findUnknown(options, ['include_usage'], 'stream_options.')
    : refuse('No object.');
}

function checkToolList(tools: unknown): Refused | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || tools.length === 0 || !tools.every(isFields)) {
    return refuse("Invalid 'tools': expected a list that is not empty.");
  }
  for (const [at, { type, function: given, ...rest }] of tools.entries()) {
    if (type !== 'function' || !isFields(given)) return refuse(`Invalid 'tools[${at}]'.`);
    const unknown =
      findUnknown(rest, [], `tools[${at}].`) ??
      findUnknown(given, ['name', 'description', 'parameters', 'strict'], `tools[${at}].function.`);
    if (unknown) return unknown;
  }
  const sent = tools.map(({ function: given }) => {
    const { name, parameters, strict } = given as Fields;
    return { name: String(name ?? ''), schema: parameters, strict: strict === true };
  });
  const problem = checkTools(sent);
  return problem === undefined ? undefined : refuse(problem);
}

function checkMessages(messages: unknown): Refused | undefined {
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isFields)) {
    return refuse("Invalid 'messages': expected a list that is not empty.");
  }
  for (const [at, message] of messages.entries()) {
    const refused = checkMessage(message, `messages[${at}].`);
    if (refused) return refused;
  }
  return checkPairs(messages);
}

function checkMessage(message: Fields, path: string): Refused | undefined {
  const known = messageFields[String(message.role)];
  if (!known) return refuse(`Invalid value: '${path}role'.`);
  const unknown = findUnknown(message, known, path);
  if (unknown) return unknown;
  if (message.role === 'assistant') return checkAssistant(message, path);
  if (message.role === 'tool' && !isFilled(message.tool_call_id)) return refuse(`No '${path}tool_call_id'.`);
  return isContent(message.content) ? undefined : refuse(`Invalid '${path}content'.`);
}

function isContent(content: unknown): boolean {
  if (!Array.isArray(content)) return typeof content === 'string';
  return content.length > 0 && content.every(isTextPart);
}

function isTextPart(part: unknown): boolean {
  return (
    isFields(part) && part.type === 'text' && isFilled(part.text) && !findUnknown(part, ['type', 'text'], '')
  );
}

function checkAssistant({ content, tool_calls: calls }: Fields, path: string): Refused | undefined {
  if (calls === undefined) {
    return typeof content === 'string' ? undefined : refuse(`'${path}content' or 'tool_calls' must be set.`);
  }
  if (content !== null && typeof content !== 'string') return refuse(`Invalid '${path}content'.`);
  if (!Array.isArray(calls) || calls.length === 0) return refuse(`'${path}tool_calls' is empty.`);
  for (const [at, call] of calls.entries()) {
    const here = `${path}tool_calls[${at}].`;
    if (!isFields(call) || call.type !== 'function' || !isFilled(call.id) || !isFields(call.function)) {
      return refuse(`Invalid '${here}'.`);
    }
    const unknown =
      findUnknown(call, ['id', 'type', 'function', 'extra_content'], here) ??
      findUnknown(call.function, ['name', 'arguments'], `${here}function.`);
    if (unknown) return unknown;
    if (!isFilled(call.function.name)) return refuse(`No '${here}function.name'.`);
    if (!isObjectJson(call.function.arguments))
      return refuse(`'${here}function.arguments' is no JSON object.`);
  }
  return undefined;
}

/** Ollama, llama.cpp and vLLM all read them. */
function isObjectJson(text: unknown): boolean {
  try {
    return typeof text === 'string' && isFields(JSON.parse(text));
  } catch {
    return false;
  }
}

/** All calls are answered before anyone says more, and each once. */
function checkPairs(messages: Fields[]): Refused | undefined {
  const open = new Set<unknown>();
  const known = new Set<unknown>();
  for (const { role, tool_call_id: answered, tool_calls: calls } of messages) {
    if (role === 'tool') {
      if (!open.delete(answered)) return refuse(`'tool' message without its call ${answered}.`);
      continue;
    }
    if (open.size > 0) return refuse(`Call ${[...open][0]} was not answered by a 'tool' message.`);
    for (const { id } of Array.isArray(calls) ? (calls as Fields[]) : []) {
      if (known.has(id)) return refuse(`Duplicate call ${id}.`);
      known.add(id);
      open.add(id);
    }
  }
  return open.size > 0 ? refuse(`Call ${[...open][0]} was not answered by a 'tool' message.`) : undefined;
}
