import type { AnswerStop, ModelRequest, ToolCall, Usage } from '../../domain/brain.ts';
import { listCallIds } from './conversation.ts';

/** What a model answered, its items as the wire gives them and takes them back. */
export type Reply<Item> = {
  items: Item[];
  /** What the model said in words. */
  text: string;
  toolCalls: ToolCall[];
  usage: Usage;
  stop: AnswerStop;
};

/** What an answer is read with: the JSON of the request, and the ids of the calls before. */
export type Asked = { body: string; callIds: ReadonlySet<string> };

export function toAsked(request: ModelRequest, body: object): Asked {
  return { body: JSON.stringify(body), callIds: listCallIds(request) };
}
