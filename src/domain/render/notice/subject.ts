import { formatMoney } from '../../../lib/money.ts';
import { cleanText, cutEnd, plural, shorten } from '../../../lib/text.ts';
import type { Approval } from '../../approval.ts';
import { addressKey } from '../../contact.ts';
import { type NoticeFact, needsOwner } from '../../notice.ts';
import { straightenQuotes } from '../quote.ts';
import { cutRaw } from '../words.ts';

/** Whatever is told in it, a subject stays one header line that a list of mails shows. */
const longestSubject = 150;
const longestName = 60;
const longestQuestion = 80;
const longestWords = 100;
const shortestClause = 20;

/** The whole story in one line. It is told first what needs the owner. */
export function renderSubject(facts: readonly NoticeFact[]): string {
  const [first] = facts;
  if (first === undefined) return 'Nothing new';
  if (facts.length === 1) return renderFactSubject(first);
  const needs = facts.filter(needsOwner);
  const rest = facts.length - needs.length;
  if (needs.length === 0) return cut(`${countEnds(facts)}: ${joinNames(facts)}`);
  if (needs.length === 1) return cut(tellFact(first), ` – and ${rest} more`);
  const more = rest === 0 ? '' : `, and ${rest} more to know`;
  return cut(`${needs.length} need you: ${joinNames(needs)}`, more);
}

/** One fact on one line. */
export function renderFactSubject(fact: NoticeFact): string {
  return cut(tellFact(fact));
}

function tellFact(fact: NoticeFact): string {
  const { jorb } = fact;
  const name = line(jorb.name, longestName);
  switch (fact.kind) {
    case 'approval':
      return tellQuestion(fact.approval, name);
    case 'reminder':
      return `Reminder: ${tellQuestion(fact.approval, name)}`;
    case 'pause':
      return `${name} paused${after(': ', fact.reason)}`;
    case 'complete':
      return `${jorb.evidence.length > 0 ? 'Done' : 'Done, unconfirmed'}: ${name}${after(' – ', jorb.reason)}`;
    case 'fail':
      return `Failed: ${name}${after(' – ', jorb.reason)}`;
    case 'budget':
      return `${name} is at its limit of money${after(': ', fact.refusal)}`;
    case 'late_reply':
      return `Late reply: ${line(fact.messages.from, longestName)} wrote to ${name}, which is ${jorb.status}`;
    case 'handoff':
      return `No handoff for ${name}: it goes on with its long context`;
  }
}

function tellQuestion({ id, action, recipientName }: Approval, name: string): string {
  const { payload } = action;
  const where = `(${name}, ${id})`;
  switch (payload.kind) {
    case 'send_message': {
      const to = line(recipientName ?? addressKey(payload.to), longestName);
      return `Approve? ${payload.price ? formatMoney(payload.price) : 'A message'} to ${to} ${where}`;
    }
    case 'ask_owner':
      return `A question: “${straightenQuotes(begin(payload.question, longestQuestion))}” ${where}`;
    case 'change_contract':
      if (payload.extension) return `May it go on? ${where}`;
      return `Approve? ${payload.startAfter ? 'To start with these limits' : 'Wider limits'} ${where}`;
  }
}

function countEnds(facts: readonly NoticeFact[]): string {
  const count = (kind: NoticeFact['kind']) => facts.filter((fact) => fact.kind === kind).length;
  const late = count('late_reply');
  const counts: [number, string][] = [
    [count('complete'), 'done'],
    [count('fail'), 'failed'],
    [late, plural(late, 'late reply', 'late replies')],
    [count('handoff'), 'without a handoff'],
  ];
  return counts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}

/** `GDC Hotel, Flights and 1 more`. */
function joinNames(facts: readonly NoticeFact[]): string {
  const names = [...new Map(facts.map(({ jorb }) => [jorb.id, line(jorb.name, 40)])).values()];
  const [first = '', second] = names;
  if (names.length > 2) return `${first}, ${second} and ${names.length - 2} more`;
  return names.join(' and ');
}

function after(mark: string, words: string | null): string {
  const told = headline(line(words ?? '', 4 * longestWords));
  return told === '' ? '' : mark + told;
}

/** The first clauses of what is long: a reason says first what happened. */
function headline(words: string): string {
  const characters = [...words];
  if (characters.length <= longestWords) return words;
  const head = characters.slice(0, longestWords).join('');
  const end = Math.max(...[': ', '; ', '. '].map((mark) => head.lastIndexOf(mark)));
  return end > shortestClause ? head.slice(0, end) : `${head}…`;
}

/** The end is kept whole: it says how many more there are. */
function cut(text: string, end = ''): string {
  return shorten(text, longestSubject - [...end].length) + end;
}

/** The beginning, up to the end of a word. */
function begin(text: string, most: number): string {
  return cutEnd(line(text, 4 * most), most);
}

/** Words of anyone for a header: one line, and nothing that a reader cannot see. */
function line(text: string, most: number): string {
  return shorten(cleanText(cutRaw(text, most)).replace(/\s+/g, ' ').trim(), most);
}
