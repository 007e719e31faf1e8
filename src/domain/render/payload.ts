import type { Payload } from '../action.ts';
import { renderKey } from './marked-quote.ts';
import { renderPrice } from './price.ts';
import { ownLine, ownQuote } from './words.ts';

/** What an action would do, on one line, as a brain reads it. Of its words at most so many characters. */
export function renderPayload(payload: Payload, most: number): string {
  switch (payload.kind) {
    case 'send_message': {
      const price = payload.price === null ? '' : ` for ${ownLine(renderPrice(payload.price), 120)}`;
      return `write to ${renderKey(payload.to)}${price}: ${ownQuote(payload.text, most)}`;
    }
    case 'ask_owner':
      return `ask the owner: ${ownQuote(payload.question, most)}`;
    case 'change_contract':
      return 'a wider contract';
  }
}
