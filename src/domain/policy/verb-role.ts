import type { Sentence, Word } from './reading.ts';

/**
 * What a verb does where it stands: `does` it now (`please book`, `we accept`, `can you book`), `wishes`
 * for it (`we would like to book`), asks whether one `may` (`can we book`), or `mentions` it (`before we
 * book`, `do not book`, `your book`).
 */
export type VerbRole = 'does' | 'wishes' | 'may' | 'mentions';

const set = (words: string) => new Set(words.split(' '));

const adverbs = set(
  'please kindly just now also then hereby gladly happily definitely certainly simply already indeed actually ' +
    'really finally immediately quickly therefore formally officially well ok okay yes sure so thus only',
);
const negations = set(
  "not never don't dont didn't won't wont cannot can't cant wouldn't shouldn't couldn't doesn't isn't aren't " +
    'without nor neither no avoid',
);
const conditions = set(
  'before until till if when whenever unless after whether once how where why what did does do that who which ' +
    'while since as than whom had have has in',
);
const modals = set('can could may might should shall would');
const wishes = set(
  'like love want wanted wish happy glad ready decided going need have prepared pleased delighted willing hoping ' +
    'hope intend plan planning looking keen able agree agreed wanting trying',
);
const firstPersonWill = set("i'll we'll ill let's lets imma");
const beings = set("am are i'm im we're be");
const determiners = set(
  'the a an your our my this that any their his her its each last next first second of in on for by at with from ' +
    'guest room phone hotel table online advance early direct directly some one another every these those no per to',
);
const objects = set(
  'it them that this these those the a an one two three four us me both my our your for now in king queen twin ' +
    'double single room rooms table seat seats ticket tickets hotel stay night nights',
);
/** After these a word that can be a noun is one: `order number`, `hold on`, `take care`. */
const nounFollowers = set(
  'number status id form confirmation price club of is was are were on off back policy fee fees online page total date',
);

/** What the verb at `index` of the sentence's words does there. */
export function readVerbRole({ words }: Sentence, index: number): VerbRole {
  const word = words[index];
  if (!word || nounFollowers.has(words[index + 1]?.text ?? '')) return 'mentions';
  if (word.opens) return 'does';
  const at = skipAdverbs(words, index - 1);
  const previous = words[at];
  if (!previous || adverbs.has(previous.text)) return 'does';
  return readAfter(words, at, words[index + 1]?.text ?? '');
}

function readAfter(words: Word[], at: number, object: string): VerbRole {
  const previous = words[at]?.text ?? '';
  const before = words[at]?.opens ? '' : (words[skipAdverbs(words, at - 1)]?.text ?? '');
  if (negations.has(previous)) return 'mentions';
  if (previous === 'to') return wishes.has(before) ? readWish(words, at) : 'mentions';
  if (firstPersonWill.has(previous) || beings.has(previous))
    return conditions.has(before) ? 'mentions' : 'does';
  if (previous === 'will' || previous === 'must') return 'does';
  if (modals.has(previous)) return before === 'you' ? 'does' : 'may';
  if (previous === "i'd" || previous === "we'd") return 'wishes';
  if (previous === 'i' || previous === 'we') {
    if (modals.has(before) || before === 'will') return 'may';
    return conditions.has(before) ? 'mentions' : 'does';
  }
  if (previous === 'you') return modals.has(before) || before === 'will' ? 'does' : 'mentions';
  if (previous === 'and' || previous === 'or') return readJoined(words, at);
  if (determiners.has(previous) || conditions.has(previous)) return 'mentions';
  return objects.has(object) ? 'does' : 'mentions';
}

/** `search and book`, `do not book or confirm`: what is joined shares the role of what came before. */
function readJoined(words: Word[], at: number): VerbRole {
  const clause = words.slice(Math.max(0, at - 4), at).map(({ text }) => text);
  if (clause.some((text) => negations.has(text))) return 'mentions';
  return clause.includes('before') || clause.includes('how') ? 'mentions' : 'does';
}

function readWish(words: Word[], at: number): VerbRole {
  const clause = words.slice(Math.max(0, at - 5), at);
  return clause.some(({ text }) => negations.has(text) || /^(?:do|does|did)$/.test(text))
    ? 'mentions'
    : 'wishes';
}

/** The nearest word at or before `at` that is no adverb, but never past the opening of the clause. */
function skipAdverbs(words: Word[], at: number): number {
  let index = at;
  while (index > 0 && adverbs.has(words[index]?.text ?? '') && !words[index]?.opens) index -= 1;
  return index;
}
