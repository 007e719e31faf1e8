import { mostResultBytes, type ToolAnswer } from './define-tool.ts';

/** How much of what could be said is said: entries of a list, and characters of any one text. */
export type Room = { items: number; characters: number };

/** Tried in order, so the usual answer is whole and the largest one still says how to get the rest. */
const rooms: readonly Room[] = [
  { items: 200, characters: 8_000 },
  { items: 50, characters: 4_000 },
  { items: 25, characters: 1_500 },
  { items: 12, characters: 600 },
  { items: 6, characters: 300 },
  { items: 3, characters: 150 },
  { items: 1, characters: 100 },
];

/** What the JSON around text and data takes. */
const frameBytes = 200;

/**
 * The first answer that a host will show whole. `build` leaves out what has no room, from its text and
 * its data alike, and says in both what it left out and how to ask for it.
 */
export function fitAnswer<Data>(build: (room: Room) => ToolAnswer<Data>): ToolAnswer<Data> {
  const fits = (answer: ToolAnswer<Data>) =>
    Buffer.byteLength(JSON.stringify([answer.text, answer.data])) + frameBytes <= mostResultBytes;
  const answers = Iterator.from(rooms).map(build);
  const answer = answers.find(fits);
  if (answer === undefined) throw new Error('an answer does not fit, however much is left out of it');
  return answer;
}
