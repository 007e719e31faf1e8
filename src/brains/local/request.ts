import type OpenAI from 'openai';
import type { BrainStep, ModelRequest, ToolCall, ToolSpec } from '../../domain/brain.ts';
import { isObject, mendArguments, readArguments } from '../model/arguments.ts';
import { listBlocks, listResults, mendName, renameCalls, toWellFormed } from '../model/conversation.ts';
import type { ModelOptions } from '../model/options.ts';

type Message = OpenAI.Chat.ChatCompletionMessageParam;
export type AssistantMessage = OpenAI.Chat.ChatCompletionAssistantMessageParam;
type SentCall = OpenAI.Chat.ChatCompletionMessageToolCall;

export const localWire = 'local';

/** Only fields that Ollama, llama.cpp and vLLM all know. */
export function buildRequest(
  { prompt, tools, steps }: ModelRequest,
  { model, mostOutputTokens }: Pick<ModelOptions, 'model' | 'mostOutputTokens'>,
  isStrict: boolean,
): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  return toWellFormed({
    model,
    ...(tools.length > 0 && { tools: tools.map((tool) => toTool(tool, isStrict)) }),
    messages: [
      { role: 'system' as const, content: prompt.system },
      { role: 'user' as const, content: listBlocks(prompt).map((text) => ({ type: 'text' as const, text })) },
      ...steps.flatMap(toMessages),
    ],
    max_tokens: mostOutputTokens,
    stream: true as const,
    stream_options: { include_usage: true },
  });
}

function toTool(
  { name, description, parameters }: ToolSpec,
  isStrict: boolean,
): OpenAI.Chat.ChatCompletionFunctionTool {
  return { type: 'function', function: { name, description, parameters, strict: isStrict } };
}

function toMessages(given: BrainStep, position: number): Message[] {
  const step = given.answer.wire === localWire ? given : renameCalls(given, position);
  const { answer, note } = step;
  const said = answer.wire === localWire ? (answer.items as AssistantMessage[]) : [rebuild(step)];
  const callIds = said.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
  return [
    ...said.map(mendCalls),
    ...listResults(callIds, step).map(
      ({ callId, text }): Message => ({ role: 'tool', tool_call_id: callId, content: text }),
    ),
    ...(note === null ? [] : [{ role: 'user' as const, content: note }]),
  ];
}

/** What another brain said and did, told in a message of this wire. */
function rebuild({ answer: { reasoning, toolCalls } }: BrainStep): AssistantMessage {
  return {
    role: 'assistant',
    content: reasoning,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(toSentCall) }),
  };
}

function toSentCall({ id, name, arguments: given }: ToolCall): SentCall {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  return { id, type: 'function', function: { name, arguments: text } };
}

/** These servers read earlier calls and refuse a conversation that holds broken ones. */
function mendCalls(message: AssistantMessage): AssistantMessage {
  if (message.tool_calls === undefined) return message;
  return { ...message, tool_calls: message.tool_calls.map((call) => mendCall(call as SentCall)) };
}

function mendCall(call: SentCall): SentCall {
  if (call.type !== 'function') return call;
  const { arguments: text } = call.function;
  const given = readArguments(text);
  const mended = isObject(given) ? mendArguments(text) : JSON.stringify({ malformed: given });
  return { ...call, function: { ...call.function, name: mendName(call.function.name), arguments: mended } };
}
