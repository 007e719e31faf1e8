import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { BrainStep, ModelRequest } from '../../domain/brain.ts';
import { isObject } from '../model/arguments.ts';
import { goOn, listBlocks, mendName, renameCalls, toWellFormed } from '../model/conversation.ts';
import type { ModelOptions } from '../model/options.ts';
import { toTools } from './tools.ts';

export const anthropicWire = 'anthropic';

/** For five minutes, since the hour has another price that no table of ours knows. */
const marked = { cache_control: { type: 'ephemeral' } } as const;
/** The API refuses a message without content. */
const nothingSaid = '(nothing)';

type Sizes = Pick<ModelOptions, 'model' | 'mostOutputTokens'>;

/**
 * Three marks for the cache, of four that the API allows: tools with the system text, the first block of the
 * first message, and by the field of the request itself whatever comes last.
 */
export function buildRequest(
  { prompt, tools, steps }: ModelRequest,
  { model, mostOutputTokens }: Sizes,
  mayBeStrict = true,
): MessageCreateParamsStreaming {
  const system: TextBlockParam[] = [{ type: 'text', text: prompt.system, ...marked }];
  return toWellFormed({
    model,
    max_tokens: mostOutputTokens,
    ...(tools.length > 0 && { tools: toTools(tools, mayBeStrict) }),
    ...(prompt.system.trim() !== '' && { system }),
    ...marked,
    messages: [
      {
        role: 'user' as const,
        content: listBlocks(prompt).map((text, at) => ({ ...toText(text), ...(at === 0 && marked) })),
      },
      ...steps.flatMap(toMessages),
    ],
    stream: true as const,
  });
}

function toText(text: string): TextBlockParam {
  return { type: 'text', text };
}

function toMessages(given: BrainStep, position: number): MessageParam[] {
  const isOwn = given.answer.wire === anthropicWire;
  const step = isOwn ? given : renameCalls(given, position);
  const content = isOwn ? (step.answer.items as ContentBlockParam[]) : rebuild(step);
  return [
    { role: 'assistant', content: toSaid(content) },
    { role: 'user', content: toReply(content, step) },
  ];
}

/** The API refuses a message that is empty, holds an empty text, names a tool oddly, or ends with a thought. */
function toSaid(content: ContentBlockParam[]): ContentBlockParam[] {
  const said = content
    .filter((block) => block.type !== 'text' || block.text.trim() !== '')
    .map((block) => (block.type === 'tool_use' ? { ...block, name: mendName(block.name) } : block));
  const last = said.at(-1)?.type;
  const isComplete = last !== undefined && last !== 'thinking' && last !== 'redacted_thinking';
  return isComplete ? said : [...said, toText(nothingSaid)];
}

/** A result for every call, the results first, and the note after them. */
function toReply(content: ContentBlockParam[], { results, note }: BrainStep): ContentBlockParam[] {
  const answered = content.flatMap((block): ContentBlockParam[] => {
    if (block.type !== 'tool_use') return [];
    const result = results.find(({ callId }) => callId === block.id);
    const { text, isError } = result ?? { text: 'this was not carried out', isError: true };
    const reply = {
      type: 'tool_result',
      tool_use_id: block.id,
      content: text.trim() === '' ? nothingSaid : text,
    } as const;
    return [isError ? { ...reply, is_error: true } : reply];
  });
  if (note !== null && note.trim() !== '') return [...answered, toText(note)];
  return answered.length > 0 ? answered : [toText(goOn)];
}

/** What another brain said and did, told in the blocks of this wire. */
function rebuild({ answer: { reasoning, toolCalls } }: BrainStep): ContentBlockParam[] {
  return [
    toText(reasoning),
    ...toolCalls.map(({ id, name, arguments: given }) => ({
      type: 'tool_use' as const,
      id,
      name,
      input: isObject(given) ? given : {},
    })),
  ];
}
