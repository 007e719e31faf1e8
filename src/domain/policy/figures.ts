/** A number in a text. `value` is a plain decimal, or null when it has more than one reading. */
export type Figure = { start: number; end: number; value: string | null; isWord: boolean };

const numberWords =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|' +
  'eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|grand';

/** Neither the minutes of a time nor the later parts of a date or decimal begin a figure. */
const figure = new RegExp(
  `(?<![\\p{N}.,:/])(?:\\d{1,3}(?: \\d{3}){1,4}(?!\\d)|\\d+)(?:[.,']\\d+)*|(?<!\\p{L})(?:${numberWords})(?!\\p{L})`,
  'giu',
);
const multiplier = /^ ?(?:k|m|mio|bn|thousand|hundred|million|grand)(?!\p{L})/iu;

/** In order of their place. Times and dates are among them: only what stands beside a currency is a price. */
export function findFigures(text: string): Figure[] {
  return Array.from(text.matchAll(figure), (match) => {
    const [found] = match;
    const end = match.index + found.length;
    const times = multiplier.exec(text.slice(end, end + 12))?.[0] ?? '';
    const isWord = !/^\d/.test(found);
    const value = isWord || times !== '' ? null : readDecimal(found);
    return { start: match.index, end: end + times.length, value, isWord };
  });
}

/** `1,156.00`, `1.156,00`, `1 156`, `1'156.5`: three figures after the last sign are a group, one or two are decimals. */
function readDecimal(written: string): string | null {
  const text = written.replace(/[ ']/g, '');
  const signs = text.replace(/\d/g, '');
  if (signs === '') return readWhole(text);
  const parts = text.split(/[.,]/);
  const last = parts.at(-1) ?? '';
  const groups = parts.slice(1, -1);
  if (groups.some((group) => group.length !== 3)) return null;
  if (last.length === 3) return new Set(signs).size === 1 ? readWhole(parts.join('')) : null;
  if (last.length > 3 || signs.slice(0, -1).includes(signs.at(-1) ?? '')) return null;
  const whole = readWhole(parts.slice(0, -1).join(''));
  return whole === null ? null : `${whole}.${last}`;
}

function readWhole(digits: string): string | null {
  return digits.length <= 12 && /^(?:0|[1-9]\d*)$/.test(digits) ? digits : null;
}
