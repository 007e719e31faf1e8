import { cleanText } from '../../lib/text.ts';

/** Beyond this a message is not read: an answer to a question never needs as much. */
const longestText = 6000;
const mostSentences = 120;

const abbreviation =
  /\b(?:st|mr|mrs|ms|dr|no|nr|ave|blvd|vs|ref|approx|incl|excl|apt|dept|e\.g|i\.e|a\.m|p\.m|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\.$/i;

/** The text as rules compare it: no invisible characters, plain quotation marks, single spaces within a line. */
export function plainText(text: string): string {
  return cleanText(text)
    .slice(0, longestText)
    .replace(/[‘’‛`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
}

/** Sentences with their closing mark. A line end also ends a sentence: people write in short lines. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  for (const line of plainText(text).split('\n')) {
    let start = 0;
    for (const match of line.matchAll(/[.!?]+["')\]]*(?=\s|$)/g)) {
      const end = match.index + match[0].length;
      const sentence = line.slice(start, end);
      if (match[0].startsWith('.') && abbreviation.test(sentence) && end < line.length) continue;
      sentences.push(sentence.trim());
      start = end;
    }
    sentences.push(line.slice(start).trim());
  }
  return sentences.filter((sentence) => /[\p{L}\p{N}\p{S}]/u.test(sentence)).slice(0, mostSentences);
}

/** Parts of a sentence that a comma, semicolon, "and", "but" or "while" holds together. */
export function splitClauses(sentence: string): string[] {
  return sentence
    .replace(/\bbetween (\S+) and (\S+)/i, '$1-$2')
    .split(/[,;:](?=\s)|\s[-–—]\s|\s(?=(?:and|but|while|whereas|though|although|however)\s)/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}
