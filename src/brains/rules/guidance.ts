import { formatKey, type Note } from './facts.ts';
import { plainText } from './sentences.ts';

/** What the owner told the agent to do, as far as rules understand it. */
export type Command =
  | { kind: 'accept'; target: string }
  | { kind: 'skip'; target: string }
  | { kind: 'ask'; target: string; text: string }
  | { kind: 'continue' }
  | { kind: 'unclear'; text: string };

const lead = /^(?:(?:yes|ok|okay|sure|great|good|fine|no|please|then|and|so|just)\b[\s,.!:]*)+/i;
const accept = /^(?:book|accept|take|choose|pick|go with|reserve|buy)\s+(?:the\s+)?(.+)$/i;
const skip = /^(?:skip|drop|ignore|forget(?: about)?|leave out|not|without)\s+(?:the\s+)?(.+)$/i;
const ask = /^(?:ask|tell|write(?: to)?|text)\s+(?:the\s+)?([^:]{1,80}):\s*(.+)$/is;
const goOn =
  /^(?:continue|go on|go ahead|resume|proceed|carry on|wait|keep (?:going|waiting)|thanks?(?: you)?|noted)?[\s.!]*$/i;

/** One line of the owner's words, the form a chat assistant passes on: `book Nikko`, `ask Zetta: is parking free?` */
export function readGuidance(text: string): Command {
  const plain = plainText(text).replace(lead, '').trim();
  const asked = ask.exec(plain);
  if (asked?.[1] && asked[2]) return { kind: 'ask', target: asked[1].trim(), text: asked[2].trim() };
  const accepted = accept.exec(plain)?.[1];
  if (accepted) return { kind: 'accept', target: trimTarget(accepted) };
  const skipped = skip.exec(plain)?.[1];
  if (skipped) return { kind: 'skip', target: trimTarget(skipped) };
  return goOn.test(plain) ? { kind: 'continue' } : { kind: 'unclear', text: plainText(text) };
}

/** Guidance is shown to one turn alone, so what goes on to hold is kept as a fact. */
export function noteCommand(command: Command): Note[] {
  if (command.kind === 'accept') return [{ key: 'choice', value: command.target, source: null }];
  if (command.kind === 'skip') {
    return [{ key: formatKey('skip', command.target), value: command.target, source: null }];
  }
  return [];
}

function trimTarget(text: string): string {
  return text
    .replace(/(?:\s+(?:please|instead|now|for me|at \$?[\d.,]+.*))+$/i, '')
    .replace(/[\s.!]+$/, '')
    .slice(0, 100);
}
