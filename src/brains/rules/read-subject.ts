import { squeeze } from '../../lib/text.ts';
import { plainText } from './sentences.ts';

/** Something that can be offered, by the name people use for it. */
export type Subject = { name: string; aliases: RegExp };

export type Mention = { name: string; index: number };

const phrase =
  /\b(?:\p{Lu}[\p{L}\p{N}'&.-]*|\p{Lu})(?:\s(?:\p{Lu}[\p{L}\p{N}'&.-]*|\d{1,4}(?![\p{L}\p{N}/:–-])|of|de|la|&))*/gu;
/** Words that begin a sentence or name a thing every offer has. */
const commonWords = new Set(
  `a an and any are around as ask at book both budget but buy by call can check choose come compare contact do don't each either email
  find first for from get good hello hey hi how i i'm i'll i've if in is it its king let look make me message monday tuesday wednesday
  thursday friday saturday sunday my near never next no not of on only or order our pause please pick price prices queen rate rates
  report request reserve room rooms see send single double so sorry still sure suite tell text thank thanks that the then there these they this to
  today tomorrow under unfortunately use want we we're we've what when where whether which who with write yes you your
  january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
  max maximum limit usd eur gbp sms telegram whatsapp ok okay great all also just now also available rack standard deluxe got have has hold`.split(
    /\s+/,
  ),
);
const genericWords = new Set(
  'hotel hotels the inn suites resort lodge hostel motel restaurant cafe bar clinic dr mr mrs ms st street union square plaza place san los new park city center centre downtown airport by and of at'.split(
    ' ',
  ),
);
/** A name after one of these says where or what for, not what to ask about. */
const setting =
  /\b(?:in|near|around|for|by|during|until|from|to|on|before|after|via|through|with)\s(?:the\s)?$/i;

/** Builds a subject that is found by its whole name or by the word that tells it from others. */
export function buildSubject(name: string): Subject {
  const tokens = name.split(/\s+/);
  const isTelling = (token: string) => !genericWords.has(token.toLowerCase()) && squeeze(token).length > 0;
  const start = tokens.findIndex(isTelling);
  const head = tokens[start];
  const following = tokens[start + 1];
  // "Parc 55" is told apart by its number as well.
  const short = head && following && /^\d+$/.test(following) ? `${head} ${following}` : head;
  const forms = [name, short].filter((form) => form !== undefined && squeeze(form).length >= 3);
  const source = forms
    .map((form) => (form ?? '').split(/\s+/).map(escapePattern).join(String.raw`\s+`))
    .join('|');
  const aliases = new RegExp(
    source === '' ? '(?!)' : String.raw`(?<![\p{L}\p{N}])(?:${source})(?![\p{L}\p{N}])`,
    'giu',
  );
  return { name, aliases };
}

/** The names in a plan or question that stand for things to ask about, in order, each once. */
export function findNames(text: string): string[] {
  const plain = plainText(text);
  const names = new Map<string, string>();
  for (const match of plain.matchAll(phrase)) {
    if (setting.test(plain.slice(Math.max(0, match.index - 16), match.index))) continue;
    const name = trimName(match[0]);
    if (name !== '' && !names.has(squeeze(name))) names.set(squeeze(name), name);
  }
  return [...names.values()].filter((name) => squeeze(name).length >= 3);
}

/** Where known subjects are mentioned, in order. */
export function findMentions(text: string, subjects: readonly Subject[]): Mention[] {
  const mentions = new Map<number, Mention & { end: number }>();
  for (const { name, aliases } of subjects) {
    for (const match of text.matchAll(aliases)) {
      const end = match.index + match[0].length;
      const known = mentions.get(match.index);
      if (!known || known.end < end) mentions.set(match.index, { name, index: match.index, end });
    }
  }
  return [...mentions.values()].sort((a, b) => a.index - b.index);
}

/** Whether two names mean the same thing: one's telling word is in the other. */
export function isSameSubject(a: string, b: string): boolean {
  return squeeze(a) === squeeze(b) || isMentioned(a, b) || isMentioned(b, a);
}

function isMentioned(a: string, b: string): boolean {
  return findMentions(b, [buildSubject(a)]).length > 0;
}

/** Common words are cut off both ends: "Ask Magic" is Magic. */
function trimName(text: string): string {
  const tokens = text.replace(/[.'-]+$/, '').split(/\s+/);
  const isCommon = (token: string | undefined) =>
    token !== undefined && (commonWords.has(token.toLowerCase()) || /^(?:of|de|la|&|\p{Lu})$/u.test(token));
  while (isCommon(tokens[0])) tokens.shift();
  while (isCommon(tokens.at(-1))) tokens.pop();
  return /\p{L}/u.test(tokens.join(' ')) && !/^\d/.test(tokens[0] ?? '') ? tokens.join(' ') : '';
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
