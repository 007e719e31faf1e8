import type { Jorb, Phase } from '../../domain/jorb.ts';
import type { OpenPromise } from '../../domain/promise.ts';
import { formatInstant } from '../../domain/render/instant.ts';
import { computeOverhead, quoteLines, quoteMessage, renderKey } from '../../domain/render/marked-quote.ts';
import { cleanLine, ownLine, ownQuote } from '../../domain/render/words.ts';
import type { NewMessage, TurnContext } from '../../domain/turn.ts';
import { renderProposals } from './proposals.ts';
import { listFirst, section } from './sections.ts';
import { sizes } from './sizes.ts';
import { findStart } from './window.ts';

const mostPhases = 2400;
const mostPromises = 2000;
/** Less is not worth a quote. */
const leastMessage = 200;

/** What is of this turn alone, with the clock: the last block of a prompt. */
export function renderThisTurn(context: TurnContext): string {
  const parts = [
    ['# This turn', ...renderOccasion(context)].join('\n'),
    ...section('Phases of the plan', renderPhases(context.phases)),
    ...section('Promises still open, the first due first', renderPromises(context)),
    ...renderProposals(context),
  ];
  const taken = parts.reduce((sum, part) => sum + part.length + 2, 0);
  const room = Math.max(sizes.leastNewMessages, sizes.thisTurn - taken);
  const messages = section('New messages, the oldest first', renderNewMessages(context, room));
  return [...parts, ...messages, 'Now decide what this turn does, and do it with the tools.'].join('\n\n');
}

function renderOccasion({ now, triggers, jorb }: TurnContext): string[] {
  const { summary } = jorb;
  return [
    `now: ${formatInstant(now)}`,
    `because of: ${triggers.join(', ') || 'nothing in particular'}`,
    renderWake(jorb, now),
    ...(summary === null ? [] : [`where it stands: ${ownQuote(summary, 500)}`]),
  ];
}

/** It stands until the turn that it brought has finished. */
export function renderWake({ wakeAt, wakeReason }: Jorb, now: number): string {
  if (wakeAt === null) return 'next wake: none';
  const name = wakeAt <= now ? 'the wake that has come' : 'next wake';
  return `${name}: ${formatInstant(wakeAt)}, ${ownQuote(wakeReason ?? '', 300)}`;
}

export function renderPhases(phases: readonly Phase[]): string[] {
  const share = Math.max(40, Math.min(200, Math.floor(mostPhases / Math.max(1, phases.length)) - 12));
  const lines = phases.map(({ status, title }) => `- ${status}: ${ownLine(title, share)}`);
  return listFirst(lines, mostPhases, 'phases');
}

export function renderPromises({ promises, quoteMark: mark }: TurnContext): string[] {
  if (promises.length === 0) return [];
  const lines = listFirst(
    promises.map((promise) => renderPromise(promise, mark)),
    mostPromises,
    'promises',
  );
  return [quoteLines('promises', lines, mark)];
}

function renderPromise(promise: OpenPromise, mark: string): string {
  const { id, by, text, dueAt, sourceEventId } = promise;
  const who = by === 'us' ? `ours to ${renderKey(promise.with)}` : `theirs, ${renderKey(promise.with)}`;
  const due = dueAt === null ? 'no date' : `due ${formatInstant(dueAt)}`;
  const source = sourceEventId === null ? '' : `, from ${sourceEventId}`;
  return `[${id}] ${who}, ${due}${source}: ${cleanLine(text, mark, 300)}`;
}

/** Short messages whole; the long ones share what is left; too many, and the newest are shown. */
function renderNewMessages({ newMessages, quoteMark }: TurnContext, room: number): string[] {
  const overheads = newMessages.map((message) => computeOverhead(message, quoteMark) + 2);
  const share = computeShare(
    newMessages.map(({ text }, index) => text.length + (overheads[index] ?? 0)),
    room,
  );
  const texts = newMessages.map((message, index) =>
    quoteMessage(message, quoteMark, Math.max(leastMessage, share - (overheads[index] ?? 0))),
  );
  const start = findStart(
    texts.map(({ length }) => length + 2),
    room,
  );
  return [...renderLeftOut(newMessages.slice(0, start)), texts.slice(start).join('\n\n')].filter(
    (text) => text !== '',
  );
}

function renderLeftOut(messages: readonly NewMessage[]): string[] {
  const [first] = messages;
  const last = messages.at(-1);
  if (!first || !last) return [];
  return [
    `(${messages.length} older new messages left out, ${first.eventId} to ${last.eventId}; retrieve_data finds them)`,
  ];
}

/** The most each may take, so that all of them together fit: what the short ones do not need goes to the long ones. */
function computeShare(lengths: readonly number[], room: number): number {
  const sorted = [...lengths].sort((one, other) => one - other);
  let left = room;
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (length > share) return share;
    left -= length;
  }
  return room;
}
