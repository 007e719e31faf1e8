import { listContent, type Message, type MessagesBody } from './messages-body.ts';
import type { SeenRequest } from './mind.ts';

/** What a model makes of the request. */
export function readSeen({ model, system = '', tools = [], messages }: MessagesBody): SeenRequest {
  const [first, ...later] = messages;
  return {
    model,
    system: typeof system === 'string' ? system : system.map(({ text }) => text).join('\n'),
    input: first ? listTexts(first) : [],
    tools: tools.map(({ name }) => name),
    steps: later.flatMap((message, at) =>
      message.role === 'assistant' ? [readStep(message, later[at + 1])] : [],
    ),
  };
}

function readStep(said: Message, reply: Message | undefined): SeenRequest['steps'][number] {
  const results = reply ? listContent(reply) : [];
  return {
    calls: listContent(said).flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: block.input }] : [],
    ),
    results: results.flatMap((block) =>
      block.type === 'tool_result' ? [{ callId: block.tool_use_id, text: readResult(block.content) }] : [],
    ),
    note: reply ? listTexts(reply).join('\n') || null : null,
  };
}

function readResult(content: string | { text: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
}

function listTexts(message: Message): string[] {
  return listContent(message).flatMap((block) => (block.type === 'text' ? [block.text] : []));
}
