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
  'model input instructions tools tool_choice parallel_tool_calls max_tool_calls store include stream stream_options prompt_cache_key prompt_cache_options max_output_tokens reasoning text metadata temperature top_p top_logprobs truncation service_tier safety_identifier previous_response_id conversation background prompt'.split(
    ' ',
  );
const toolFields = ['type', 'name', 'description', 'parameters', 'strict'];
const itemFields: Record<string, string[]> = {
  message: ['type', 'id', 'role', 'content', 'status', 'phase'],
  reasoning: ['type', 'id', 'summary', 'content', 'encrypted_content', 'status'],
  function_call: ['type', 'id', 'call_id', 'name', 'arguments', 'status'],
  function_call_output: ['type', 'id', 'call_id', 'output', 'status'],
};
const partTypes: Record<string, string[]> = {
  user: ['input_text'],
  system: ['input_text'],
  developer: ['input_text'],
  assistant: ['output_text', 'refusal'],
};
const partFields = ['type', 'text', 'annotations', 'logprobs', 'refusal'];

/** What the Responses API refuses about a request; undefined when it takes it. */
export function checkResponses(
  request: FakeRequest,
  { key, models }: { key: string; models: string[] | undefined },
): Refused | undefined {
  const body = request.body as Fields;
  return (
    checkEnvelope(request, { route: '/v1/responses', key }) ??
    findUnknown(body, fields, '') ??
    checkModel(body, models) ??
    checkSettings(body) ??
    checkToolList(body.tools) ??
    checkInput(body)
  );
}

function checkModel({ model }: Fields, models: string[] | undefined): Refused | undefined {
  if (!isFilled(model)) return refuse("Missing required parameter: 'model'.", 'missing_required_parameter');
  if (models?.includes(model) ?? true) return undefined;
  return refuse(`The requested model '${model}' does not exist.`, 'model_not_found');
}

function checkSettings(body: Fields): Refused | undefined {
  const { store, include, stream, instructions, prompt_cache_key: key } = body;
  for (const [name, value] of Object.entries({ store, stream }))
    if (value !== undefined && typeof value !== 'boolean') return refuse(`Invalid type for '${name}'.`);
  for (const [name, value] of Object.entries({ instructions, prompt_cache_key: key }))
    if (value !== undefined && typeof value !== 'string') return refuse(`Invalid type for '${name}'.`);
  if (include !== undefined && (!Array.isArray(include) || !include.every(isIncludable)))
    return refuse("Invalid value in 'include'.", 'invalid_value');
  return checkCount(body.max_output_tokens, 'max_output_tokens', 16);
}

function isIncludable(value: unknown): boolean {
  return ['reasoning.encrypted_content', 'message.output_text.logprobs'].includes(String(value));
}

function checkToolList(tools: unknown): Refused | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || !tools.every(isFields)) return refuse("Invalid type for 'tools'.");
  for (const [at, tool] of tools.entries()) {
    if (tool.type !== 'function') return refuse(`Invalid value: 'tools[${at}].type'.`, 'invalid_value');
    const unknown = findUnknown(tool, toolFields, `tools[${at}].`);
    if (unknown) return unknown;
  }
  const sent = tools.map(({ name, parameters, strict }) => ({
    name: String(name ?? ''),
    schema: parameters,
    strict: strict !== false,
  }));
  const problem = checkTools(sent);
  return problem === undefined ? undefined : refuse(problem, 'invalid_function_parameters');
}

function checkInput({ input, store }: Fields): Refused | undefined {
  if (isFilled(input)) return undefined;
  if (!Array.isArray(input) || input.length === 0 || !input.every(isFields)) {
    return refuse("Missing required parameter: 'input'.", 'missing_required_parameter');
  }
  for (const [at, item] of input.entries()) {
    const refused = checkItem(item, `input[${at}].`, store !== false);
    if (refused) return refused;
  }
  return checkPairs(input) ?? checkThoughts(input);
}

function checkItem(item: Fields, path: string, isStored: boolean): Refused | undefined {
  const type = String(item.type ?? 'message');
  const known = itemFields[type];
  if (!known) return refuse(`Invalid value: '${type}' at '${path}type'.`, 'invalid_value');
  const unknown = findUnknown(item, known, path);
  if (unknown) return unknown;
  if (type === 'message') return checkMessage(item, path);
  if (type === 'reasoning') return checkReasoning(item, path, isStored);
  const texts = type === 'function_call' ? ['call_id', 'name', 'arguments'] : ['call_id', 'output'];
  const wrong = texts.find(
    (name) => typeof item[name] !== 'string' || (name !== 'output' && item[name] === ''),
  );
  if (wrong) return refuse(`Invalid type for '${path}${wrong}': expected a string.`, 'invalid_type');
  return String(item.call_id).length > 64 ? refuse(`'${path}call_id' is too long.`) : undefined;
}

function checkMessage({ role, content }: Fields, path: string): Refused | undefined {
  const allowed = partTypes[String(role)];
  if (!allowed) return refuse(`Invalid value: '${path}role'.`, 'invalid_value');
  if (isFilled(content)) return undefined;
  if (!Array.isArray(content) || content.length === 0) return refuse(`'${path}content' is empty.`);
  for (const [at, part] of content.entries()) {
    const here = `${path}content[${at}].`;
    if (!isFields(part) || !allowed.includes(String(part.type))) {
      return refuse(`Invalid value: '${here}type'.`, 'invalid_value');
    }
    const unknown = findUnknown(part, partFields, here);
    if (unknown) return unknown;
    if (typeof (part.text ?? part.refusal) !== 'string') return refuse(`Invalid type for '${here}text'.`);
  }
  return undefined;
}

function checkReasoning(item: Fields, path: string, isStored: boolean): Refused | undefined {
  if (!Array.isArray(item.summary)) return refuse(`Missing required parameter: '${path}summary'.`);
  if (isStored) return undefined;
  if (item.encrypted_content === sealThought(String(item.id))) return undefined;
  const message = `The encrypted content for item ${item.id} could not be verified.`;
  return refuse(message, 'invalid_encrypted_content');
}

/** What a thought looks like from outside. */
export function sealThought(id: string): string {
  return `gAAAA${Buffer.from(`sealed ${id}`).toString('base64url')}`;
}

/** Every call has exactly one output after it, and every output its call. */
function checkPairs(input: Fields[]): Refused | undefined {
  const open = new Set<string>();
  const known = new Set<string>();
  for (const { type, call_id } of input) {
    const id = String(call_id);
    if (type === 'function_call') {
      if (known.has(id)) return refuse(`Duplicate call_id ${id}.`);
      known.add(id);
      open.add(id);
    }
    if (type === 'function_call_output' && !open.delete(id)) {
      return refuse(`No tool call found for function call output with call_id ${id}.`);
    }
  }
  const [orphan] = open;
  return orphan === undefined ? undefined : refuse(`No tool output found for function call ${orphan}.`);
}

/** A thought is followed by what it led to, and what it led to is not sent without it. Ids tell which is whose. */
function checkThoughts(input: Fields[]): Refused | undefined {
  const thoughts = new Set<string>();
  for (const [at, { type, id }] of input.entries()) {
    if (type === 'reasoning') {
      thoughts.add(String(id).replace('rs_', ''));
      const next = input[at + 1];
      const isFollowed = next && next.type !== 'function_call_output' && next.role !== 'user';
      if (!isFollowed) {
        return refuse(`Item '${id}' of type 'reasoning' was provided without its required following item.`);
      }
    }
    const answer = /^(?:fc|msg)_(\w+)_/.exec(String(id))?.[1];
    if (answer && !thoughts.has(answer)) {
      return refuse(`Item '${id}' was provided without its required 'reasoning' item: 'rs_${answer}'.`);
    }
  }
  return undefined;
}
