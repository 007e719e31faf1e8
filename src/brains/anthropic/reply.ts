import { type AnswerStop, BrainError, type ToolCall } from '../../domain/brain.ts';
import { isObject, readArguments } from '../model/arguments.ts';
import { nameCalls } from '../model/conversation.ts';
import type { Reply } from '../model/reply.ts';
import type { Block } from './events.ts';

/** A block of an answer, and the JSON of its arguments as far as it came in pieces. */
export type Part = { block: Block; json: string };

type Whole = { parts: ReadonlyMap<number, Part>; stop: string; explanation: string };

export function toReply(
  { parts, stop: reason, explanation }: Whole,
  callIds: ReadonlySet<string>,
): Omit<Reply<Block>, 'usage'> {
  const ordered = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part);
  const isCut = reason === 'max_tokens' || reason === 'model_context_window_exceeded';
  const whole = nameParts(
    ordered.filter((part) => !(isCut && hasHalfACall(part))),
    callIds,
  );
  const toolCalls = whole.flatMap((part) => (part.block.type === 'tool_use' ? [toCall(part)] : []));
  const read = (type: string, field: 'text' | 'thinking') =>
    whole.flatMap(({ block }) => (block.type === type ? [block[field] ?? ''] : [])).join('\n');
  return {
    items: whole.map(toItem),
    text: [explanation, read('text', 'text'), read('thinking', 'thinking')].find((each) => each.trim()) ?? '',
    toolCalls,
    stop: toStop(reason, toolCalls),
  };
}

/** Nothing can be done about it, and it is not worth an error of the agent. */
function hasHalfACall({ block, json }: Part): boolean {
  return block.type === 'tool_use' && typeof readArguments(json) === 'string';
}

/** The API takes no two calls of one id back, whatever has given it to them. */
function nameParts(parts: Part[], taken: ReadonlySet<string>): Part[] {
  const given = parts.flatMap(({ block: { type, id } }) =>
    type === 'tool_use' && id !== undefined ? [id] : [],
  );
  const ids = nameCalls(given, { fit: /^[\w-]{1,64}$/, taken });
  return parts.map((part) => {
    const { type, id } = part.block;
    if (type !== 'tool_use' || id === undefined) return part;
    return { ...part, block: { ...part.block, id: ids.shift() ?? id } };
  });
}

function toCall({ block: { id, name, input }, json }: Part): ToolCall {
  if (id === undefined || name === undefined) {
    throw new BrainError('the model made a call without a name', { kind: 'malformed' });
  }
  return { id, name, arguments: json.trim() === '' ? (input ?? {}) : readArguments(json) };
}

/** As it came. Arguments that are no object cannot be sent back: the result of the call says what was wrong. */
function toItem({ block, json }: Part): Block {
  if (block.type !== 'tool_use' || json.trim() === '') return block;
  const input = readArguments(json);
  return { ...block, input: isObject(input) ? input : {} };
}

function toStop(reason: string, calls: readonly ToolCall[]): AnswerStop {
  if (reason === 'refusal') return 'refused';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'cut';
  if (calls.length > 0) return 'tools';
  return reason === 'pause_turn' ? 'cut' : 'end';
}
