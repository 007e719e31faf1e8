import type { SseEvent } from './fault.ts';
import type { MindAnswer } from './mind.ts';

export type MessagesUsage = {
  input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  output_tokens: number;
};

/** What the model wrote, as blocks of an answer. `json` is what it wrote as arguments. */
export type Written =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; json: string };

/** Characters in one event. */
const piece = 2000;
const refusal = {
  type: 'refusal',
  category: 'general_harms',
  explanation: 'This request is not one to help with.',
};

export function chooseStop({ stop, calls = [] }: MindAnswer): string {
  if (stop === 'cut') return 'max_tokens';
  if (stop === 'refused') return 'refusal';
  return calls.length > 0 ? 'tool_use' : 'end_turn';
}

/** The events of one answer in the order of the API. */
export function renderMessage(
  { id, model, stop }: { id: string; model: string; stop: string },
  written: readonly Written[],
  usage: MessagesUsage,
): SseEvent[] {
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    container: null,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    diagnostics: null,
    usage: {
      ...usage,
      output_tokens: 1,
      cache_creation: null,
      server_tool_use: null,
      service_tier: 'standard',
    },
  };
  const delta = {
    stop_reason: stop,
    stop_sequence: null,
    stop_details: stop === 'refusal' ? refusal : null,
    container: null,
  };
  return [
    toEvent({ type: 'message_start', message }),
    toEvent({ type: 'ping' }),
    ...written.flatMap(renderBlock),
    toEvent({ type: 'message_delta', delta, usage }),
    toEvent({ type: 'message_stop' }),
  ];
}

function toEvent(data: { type: string } & Record<string, unknown>): SseEvent {
  return { event: data.type, data };
}

function renderBlock(written: Written, index: number): SseEvent[] {
  const [content_block, deltas] = openBlock(written);
  return [
    toEvent({ type: 'content_block_start', index, content_block }),
    ...deltas.map((delta) => toEvent({ type: 'content_block_delta', index, delta })),
    toEvent({ type: 'content_block_stop', index }),
  ];
}

function openBlock(written: Written): [object, object[]] {
  switch (written.type) {
    case 'thinking': {
      const { type, thinking, signature } = written;
      const thoughts = split(thinking).map((part) => ({ type: 'thinking_delta', thinking: part }));
      return [{ type, thinking: '', signature: '' }, [...thoughts, { type: 'signature_delta', signature }]];
    }
    case 'text':
      return [
        { type: 'text', text: '', citations: null },
        split(written.text).map((text) => ({ type: 'text_delta', text })),
      ];
    case 'tool_use': {
      const { type, id, name, json } = written;
      const parts = ['', ...split(json)];
      return [
        { type, id, name, input: {}, caller: { type: 'direct' } },
        parts.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      ];
    }
  }
}

/** In two at least where there are two characters, since every reader must join. */
function split(text: string): string[] {
  const size = Math.min(piece, Math.max(1, Math.ceil(text.length / 2)));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  );
}
