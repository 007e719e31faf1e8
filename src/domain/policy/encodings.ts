import { decodePercents } from '../web-request.ts';

/** What decodes to less than this says nothing. */
const shortest = 4;
/** A text that wraps itself deeper than this is nobody's honest request; what it holds is taint's affair. */
const mostReadings = 32;

/**
 * A text, and all that it says once percent-encoding, `\u` escapes, hex and base64 are undone, also one
 * within another. `isDecoded` marks what was bytes: it may hold short words by chance.
 */
export function listReadings(text: string): { text: string; isDecoded: boolean }[] {
  const readings = new Map([[text, false]]);
  // A map that grows while it is read is read to its new end.
  for (const [reading, isDecoded] of readings) {
    const add = (next: string, wasBytes: boolean) => {
      const isNew = next.length >= shortest && !readings.has(next);
      if (isNew && readings.size < mostReadings) readings.set(next, isDecoded || wasBytes);
    };
    add(decodePercents(reading), false);
    add(decodeEscapes(reading), false);
    for (const decoded of [...decodeHex(reading), ...decodeBase64(reading)]) add(decoded, true);
  }
  return Array.from(readings, ([reading, isDecoded]) => ({ text: reading, isDecoded }));
}

function decodeEscapes(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** From either digit of a run: the one before may belong to something else. */
function decodeHex(text: string): string[] {
  const runs = (text.match(/[0-9a-f](?:[:. -]?[0-9a-f]){7,}/gi) ?? []).map((run) =>
    run.replace(/[^0-9a-f]/gi, ''),
  );
  return [0, 1].map((offset) => runs.map((run) => readHex(run.slice(offset))).join('\n'));
}

function readHex(digits: string): string {
  const bytes = digits.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** From each of four letters on: where the encoded text begins in a run, nobody says. */
function decodeBase64(text: string): string[] {
  const runs = text.match(/[\w+/-]{6,}/g) ?? [];
  return [0, 1, 2, 3].map((offset) => runs.map((run) => readBase64(run.slice(offset))).join('\n'));
}

function readBase64(letters: string): string {
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  const bytes = atob(whole.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
