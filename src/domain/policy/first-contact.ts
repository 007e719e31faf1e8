import { cleanText, shorten } from '../../lib/text.ts';
import type { SendPayload } from '../action.ts';
import type { GateFacts } from '../gate.ts';
import { isShared } from './share.ts';

/** What the first message to an address ends with, by code: who writes, and that it binds nobody. */
export function formatFirstContactLine(facts: GateFacts, to: SendPayload['to']): string {
  const owner = isShared(facts.contract, 'name', to)
    ? shorten(cleanText(facts.ownerName).replace(/\s+/g, ' ').trim(), 64)
    : 'my client';
  return `(I am an automated assistant writing for ${owner}. Nothing here is binding until ${owner} confirms it.)`;
}

/** Says it once: a text that has the line, such as one that waited for approval, stays as it is. */
export function addFirstContactLine(payload: SendPayload, facts: GateFacts): SendPayload {
  const line = formatFirstContactLine(facts, payload.to);
  if (facts.recipient.everSent > 0 || payload.text.endsWith(line)) return payload;
  return { ...payload, text: `${payload.text.trimEnd()}\n\n${line}` };
}

/** The words that are the agent's own, without the line that the gate wrote. */
export function dropFirstContactLine(payload: SendPayload, facts: GateFacts): string {
  const line = formatFirstContactLine(facts, payload.to);
  return payload.text.endsWith(line) ? payload.text.slice(0, -line.length).trimEnd() : payload.text;
}

/** The same where the contract of that time is not at hand. */
export function cutFirstContactLine(text: string): string {
  return text.replace(/\n\n\(I am an automated assistant writing for [^\n]*\)$/, '');
}
