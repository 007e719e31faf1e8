import { shorten } from '../../lib/text.ts';
import type { WebAnswer } from './exchange.ts';

const textTypes =
  /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml)|application\/(?:javascript|x-ndjson|x-www-form-urlencoded))$/;

/** The answer as the text of a message: status and type on the first line, then the body as it came. */
export function renderAnswer(answer: WebAnswer): string {
  const { status, contentType, location, body, isCut } = answer;
  const head = [`HTTP ${status}${contentType === null ? '' : ` ${contentType}`}`];
  if (location !== null) head.push(`location: ${shorten(location.replace(/[^\x21-\x7e]/g, ''), 500)}`);
  if (body.length === 0 && !isCut) return head.join('\n');
  const text = isText(answer) ? readText(body, isCut) : `(binary, ${body.length} bytes)`;
  return `${head.join('\n')}\n\n${text}${isCut ? `\n(cut off after ${body.length} bytes)` : ''}`;
}

function isText({ contentType, isEncoded, body }: WebAnswer): boolean {
  return !isEncoded && (contentType === null || textTypes.test(contentType)) && !body.includes(0);
}

/** What is no UTF-8 is replaced; a letter that the cut went through is left out. */
function readText(body: Uint8Array, isCut: boolean): string {
  return new TextDecoder().decode(body, { stream: isCut });
}
