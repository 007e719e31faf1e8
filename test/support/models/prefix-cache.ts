const charactersPerToken = 4;

export type PrefixCache = {
  /** How many tokens of this text were seen before under the same key; it is remembered for the next. */
  read(key: string, text: string): number;
};

/** What a provider's prompt cache would hold: the longest beginning that a text shares with an earlier one. */
export function buildPrefixCache(): PrefixCache {
  const seen = new Map<string, string[]>();
  return {
    read(key, text) {
      const earlier = seen.get(key) ?? [];
      const shared = Math.max(0, ...earlier.map((each) => countShared(each, text)));
      seen.set(key, [...earlier, text]);
      return countTokens(text.slice(0, shared), Math.floor);
    },
  };
}

/** A token is four characters here. */
export function countTokens(text: string, round: (tokens: number) => number = Math.ceil): number {
  return round(text.length / charactersPerToken);
}

function countShared(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at;
  return length;
}
