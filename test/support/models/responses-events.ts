import type { SseEvent } from './fault.ts';
import type { MindAnswer } from './mind.ts';
import { cutInPieces, type Fields, writeArguments } from './openai-wire.ts';
import { sealThought } from './responses-check.ts';

/** The items of an answer, the thought first. */
export function toOutput({ text = '', calls = [], stop }: MindAnswer, id: string): Fields[] {
  const thought = {
    type: 'reasoning',
    id: `rs_${id}`,
    summary: [],
    encrypted_content: sealThought(`rs_${id}`),
  };
  const isCutInCall = stop === 'cut' && calls.length > 0;
  const part =
    stop === 'refused'
      ? { type: 'refusal', refusal: text }
      : { type: 'output_text', text, annotations: [], logprobs: [] };
  const status = stop === 'cut' && !isCutInCall ? 'incomplete' : 'completed';
  const message = { type: 'message', id: `msg_${id}_0`, status, role: 'assistant', content: [part] };
  const called = calls.map(({ id: chosen, name, arguments: given }, at) => {
    const isCut = isCutInCall && at === calls.length - 1;
    const whole = writeArguments(given);
    return {
      type: 'function_call',
      id: `fc_${id}_${at + 1}`,
      call_id: chosen ?? `call_${id}_${at + 1}`,
      name,
      arguments: isCut ? whole.slice(0, whole.length / 2) : whole,
      status: isCut ? 'incomplete' : 'completed',
    };
  });
  return [thought, ...(text === '' ? [] : [message]), ...called];
}

/** A whole answer as the events of its stream. */
export function toEvents(response: Fields & { output: Fields[]; status: string }): SseEvent[] {
  const started = { ...response, output: [], status: 'in_progress', usage: null, incomplete_details: null };
  const events: Fields[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...response.output.flatMap(toItemEvents),
    { type: `response.${response.status}`, response },
  ];
  return events.map((event, at) => ({
    event: String(event.type),
    data: { ...event, sequence_number: at },
  }));
}

function toItemEvents(item: Fields, output_index: number): Fields[] {
  const place = { item_id: item.id, output_index };
  return [
    { type: 'response.output_item.added', output_index, item: startItem(item) },
    ...toDeltas(item).map((event) => ({ ...event, ...place })),
    { type: 'response.output_item.done', output_index, item },
  ];
}

function startItem(item: Fields): Fields {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] };
  return item.type === 'function_call' ? { ...item, status: 'in_progress', arguments: '' } : item;
}

function toDeltas(item: Fields): Fields[] {
  if (item.type === 'function_call') {
    const { name, arguments: given } = item;
    return [
      ...cutInPieces(String(given)).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        delta,
      })),
      { type: 'response.function_call_arguments.done', name, arguments: given },
    ];
  }
  if (item.type !== 'message') return [];
  return (item.content as Fields[]).flatMap((part, content_index) => {
    const kind = String(part.type);
    const field = kind === 'refusal' ? 'refusal' : 'text';
    const said = String(part[field]);
    const parts: Fields[] = [
      { type: 'response.content_part.added', part: { ...part, [field]: '' } },
      ...cutInPieces(said).map((delta) => ({ type: `response.${kind}.delta`, delta })),
      { type: `response.${kind}.done`, [field]: said },
      { type: 'response.content_part.done', part },
    ];
    return parts.map((event) => ({ ...event, content_index }));
  });
}
