import { sha256 } from '../../../src/lib/canonical.ts';
import { openFakeServer, startFakeServer } from './fake-server.ts';
import type { MindAnswer, SeenRequest } from './mind.ts';
import { type OpenAiServer, type OpenAiServerOptions, openOpenAiServer, type Wire } from './openai-server.ts';
import { type Fields, isFields, listTexts } from './openai-wire.ts';
import { buildPrefixCache, countTokens, type PrefixCache } from './prefix-cache.ts';
import { checkResponses } from './responses-check.ts';
import { toEvents, toOutput } from './responses-events.ts';
import { buildSteps } from './seen-steps.ts';

type Body = Fields & { model: string; input: string | Fields[]; stream?: boolean };

const thinkingTokens = 8;

/** OpenAI's Responses API at `${url}/v1`, as far as its documentation tells. Closed when the test ends. */
export function startResponsesServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  return openOpenAiServer(buildWire(), { key: 'sk-test', ...options }, startFakeServer);
}

/** The same outside a test, where the caller closes it. */
export function openResponsesServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  return openOpenAiServer(buildWire(), { key: 'sk-test', ...options }, openFakeServer);
}

function buildWire(): Wire {
  const cache = buildPrefixCache();
  return {
    check: checkResponses,
    read: readSeen,
    countTokens: (body: Body) => countTokens(listParts(body)),
    errorEvent: (type) => ({
      event: 'error',
      data: { type: 'error', code: type, message: 'The server had an error.', param: null },
    }),
    reply(body: Body, answer) {
      const id = sha256(JSON.stringify(body)).slice(0, 12);
      const output = toOutput(answer, id);
      const reason = readIncomplete(answer);
      const response = {
        id: `resp_${id}`,
        object: 'response',
        created_at: 1,
        status: reason === undefined ? 'completed' : 'incomplete',
        model: body.model,
        error: null,
        incomplete_details: reason === undefined ? null : { reason },
        output,
        usage: countUsage(body, output, cache),
      };
      return body.stream ? { sse: toEvents(response) } : { json: response };
    },
  };
}

/** A refusal without words is the filter's. */
function readIncomplete({ stop, text = '' }: MindAnswer): string | undefined {
  if (stop === 'refused' && text === '') return 'content_filter';
  return stop === 'cut' ? 'max_output_tokens' : undefined;
}

function listParts({ instructions, tools, input }: Body): string {
  return [instructions, tools, ...[input].flat()].map((part) => JSON.stringify(part)).join('\n');
}

function countUsage(body: Body, output: Fields[], cache: PrefixCache): Fields {
  const { model, prompt_cache_key: key } = body;
  const asked = listParts(body);
  const input_tokens = countTokens(asked);
  const cached_tokens = Math.min(input_tokens, cache.read(`${model} ${key}`, asked));
  const output_tokens = countTokens(JSON.stringify(output)) + thinkingTokens;
  return {
    input_tokens,
    input_tokens_details: { cached_tokens, cache_write_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: thinkingTokens },
    total_tokens: input_tokens + output_tokens,
  };
}

function readSeen({ model, instructions, tools, input }: Body): SeenRequest {
  const [first, ...later] = typeof input === 'string' ? [{ content: input }] : input;
  const seen = buildSteps();
  for (const item of later) {
    if (item.type === 'function_call_output') seen.addResult(String(item.call_id), String(item.output));
    else if (item.type === 'function_call') {
      const { call_id, name, arguments: given } = item;
      seen.addAnswer({ id: String(call_id), name: String(name), arguments: String(given) });
    } else if (item.role === 'user') seen.addNote(listTexts(item.content).join('\n'));
    else seen.addAnswer();
  }
  return {
    model,
    system: String(instructions ?? ''),
    input: listTexts(first?.content),
    tools: Array.isArray(tools) ? tools.filter(isFields).map(({ name }) => String(name)) : [],
    steps: seen.steps,
  };
}
