import { sha256 } from '../../../src/lib/canonical.ts';
import { checkChat } from './chat-check.ts';
import { type ChatManners, toChunks } from './chat-events.ts';
import { openFakeServer, startFakeServer } from './fake-server.ts';
import type { SeenRequest } from './mind.ts';
import { type OpenAiServer, type OpenAiServerOptions, openOpenAiServer, type Wire } from './openai-server.ts';
import { type Fields, isFields, listTexts, refuse, toReply } from './openai-wire.ts';
import { buildPrefixCache, countTokens, type PrefixCache } from './prefix-cache.ts';
import { buildSteps } from './seen-steps.ts';

export type ChatServerOptions = OpenAiServerOptions & { manners?: Partial<ChatManners> };

type Body = Fields & { model: string; messages: Fields[] };

const ordinary: ChatManners = { usage: 'details', index: 'own', ids: 'own', thoughts: undefined };

/**
 * Chat Completions at `${url}/v1`, as strict as the strictest of Ollama, llama.cpp and vLLM. It takes any key
 * unless it has one. Closed when the test ends.
 */
export function startChatServer(options: ChatServerOptions): Promise<OpenAiServer> {
  return openOpenAiServer(buildWire({ ...ordinary, ...options.manners }), options, startFakeServer);
}

/** The same outside a test, where the caller closes it. */
export function openChatServer(options: ChatServerOptions): Promise<OpenAiServer> {
  return openOpenAiServer(buildWire({ ...ordinary, ...options.manners }), options, openFakeServer);
}

function buildWire(manners: ChatManners): Wire {
  const cache = buildPrefixCache();
  return {
    check: checkChat,
    read: readSeen,
    countTokens: (body: Body) => countTokens(listParts(body)),
    errorEvent: (type) => ({ data: { error: { message: 'The server had an error.', type, code: 500 } } }),
    reply(body: Body, answer) {
      if (!body.stream) return toReply(refuse('This server only streams.'));
      const usage = countUsage(body, JSON.stringify(answer), { cache, manners });
      const id = sha256(JSON.stringify(body)).slice(0, 12);
      return { sse: toChunks(answer, { id, model: body.model, usage, manners }) };
    },
  };
}

function listParts({ tools, messages }: Body): string {
  return [tools, ...messages].map((part) => JSON.stringify(part)).join('\n');
}

function countUsage(
  body: Body,
  answered: string,
  { cache, manners }: { cache: PrefixCache; manners: ChatManners },
): Fields {
  const asked = listParts(body);
  const prompt_tokens = countTokens(asked);
  const cached_tokens = Math.min(prompt_tokens, cache.read(body.model, asked));
  const completion_tokens = countTokens(answered);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    ...(manners.usage === 'details' && { prompt_tokens_details: { cached_tokens } }),
  };
}

function readSeen({ model, tools, messages }: Body): SeenRequest {
  const [system, first, ...later] = messages;
  const seen = buildSteps();
  for (const { role, content, tool_call_id: callId, tool_calls: calls } of later) {
    if (role === 'tool') seen.addResult(String(callId), String(content));
    else if (role === 'user') seen.addNote(listTexts(content).join('\n'));
    else seen.addAnswer(...readCalls(calls));
  }
  return {
    model,
    system: String(system?.content),
    input: listTexts(first?.content),
    tools: Array.isArray(tools) ? tools.map(({ function: given }) => String(given.name)) : [],
    steps: seen.steps,
  };
}

function readCalls(calls: unknown): { id: string; name: string; arguments: string }[] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isFields).map(({ id, function: given }) => {
    const { name, arguments: text } = given as Fields;
    return { id: String(id), name: String(name), arguments: String(text) };
  });
}
