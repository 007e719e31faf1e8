import type OpenAI from 'openai';
import type { BrainStep, ModelRequest, ToolSpec } from '../../domain/brain.ts';
import { mendArguments } from '../model/arguments.ts';
import { listBlocks, listResults, mendName, renameCalls, toWellFormed } from '../model/conversation.ts';
import type { ModelOptions } from '../model/options.ts';
import { nameConversation } from '../model/usage.ts';

type Input = OpenAI.Responses.ResponseInputItem;

export const openAiWire = 'openai';

/** Nothing is kept at the provider: each request holds the whole conversation, its sealed thoughts included. */
export function buildRequest(
  request: ModelRequest,
  { model, mostOutputTokens }: Pick<ModelOptions, 'model' | 'mostOutputTokens'>,
  isStrict: boolean,
): OpenAI.Responses.ResponseCreateParamsStreaming {
  const { prompt, tools, steps } = request;
  return toWellFormed({
    model,
    instructions: prompt.system,
    ...(tools.length > 0 && { tools: tools.map((tool) => toTool(tool, isStrict)) }),
    input: [toUser(...listBlocks(prompt)), ...steps.flatMap(toItems)],
    store: false,
    include: ['reasoning.encrypted_content' as const],
    prompt_cache_key: nameConversation(request),
    max_output_tokens: mostOutputTokens,
    stream: true as const,
  });
}

function toTool(
  { name, description, parameters }: ToolSpec,
  isStrict: boolean,
): OpenAI.Responses.FunctionTool {
  return { type: 'function', name, description, parameters, strict: isStrict };
}

function toUser(...texts: string[]): Input {
  return { role: 'user', content: texts.map((text) => ({ type: 'input_text', text })) };
}

function toItems(given: BrainStep, position: number): Input[] {
  const step = given.answer.wire === openAiWire ? given : renameCalls(given, position);
  const { answer, note } = step;
  const items = answer.wire === openAiWire ? (answer.items as Input[]) : rebuild(step);
  const callIds = items.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []));
  return [
    ...items.map(mendCall),
    ...listResults(callIds, step).map(
      ({ callId, text }): Input => ({ type: 'function_call_output', call_id: callId, output: text }),
    ),
    ...(note === null ? [] : [toUser(note)]),
  ];
}

function mendCall(item: Input): Input {
  if (item.type !== 'function_call') return item;
  return { ...item, name: mendName(item.name), arguments: mendArguments(item.arguments) };
}

/** What another brain said and did, told in the items of this wire. */
function rebuild({ answer: { reasoning, toolCalls } }: BrainStep): Input[] {
  return [
    ...(reasoning === '' ? [] : [{ role: 'assistant' as const, content: reasoning }]),
    ...toolCalls.map(
      ({ id, name, arguments: given }): Input => ({
        type: 'function_call',
        call_id: id,
        name,
        arguments: typeof given === 'string' ? given : JSON.stringify(given),
      }),
    ),
  ];
}
