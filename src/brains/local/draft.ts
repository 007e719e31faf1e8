import type OpenAI from 'openai';
import { readArguments } from '../model/arguments.ts';
import { limitCalls } from '../model/model-fetch.ts';
import type { AssistantMessage } from './request.ts';

/** What a chunk adds. Reasoning has two names among these servers, and neither is in OpenAI's types. */
export type Delta = OpenAI.Chat.ChatCompletionChunk.Choice.Delta & {
  reasoning?: string | null;
  reasoning_content?: string | null;
};
type CallDelta = OpenAI.Chat.ChatCompletionChunk.Choice.Delta.ToolCall;

export type DraftCall = {
  id: string;
  index: number | undefined;
  name: string;
  arguments: string;
  rest: object;
};

/** A message as far as it has been streamed. */
export type Draft = Record<'content' | 'refusal' | 'reasoning' | 'reasoning_content', string> & {
  calls: DraftCall[];
};

export function startDraft(): Draft {
  return { content: '', refusal: '', reasoning: '', reasoning_content: '', calls: [] };
}

/** Adds a chunk to a draft, and gives the text that it brought. */
export function extendDraft(draft: Draft, delta: Delta): string {
  let added = '';
  for (const field of ['content', 'refusal', 'reasoning', 'reasoning_content'] as const) {
    const text = delta[field];
    if (typeof text !== 'string') continue;
    draft[field] += text;
    added += text;
  }
  for (const each of delta.tool_calls ?? []) added += extendCall(draft.calls, each);
  return added;
}

function extendCall(calls: DraftCall[], { id, index, function: named, ...rest }: CallDelta): string {
  const call = findCall(calls, { id, index, name: named?.name }) ?? startCall(calls, index);
  call.id ||= id ?? '';
  call.name ||= named?.name ?? '';
  const given: unknown = named?.arguments ?? '';
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  call.arguments += text;
  call.rest = { ...call.rest, ...rest };
  return text;
}

/** Some servers give every call the index 0, and some give none. */
function findCall(
  calls: DraftCall[],
  { id, index, name }: { id: string | undefined; index: number | undefined; name: string | undefined },
): DraftCall | undefined {
  const isSame = (call: DraftCall) => !id || call.id === '' || call.id === id;
  if (index !== undefined) return calls.findLast((call) => call.index === index && isSame(call));
  if (id) return calls.find((call) => call.id === id);
  return name ? undefined : calls.at(-1);
}

function startCall(calls: DraftCall[], index: number | undefined): DraftCall {
  const call = { id: '', index, name: '', arguments: '', rest: {} };
  calls.push(call);
  limitCalls(calls.length);
  return call;
}

/** A call that was cut in its middle cannot be carried out. */
export function dropCutCall(draft: Draft): void {
  const last = draft.calls.at(-1);
  if (last && typeof readArguments(last.arguments) === 'string') draft.calls.pop();
}

/** The message as the server would have sent it in one piece. */
export function toMessage({ content, refusal, calls, ...thoughts }: Draft): AssistantMessage {
  return {
    role: 'assistant',
    content,
    ...(refusal !== '' && { refusal }),
    ...Object.fromEntries(Object.entries(thoughts).filter(([, text]) => text !== '')),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, arguments: given, rest }) => ({
        ...rest,
        id,
        type: 'function' as const,
        function: { name, arguments: given },
      })),
    }),
  };
}
