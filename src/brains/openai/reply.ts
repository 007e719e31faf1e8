import type OpenAI from 'openai';
import { BrainError, type ToolCall, type Usage } from '../../domain/brain.ts';
import { readArguments } from '../model/arguments.ts';
import { nameCalls } from '../model/conversation.ts';
import { describeCut } from '../model/failures.ts';
import { buildSizeLimit } from '../model/model-fetch.ts';
import type { Asked, Reply } from '../model/reply.ts';
import { readUsage } from '../model/usage.ts';
import { describeComplaint, describeStranger, type Provider } from './errors.ts';

type Item = OpenAI.Responses.ResponseOutputItem;
type Event = OpenAI.Responses.ResponseStreamEvent;

/** Reads a stream up to the event that holds the whole answer. */
export async function readReply(
  stream: AsyncIterable<Event>,
  asked: Asked,
  provider: Provider,
): Promise<Reply<Item>> {
  const limit = buildSizeLimit();
  let isKnown: boolean | undefined;
  for await (const event of stream) {
    isKnown = isKnown || String(event?.type).startsWith('response.');
    if ('delta' in event && typeof event.delta === 'string') limit(event.delta);
    if (event.type === 'error') {
      const { code, message } = event;
      throw describeComplaint({ status: undefined, code: code ?? '', words: message }, provider);
    }
    if (event.type === 'response.failed') throw describeFailure(event.response, asked.body, provider);
    if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      return toReply(event.response, asked);
    }
  }
  throw isKnown === false ? describeStranger(provider) : describeCut(provider.name);
}

function toReply(response: OpenAI.Responses.Response, { body, callIds }: Asked): Reply<Item> {
  const { output, incomplete_details } = response;
  const usage = countUsage(response, body);
  if (!Array.isArray(output)) {
    throw new BrainError('the model sent an answer without content', { kind: 'malformed', usage });
  }
  const whole = keepWhole(output);
  const calls = whole.flatMap((item) => (item.type === 'function_call' ? [toCall(item, usage)] : []));
  const ids = nameCalls(
    calls.map(({ id }) => id),
    { fit: /^.{1,64}$/, taken: callIds },
  );
  const toolCalls = calls.map((call, at) => ({ ...call, id: ids[at] ?? call.id }));
  const items = whole.map((item) =>
    item.type === 'function_call' ? { ...item, call_id: ids.shift() ?? item.call_id } : item,
  );
  const { words, refusals, thoughts } = readText(items);
  const isRefused = refusals.length > 0 || incomplete_details?.reason === 'content_filter';
  const isCut = response.status === 'incomplete';
  return {
    items,
    text: [refusals, words, thoughts].map((parts) => parts.join('\n').trim()).find(Boolean) ?? '',
    toolCalls,
    usage,
    stop: isRefused ? 'refused' : isCut ? 'cut' : toolCalls.length > 0 ? 'tools' : 'end',
  };
}

/**
 * What can be sent back: a call that was cut in its middle cannot be carried out, and the API refuses a
 * thought that nothing follows.
 */
function keepWhole(output: Item[]): Item[] {
  const whole = output.filter((item) => item.type !== 'function_call' || item.status !== 'incomplete');
  return whole.slice(0, whole.findLastIndex((item) => item.type !== 'reasoning') + 1);
}

function toCall(item: OpenAI.Responses.ResponseFunctionToolCall, usage: Usage): ToolCall {
  const { call_id: id, name, arguments: given } = item;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof given !== 'string') {
    throw new BrainError('the model made a call without a name', { kind: 'malformed', usage });
  }
  return { id, name, arguments: readArguments(given) };
}

function readText(items: Item[]): { words: string[]; refusals: string[]; thoughts: string[] } {
  const parts = items.flatMap((item) => (item.type === 'message' ? item.content : []));
  return {
    words: parts.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])),
    refusals: parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])),
    thoughts: items.flatMap((item) =>
      item.type === 'reasoning' ? item.summary.map(({ text }) => text) : [],
    ),
  };
}

function countUsage({ usage, output }: OpenAI.Responses.Response, asked: string): Usage {
  const details = usage?.input_tokens_details;
  return readUsage(
    {
      input: usage?.input_tokens,
      cached: details?.cached_tokens,
      written: details?.cache_write_tokens,
      output: usage?.output_tokens,
    },
    { asked, answered: JSON.stringify(output ?? '') },
  );
}

/** The provider gave up: it counted what it did, or nobody knows. */
function describeFailure(response: OpenAI.Responses.Response, asked: string, provider: Provider): BrainError {
  const { code = '', message = '' } = response.error ?? {};
  const { kind, message: words } = describeComplaint({ status: undefined, code, words: message }, provider);
  return new BrainError(words, { kind, ...(response.usage && { usage: countUsage(response, asked) }) });
}
