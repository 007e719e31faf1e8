import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { BrainStep, ModelRequest } from '../../domain/brain.ts';
import { listBlocks, mendName, toWellFormed } from '../model/conversation.ts';
import type { ModelOptions } from '../model/options.ts';
import { toTools } from './tools.ts';

export const anthropicWire = 'anthropic';

/** For five minutes, since the hour has another price that no table of ours knows. */
const marked = { cache_control: { type: 'ephemeral' } } as const;
/** The API refuses a message without content. */
const nothingSaid = '(nothing)';
const goOn = 'Go on.';

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
      { role: 'user' as const, content: toFirstContent(listBlocks(prompt)) },
      ...steps.flatMap((step, position) => toMessages(step, position)),
    ],
    stream: true as const,
  });
}

function toFirstContent(blocks: string[]): ContentBlockParam[] {
  const [first, ...rest] = blocks.filter((block) => block.trim() !== '').map(toText);
  return first ? [{ ...first, ...marked }, ...rest] : [toText(goOn)];
}

function toText(text: string): TextBlockParam {
  return { type: 'text', text };
}

function toMessages(step: BrainStep, position: number): MessageParam[] {
  const own = step.answer.wire === anthropicWire;
  const content = own ? (step.answer.items as ContentBlockParam[]) : rebuild(step, position);
  const results = own
    ? step.results
    : step.results.map((result, call) => ({ ...result, callId: toId(position, call) }));
  return [
    { role: 'assistant', content: toSaid(content) },
    { role: 'user', content: toReply(content, { ...step, results }) },
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
function rebuild({ answer: { reasoning, toolCalls } }: BrainStep, position: number): ContentBlockParam[] {
  return [
    toText(reasoning),
    ...toolCalls.map(({ name, arguments: given }, call) => ({
      type: 'tool_use' as const,
      id: toId(position, call),
      name,
      input: isObject(given) ? given : {},
    })),
  ];
}

/** Of a call of another brain, whose own ids may be none for this API. */
function toId(position: number, call: number): string {
  return `call_${position}_${call}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
