import type { EventId } from '../../domain/ids.ts';
import { squeeze } from '../../lib/text.ts';
import { type Call, callAskOwner, callSend } from './calls.ts';
import { formatSlug, formatWords } from './facts.ts';
import { isOnItsWay } from './read-contact.ts';
import type { PlanReading } from './read-plan.ts';
import { nameField } from './read-private.ts';
import type { Reading } from './reading.ts';
import type { ContactState, State } from './state.ts';

type Question = Reading['questions'][number];

/** What is to be said to one contact in answer to its words, and what the owner has to be asked first. */
export type Reply = {
  /** Null when there is nothing to say. */
  send: Call | null;
  /** What the message would tell that is private: the gate and the owner decide. */
  fields: string[];
  /** Questions that neither plan nor owner has answered. */
  toOwner: Question[];
};

const askedFor = 'You asked for';

/** The answer to what a contact asked since it was last written to. */
export function formReply(state: State, contact: ContactState): Reply {
  const { open } = contact;
  const answers = open.questions.map((question) => ({ question, text: answer(question, state, contact) }));
  const fields = [...new Set(open.privateRequests.flatMap((request) => request.fields))];
  const isPriceOwed = state.plan.kind === 'purchase' && state.plan.isPriced && owesPrice(contact);
  const parts = [
    ...new Set(answers.map(({ text }) => text).filter((text) => typeof text === 'string' && text !== '')),
    ...(isPriceOwed ? [askPrice(state.plan)] : []),
    ...(fields.length > 0 ? [tellFields(fields, state.ownerName)] : []),
  ];
  const source =
    open.privateRequests.at(-1)?.eventId ?? open.questions.at(-1)?.eventId ?? open.offers.at(-1)?.eventId;
  const toOwner = answers.filter(({ text }) => text === undefined).map(({ question }) => question);
  const text = parts.join(' ');
  if (text === '' || wasSaid(contact, text)) return { send: null, fields: [], toOwner };
  const consequence = fields.length > 0 ? 'share_info' : 'message';
  return {
    send: callSend({ to: contact.contact, text, basedOn: source ?? null, consequence }),
    fields,
    toOwner,
  };
}

/** What is said instead when the gate or the owner did not let a private field be told. */
export function formDenial(
  state: State,
  { contact }: ContactState,
  refused: { text: string; basedOn: EventId | null },
): Call {
  const start = refused.text.indexOf(askedFor);
  const said = start > 0 ? `${refused.text.slice(0, start).trim()} ` : '';
  const whose = state.ownerName ? ` of ${state.ownerName}` : '';
  const fields = Array.from(refused.text.matchAll(/\{\{\s*(\w+)\s*\}\}/g), ([, field = '']) =>
    nameField(field),
  );
  const what = fields.length > 0 ? `the ${fields.join(' and the ')}${whose}` : 'that';
  const text = `${said}I am sorry, I am not able to share ${what}. Can we do without?`;
  return callSend({ to: contact, text, basedOn: refused.basedOn });
}

/** A message that would tell something private and was not let through; nothing was said after it. */
export function findDenied({ sends }: ContactState): string | undefined {
  const last = sends.at(-1);
  const isDenied = last?.status === 'rejected' || last?.status === 'expired';
  return isDenied && last?.payload.text.includes(askedFor) ? last.payload.text : undefined;
}

/** The question to the owner, in words that are the same whenever it is asked. */
export function formatOwnerQuestion({ contact }: ContactState, question: Question): string {
  return `${contact.name} asks: "${formatWords(question.text)}" What may I answer?`;
}

export function askOwner(contact: ContactState, question: Question): Call {
  return callAskOwner(formatOwnerQuestion(contact, question));
}

export type Relay = { text: string; isDeclined: boolean };

/** The owner's answers to questions of this contact that it has not been told yet. */
export function listRelays(
  { context }: State,
  contact: ContactState,
): { text: string; isDeclined: boolean }[] {
  const start = `${contact.contact.name} asks: "`;
  const said = contact.sends.map(({ payload }) => squeeze(payload.text));
  return context.approvals.flatMap(({ payload, status, answerText, isNew }): Relay[] => {
    if (payload.kind !== 'ask_owner' || !payload.question.startsWith(start)) return [];
    if (status === 'declined' && isNew) {
      return [{ text: 'I am sorry, I have no answer to your question.', isDeclined: true }];
    }
    const text = status === 'answered' ? (answerText?.trim() ?? '') : '';
    const told = said.indexOf(squeeze(text));
    // The same short answer may be due to two questions: each message stands for one.
    if (told !== -1) said.splice(told, 1);
    return text === '' || told !== -1 ? [] : [{ text, isDeclined: false }];
  });
}

/** Undefined: only the owner knows. Empty: it needs no answer. */
function answer({ topic, text }: Question, state: State, contact: ContactState): string | undefined {
  const { plan, ownerName, context } = state;
  const persons = plan.counts.get('person');
  const units = plan.unit === null ? undefined : plan.counts.get(plan.unit);
  switch (topic) {
    case 'courtesy':
      return '';
    case 'book':
      return plan.kind === 'purchase' ? '' : undefined;
    case 'dates':
      return plan.dates ? `The dates are ${plan.dates.replace(/^on /i, '')}.` : undefined;
    case 'guests':
      return persons === undefined
        ? undefined
        : `It is for ${persons} ${persons === 1 ? 'person' : 'people'}.`;
    case 'units':
      return units === undefined ? undefined : `It is for ${units} ${plan.unit}${units === 1 ? '' : 's'}.`;
    case 'name':
      return ownerName === null ? undefined : `The name is ${ownerName}.`;
    case 'budget':
      return 'I would rather hear your best price first.';
    case 'bot':
      return `This is an automated assistant writing on behalf of ${ownerName ?? 'a client'}.`;
    case 'other': {
      const question = formatOwnerQuestion(contact, { eventId: 'event_0', text, topic });
      const asked = context.approvals.some(
        ({ payload }) => payload.kind === 'ask_owner' && payload.question === question,
      );
      return asked ? '' : undefined;
    }
  }
}

function owesPrice({ open, sends }: ContactState): boolean {
  const isAsked = sends.some(({ payload }) => payload.text.includes('What is the price'));
  return !isAsked && open.offers.some(({ price }) => price === null);
}

function askPrice({ unit }: PlanReading): string {
  return unit === null ? 'Thank you. What is the price?' : `Thank you. What is the price per ${unit}?`;
}

/** A placeholder for each: the brain never sees a value. */
function tellFields(fields: readonly string[], ownerName: string | null): string {
  const told = fields.map(
    (field) => `the ${nameField(field)}: {{${formatSlug(field).replaceAll('-', '_')}}}`,
  );
  return `${askedFor} details${ownerName ? ` of ${ownerName}` : ''}. Here is ${told.join(', and ')}.`;
}

/** Whether a message of just these words went out, waits, or was refused: it is not proposed a second time. */
export function wasSaid({ sends }: ContactState, text: string): boolean {
  const words = squeeze(text);
  return sends.some(
    ({ payload, status }) =>
      squeeze(payload.text) === words &&
      (isOnItsWay(status) || status === 'awaiting_approval' || status === 'rejected'),
  );
}
