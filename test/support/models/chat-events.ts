import type { SseEvent } from './fault.ts';
import type { MindAnswer } from './mind.ts';
import { cutInPieces, type Fields, writeArguments } from './openai-wire.ts';

/** How servers differ in what they stream. */
export type ChatManners = {
  /** `plain`: without details. `none`: not at all, though it was asked for. */
  usage: 'details' | 'plain' | 'none';
  /** `zero`: every call has the index 0. `none`: whole calls without an index. */
  index: 'own' | 'zero' | 'none';
  /** `none`: calls without an id. `same`: `call_0`, `call_1` in every answer. */
  ids: 'own' | 'none' | 'same';
  /** The field in which it thinks aloud. */
  thoughts: 'reasoning' | 'reasoning_content' | undefined;
};

type Called = { id: string; name: string; arguments: string };

/** A whole answer as the chunks of its stream. */
export function toChunks(
  answer: MindAnswer,
  { id, model, usage, manners }: { id: string; model: string; usage: Fields; manners: ChatManners },
): SseEvent[] {
  const { text = '', stop } = answer;
  const field = stop === 'refused' ? 'refusal' : 'content';
  const deltas: Fields[] = [
    { role: 'assistant', content: '' },
    ...(manners.thoughts
      ? cutInPieces('let me think').map((each) => ({ [`${manners.thoughts}`]: each }))
      : []),
    ...cutInPieces(text).map((each) => ({ [field]: each })),
    ...toCalls(answer, id, manners).flatMap((call, at) => toCallDeltas(call, at, manners)),
  ];
  const chunk = (choices: Fields[], more: Fields = {}): SseEvent => ({
    data: { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1, model, choices, ...more },
  });
  return [
    ...deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: nameFinish(answer) }]),
    ...(manners.usage === 'none' ? [] : [chunk([], { usage })]),
    { data: '[DONE]' },
  ];
}

function toCalls({ calls = [], stop }: MindAnswer, id: string, { ids }: ChatManners): Called[] {
  return calls.map(({ id: chosen, name, arguments: given }, at) => {
    const whole = writeArguments(given);
    const isCut = stop === 'cut' && at === calls.length - 1;
    const own = { own: `call_${id}_${at}`, none: '', same: `call_${at}` }[ids];
    return { id: chosen ?? own, name, arguments: isCut ? whole.slice(0, whole.length / 2) : whole };
  });
}

function toCallDeltas(
  { id, name, arguments: given }: Called,
  at: number,
  { index, ids }: ChatManners,
): Fields[] {
  const place = { own: { index: at }, zero: { index: 0 }, none: {} }[index];
  const named = { ...place, ...(ids !== 'none' && { id }), type: 'function' };
  const pieces = index === 'own' ? cutInPieces(given) : [given];
  const [first = '', ...rest] = pieces;
  return [
    { tool_calls: [{ ...named, function: { name, arguments: first } }] },
    ...rest.map((piece) => ({ tool_calls: [{ ...place, function: { arguments: piece } }] })),
  ];
}

function nameFinish({ stop, text = '', calls = [] }: MindAnswer): string {
  if (stop === 'cut') return 'length';
  if (stop === 'refused') return text === '' ? 'content_filter' : 'stop';
  return calls.length > 0 ? 'tool_calls' : 'stop';
}
