import type { Counterparty } from '../../domain/contact.ts';
import { buildSubject, findMentions, findNames, isSameSubject } from './read-subject.ts';
import { splitSentences } from './sentences.ts';

const nextErrand =
  /[;,]\s*(?:and\s|then\s|also\s)*(?=(?:text|ask|email|e-mail|mail|call|write|message|contact|tell|sms|check with|pause|report|stop|book|wait)\b)|\s(?:and|then)\s(?=(?:tell me|report|let me|text|email|write to)\b)|;\s/i;
const agentWords = /\b(?:concierge|travel agen\w+|agency|broker|assistant|booking service|reseller)\b/i;

/** The plan in pieces of one instruction each. */
export function splitPlan(plan: string): string[] {
  return splitSentences(plan)
    .flatMap((sentence) => sentence.split(nextErrand))
    .map((clause) => clause.replace(/[.\s]+$/, '').trim())
    .filter((clause) => clause !== '');
}

export function findClausesNaming(plan: string, name: string): string[] {
  const subject = [buildSubject(name)];
  return splitPlan(plan).filter((clause) => findMentions(clause, subject).length > 0);
}

/** What this contact is asked about besides itself, and whether it speaks for others at all. */
export function readRole(
  plan: string,
  contact: Counterparty,
  all: readonly Counterparty[],
): { subjects: string[]; isAgent: boolean } {
  const asked = contact.ask ?? findClausesNaming(plan, contact.name).join('. ');
  const others = all.filter(({ id }) => id !== contact.id);
  const subjects = findNames(asked).filter(
    (name) =>
      !isSameSubject(name, contact.name) &&
      (contact.ask !== null || !others.some((other) => isSameSubject(name, other.name))),
  );
  return { subjects, isAgent: subjects.length > 0 || agentWords.test(`${contact.name} ${asked}`) };
}
