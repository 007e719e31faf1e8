import type { Counterparty } from '../../domain/contact.ts';
import type { Contract } from '../../domain/contract.ts';
import { squeeze } from '../../lib/text.ts';
import { formatAmount } from './facts.ts';
import { findClausesNaming, splitPlan } from './plan-clauses.ts';
import type { PlanReading } from './read-plan.ts';
import { buildSubject, findMentions, type Subject } from './read-subject.ts';
import { plainText, splitSentences } from './sentences.ts';

export type OpeningInput = {
  contact: Counterparty;
  counterparties: readonly Counterparty[];
  /** Of the jorb: what it is about when the plan says too little. */
  name: string;
  plan: string;
  reading: PlanReading;
  contract: Contract;
  /** Null when the contract does not let the owner's name be told. */
  ownerName: string | null;
};

const ceiling =
  /\s*[,(]?\s*(?:\b(?:but|and|for|with a|our|my|the|pay|paying|spend)\s)*\b(?:at most|under|below|up to|(?:no|not) more than|less than|max(?:imum)?(?: of| is)?|within(?: a budget of)?|budget(?: is| of)?|limit(?: is| of)?|ceiling(?: is| of)?|cap(?:ped)?(?: at| of)?)\s*:?\s*(?:[A-Z]{2,3})?[$€£¥]?\s?\d(?:[\d,.]*\d)?(?:\s?(?:USD|EUR|GBP|CHF|JPY|dollars|euros|pounds))?(?:\s?(?:\/|per\s|an?\s)\s?\w+|\seach)?(?:\s(?:in total|altogether|all in))?\)?/gi;
/** Instructions to the agent about how far it may go: no business of a third party's. */
const instruction =
  /\b(?:book|booking|reserve|reserving|buy|purchase|order|accept|confirm|commit|approv\w+|cancel|deposit|pause|report|before you|without asking|only if|don't|do not|tell me|let me know|come back|ask me|notify me|within \d+ hours?)\b/i;
const addressing =
  /\b(?:ask|text|message|e-?mail|mail|write(?: to)?|contact|call|check with|sms|tell|get in touch with|find out from)\b/i;
const place = /\s(?:(?:at|from|with|via|through|by)\s(?:the\s)?|(?:,|or|and)\s)$/i;
const lookFor =
  /^(?:please\s)?(?:find|get|look for|search for|arrange|book|reserve|buy|order|need|want|organi[sz]e|i need|i want|i'd like|find out)\s(?:me\s|us\s)?/i;

/** The first message to a contact: who writes, what is sought, and the question. No limit of the owner is in it. */
export function formatOpening(input: OpeningInput): string {
  const { contact, ownerName, reading, contract } = input;
  const sender = `I am writing on behalf of ${ownerName ?? 'a client'}`;
  const asked = contact.ask ? hideLimits(contact.ask, contract) : '';
  const body = asked === '' ? drawFromPlan(input, sender) : `${sender}. ${introduce(asked)}`;
  const isDated = reading.dates === null || squeeze(body).includes(squeeze(reading.dates));
  const parts = [
    `Hello ${contact.name},`,
    endSentence(body),
    ...(isDated ? [] : [`The dates are ${reading.dates}.`]),
    ...(reading.kind === 'inquiry' || body.includes('?') ? [] : [askWhat(reading)]),
  ];
  return parts.join(' ');
}

function askWhat({ isPriced }: PlanReading): string {
  return isPriced ? 'What is available, and at what price?' : 'What is available?';
}

/** A question for a contact may be a note rather than a sentence: "Availability and price at Hotel Nikko". */
function introduce(asked: string): string {
  if (/[?]|^(?:I|we|please|could|can|would|do|does|is|are|what|which|when|how|hello|hi)\b/i.test(asked))
    return asked;
  return `My question: ${asked}`;
}

/** Takes out what the owner would pay at most, and any sentence in which a limit of the contract is left. */
export function hideLimits(text: string, { money }: Contract): string {
  const amounts = [money.offerLimit?.minor, money.budget, money.withoutApproval]
    .filter((minor) => typeof minor === 'number' && minor > 0)
    .map((minor) => formatAmount({ minor: minor ?? 0, currency: money.currency }).replace(/\.0+$/, ''));
  const rest = plainText(text)
    .replace(ceiling, '')
    .replace(/([.?!])\s*\.(?!\w)/g, '$1');
  return splitSentences(rest)
    .filter((sentence) => !amounts.some((amount) => holdsNumber(sentence, amount)))
    .join(' ');
}

function holdsNumber(sentence: string, amount: string): boolean {
  const plain = sentence.replace(/(?<=\d),(?=\d{3})/g, '');
  return plain.split(/[^\d.]+/).some((number) => number.replace(/\.0*$/, '') === amount);
}

function drawFromPlan(input: OpeningInput, sender: string): string {
  const { plan, name, contact, contract } = input;
  const { sought, told } = readGoal(input);
  const matters = findClausesNaming(hideLimits(plan, contract), contact.name).map(readMatter);
  const start = sought ? `${sender}, who is looking for ${sought}.` : `${sender}.`;
  const rest = [told, ...matters].filter((part) => part !== undefined);
  const isEmpty = !sought && rest.length === 0;
  return [
    start,
    ...rest,
    ...(isEmpty ? [`It is about this: ${hideLimits(name, contract) || 'a question'}.`] : []),
  ].join(' ');
}

/** What the plan is after, as far as a third party needs to know it: a thing to find, or a matter to tell. */
function readGoal({ plan, contract, counterparties }: OpeningInput): { sought?: string; told?: string } {
  const names = counterparties.map(({ name }) => buildSubject(name));
  const goal = splitPlan(hideLimits(plan, contract)).find(
    (clause) => findMentions(clause, names).length === 0 || !addressing.test(clause),
  );
  if (goal === undefined) return {};
  const [head = '', ...rest] = cutNames(goal, names).split(/,\s/);
  const sought = head.replace(lookFor, '');
  const details = rest.filter((part) => !instruction.test(part));
  if (sought !== head) return { sought: [sought, ...details].join(', ') };
  const told = instruction.test(head) ? details : [head, ...details];
  return told.join(' ').includes(' ') ? { told: `It is about this: ${told.join(', ')}.` } : {};
}

/** "a table on Friday at Luigi or Ana" without the contacts, who know their own names. */
function cutNames(clause: string, names: readonly Subject[]): string {
  const first = findMentions(clause, names)[0];
  if (first === undefined) return clause;
  const before = clause.slice(0, first.index);
  return place.test(before) ? before.replace(place, '').replace(/[,\s]+$/, '') : clause;
}

/** "Ask Magic and Ana about X" as what the agent itself would say: "I would like to ask about X." */
function readMatter(clause: string): string | undefined {
  const start = addressing.exec(clause)?.index;
  if (start === undefined) return undefined;
  const matter = /\b(?:about|whether|if|what|which|when|how|who|where|for)\s.+$/i.exec(
    clause.slice(start),
  )?.[0];
  if (matter === undefined || instruction.test(matter)) return undefined;
  const said = matter.replace(/^if\s/i, 'whether ').replace(/^(\w+(?: \w+)?) (?:they|he|she)\b/i, '$1 you');
  return `I would like to ask ${said}.`;
}

function endSentence(text: string): string {
  return /[.!?]["')]?$/.test(text) || text === '' ? text : `${text}.`;
}
