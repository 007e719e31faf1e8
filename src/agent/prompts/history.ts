import {
  computeOverhead,
  quoteLines,
  renderFact,
  renderPastMessage,
} from '../../domain/render/marked-quote.ts';
import type { PastMessage, TurnContext } from '../../domain/turn.ts';
import { sizes } from './sizes.ts';
import { leapToStart } from './window.ts';

/** A block of a prompt is cached whole or not at all: one that is full never changes again. */
const messagesPerBlock = 10;

type Item = { at: number; block: number; text: string } | { at: number; fact: string };

/**
 * Messages and facts as they came, oldest first, in blocks: the next turn appends to them. Nothing is in
 * it that a later turn would tell otherwise, such as a message that is still on its way.
 */
export function renderHistory(context: TurnContext, room: number): string[] {
  const { transcript, facts, newMessages, older, quoteMark: mark } = context;
  const factsRoom = Math.floor(room / 3);
  const unseen = new Set<string>(newMessages.map(({ eventId }) => eventId));
  const past = transcript.filter((entry) => !(unseen.has(entry.id) || isOnItsWay(entry)));
  const messages = keepNewest(
    past.map((entry) => renderMessage(entry, mark, (room - factsRoom) / 4)),
    older.messages,
    room - factsRoom,
  );
  const kept = keepNewest(
    facts.map((fact) => renderFact(fact, mark, sizes.fact)),
    older.facts,
    factsRoom,
  );
  const items: Item[] = [
    ...messages.texts.map((text, index) => ({
      at: past[index + messages.start]?.at ?? 0,
      block: Math.floor(index / messagesPerBlock),
      text,
    })),
    ...kept.texts.map((fact, index) => ({ at: facts[index + kept.start]?.at ?? 0, fact })),
  ];
  const [first = '', ...blocks] = toBlocks(
    items.sort((one, other) => one.at - other.at),
    mark,
  );
  const left = renderLeftOut(older.messages + messages.start, older.facts + kept.start);
  const head = ['# What happened so far, the oldest first', ...left].join('\n');
  return [first === '' ? head : `${head}\n\n${first}`, ...blocks];
}

/** Not settled yet: the turn itself tells of it. */
export function isOnItsWay({ status }: PastMessage): boolean {
  return status === 'queued' || status === 'sending';
}

function keepNewest(all: string[], older: number, most: number): { texts: string[]; start: number } {
  const start = leapToStart(
    all.map(({ length }) => length + 2),
    older,
    most,
  );
  return { texts: all.slice(start), start };
}

function renderMessage(entry: PastMessage, mark: string, share: number): string {
  const overhead = computeOverhead({ ...entry, eventId: entry.id }, mark);
  return renderPastMessage(entry, mark, Math.min(sizes.pastMessage, Math.floor(share) - overhead));
}

function renderLeftOut(messages: number, facts: number): string[] {
  if (messages + facts === 0) return [];
  return [`${messages} older messages and ${facts} older facts are left out here; retrieve_data finds them.`];
}

/** Facts that were kept one after the other stand in one quote; those before the first message, in its block. */
function toBlocks(items: readonly Item[], mark: string): string[] {
  const blocks = new Map<number, string[]>();
  let block = items.find((item) => 'block' in item)?.block ?? 0;
  let run: string[] = [];
  const put = (text: string) => blocks.set(block, [...(blocks.get(block) ?? []), text]);
  const endRun = () => {
    if (run.length > 0) put(quoteLines('facts', run, mark));
    run = [];
  };
  for (const item of items) {
    if ('fact' in item) {
      run.push(item.fact);
      continue;
    }
    endRun();
    block = item.block;
    put(item.text);
  }
  endRun();
  return [...blocks.values()].map((texts) => texts.join('\n\n'));
}
