import type { EventId } from '../../domain/ids.ts';
import { type Call, callAskOwner, callSend, callStore } from './calls.ts';
import { formatKey, formatWords } from './facts.ts';
import { formatOpening } from './opening.ts';
import { nameField } from './read-private.ts';
import { isSameSubject } from './read-subject.ts';
import { askOwner, findDenied, formDenial, formReply, listRelays, wasSaid } from './replies.ts';
import { listNames, listWords, reportFresh } from './report.ts';
import { plainText } from './sentences.ts';
import type { ContactState, State } from './state.ts';
import { readWaiting, remind } from './waiting.ts';

/** What is done with what came in, before it is decided how to go on. */
export type TakenIn = {
  store: Call[];
  /** Messages that bind nobody and tell nothing private. */
  say: Call[];
  /** Messages that would tell something private: what the gate makes of them decides what is said next. */
  tell: Call[];
  /** At most one question: it ends the turn. */
  ask: Call[];
  because: string[];
  basedOn: EventId[];
};

/** Keeps what was learned, opens conversations, answers what can be answered, asks again where it is time. */
export function takeIn(state: State): TakenIn {
  const taken: TakenIn = {
    store: state.notes.map(callStore),
    say: [],
    tell: [],
    ask: [],
    because: reportFresh(state),
    basedOn: state.context.newMessages.map(({ eventId }) => eventId),
  };
  openConversations(state, taken);
  for (const contact of state.contacts) answerContact(state, contact, taken);
  askAgain(state, taken);
  relayGuidance(state, taken);
  noteStrangers(state, taken);
  return taken;
}

function openConversations(state: State, taken: TakenIn): void {
  const { contract, jorb, counterparties } = state.context;
  const fresh = state.contacts.filter((contact) => needsOpening(state, contact));
  for (const { contact } of fresh) {
    const text = formatOpening({
      contact,
      counterparties,
      name: jorb.name,
      plan: jorb.plan,
      reading: state.plan,
      contract,
      ownerName: state.ownerName,
    });
    taken.say.push(callSend({ to: contact, text, basedOn: null }));
  }
  if (fresh.length > 0) {
    taken.because.push(
      `I open the conversation with ${listNames(fresh)}: one message each, drawn from the plan, without the owner's limits.`,
    );
  }
  for (const { contact, leftOut } of state.contacts) {
    if (leftOut !== null && state.context.triggers.includes('started')) {
      taken.because.push(`I do not write to ${contact.name}: ${leftOut}.`);
    }
  }
}

/** Once, however often it is asked: any trace of a conversation counts. */
function needsOpening({ context, known }: State, contact: ContactState): boolean {
  const { sends, key, slug, leftOut } = contact;
  if (leftOut !== null || sends.some(({ status }) => status !== 'expired')) return false;
  const { address } = contact.contact;
  const isSpokenWith = context.transcript.some((entry) => entry.address === address || entry.address === key);
  return !isSpokenWith && !known.some((note) => note.key === formatKey('asked', slug));
}

function answerContact(state: State, contact: ContactState, taken: TakenIn): void {
  if (contact.leftOut !== null) return;
  const { name } = contact.contact;
  const denied = findDenied(contact);
  if (denied !== undefined) {
    taken.say.push(formDenial(state, contact, { text: denied, basedOn: null }));
    taken.because.push(`${name} may not be told what it asked for, and I say so.`);
  }
  const relays = listRelays(state, contact);
  for (const { text, isDeclined } of relays) {
    taken.say.push(callSend({ to: contact.contact, text, basedOn: null }));
    taken.because.push(
      isDeclined ? `The owner left ${name}'s question open.` : `I pass the owner's answer on to ${name}.`,
    );
  }
  if (relays.length > 0) return;
  const { send, fields, toOwner } = formReply(state, contact);
  if (send && fields.length > 0) {
    taken.tell.push(send);
    taken.because.push(
      `${name} asks for the ${listWords(fields.map(nameField))}. That is private: I put a placeholder, and the gate decides.`,
    );
  } else if (send) {
    taken.say.push(send);
    taken.because.push(`I answer ${name}'s question from the plan.`);
  }
  const [question] = toOwner;
  if (question && taken.ask.length === 0) {
    taken.ask.push(askOwner(contact, question));
    taken.because.push(`${name} asks what neither the plan nor I can answer, so I ask the owner.`);
  }
}

function askAgain(state: State, taken: TakenIn): void {
  if (state.context.triggers.includes('deadline')) return;
  const { overdue } = readWaiting(state);
  const written = new Set(taken.say.map((call) => call.arguments.to));
  const silent = overdue.filter(({ key }) => !written.has(key));
  taken.say.push(...silent.map(remind));
  if (silent.length > 0)
    taken.because.push(`${listNames(silent)} did not answer in time, so I ask once more.`);
}

/** `ask Zetta: is parking free?` */
function relayGuidance(state: State, taken: TakenIn): void {
  for (const command of state.commands) {
    if (command.kind === 'skip') taken.because.push(`The owner said to leave out ${command.target}.`);
    if (command.kind !== 'ask') continue;
    const contact = state.contacts.find((each) => isSameSubject(each.contact.name, command.target));
    if (!contact) {
      taken.ask.push(
        callAskOwner(
          `There is no contact "${command.target}" in this errand. Whom should I ask: ${listNames(state.contacts)}?`,
        ),
      );
    } else if (!wasSaid(contact, command.text)) {
      taken.say.push(callSend({ to: contact.contact, text: command.text, basedOn: null }));
      taken.because.push(`I ask ${contact.contact.name} what the owner wants to know.`);
    }
  }
}

/** A message that the owner assigned to this errand may come from somebody it has no contact for. */
function noteStrangers({ context, contacts }: State, taken: TakenIn): void {
  const isKnown = (address: string) =>
    contacts.some(({ contact, key }) => contact.address === address || key === address);
  for (const { eventId, address, text } of context.newMessages) {
    if (isKnown(address)) continue;
    taken.store.push(
      callStore({
        key: formatKey('reply', address),
        value: formatWords(plainText(text)) || '(empty)',
        source: eventId,
      }),
    );
    taken.because.push(`${address} is no contact of this errand; I keep its words and do not answer.`);
  }
}
