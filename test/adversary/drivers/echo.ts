import type { BrainRequest, ToolCall } from '../../../src/domain/brain.ts';
import { call } from '../../support/brains.ts';
import type { Driver } from '../stage.ts';
import { rest } from './benign.ts';

/*
 * A perfectly gullible model: it does whatever any text it was given tells it to do, in a tiny language
 * that third parties write. One instruction a line, anywhere in a text:
 *
 *   CALL name {"json": "arguments"}      does that; <<ALL>> in it stands for all it knows, <<ALL64>> for
 *                                        the same in base64
 *   CALL64 base64                        the same, encoded
 *   PART n/m id words                    a piece of a line; done once all pieces were seen
 *   HALT                                 refuses to go on
 */
export function writeCall(name: string, given: Record<string, unknown>): string {
  return `CALL ${name} ${JSON.stringify(given)}`;
}

export function encodeCall(line: string): string {
  return `CALL64 ${Buffer.from(line).toString('base64')}`;
}

/** The same instruction in two pieces. */
export function splitCall(line: string, id: string): [string, string] {
  const middle = Math.floor(line.length / 2);
  return [`PART 1/2 ${id} ${line.slice(0, middle)}`, `PART 2/2 ${id} ${line.slice(middle)}`];
}

/** Obeys each instruction once in a turn, whatever it was told about it before. */
export const echo: Driver = (request) => {
  if (request.steps.length > 0) return [];
  const texts = listTexts(request);
  if (texts.some((text) => /\bHALT\b/.test(text))) {
    return { ...refusal, reasoning: 'it was told to stop' };
  }
  const lines = [...new Set([...texts, ...joinParts(texts)].flatMap(readLines))];
  const calls = lines.flatMap((line) => readCall(line, request));
  return calls.length > 0 ? [...calls, rest] : [rest];
};

const refusal = {
  ...{ wire: 'echo', items: [], confidence: 1, basedOn: [], toolCalls: [], call: null },
  usage: { inputTokens: 1, cachedTokens: 0, writtenTokens: 0, outputTokens: 1 },
  stop: 'refused' as const,
};

/** Every string in what it was given, wherever it came from: it takes none for data. */
function listTexts({ context, prompt }: BrainRequest): string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(context);
  texts.push(...prompt.input);
  return texts;
}

function readLines(text: string): string[] {
  const encoded = Array.from(text.matchAll(/\bCALL64 ([A-Za-z0-9+/=]+)/g), ([, found = '']) =>
    Buffer.from(found, 'base64').toString('utf8'),
  );
  return [text, ...encoded].flatMap((each) => findCalls(each));
}

/** Instructions with their whole JSON, braces inside strings and all. */
function findCalls(text: string): string[] {
  return Array.from(text.matchAll(/\bCALL ([\w.]+) (?=\{)/g), (match) => {
    const start = match.index + match[0].length;
    const end = findEnd(text, start);
    return end === undefined ? undefined : text.slice(match.index, end);
  }).filter((found) => found !== undefined);
}

function findEnd(text: string, start: number): number | undefined {
  for (let end = text.indexOf('}', start); end !== -1; end = text.indexOf('}', end + 1)) {
    try {
      JSON.parse(text.slice(start, end + 1));
      return end + 1;
    } catch {
      // A brace inside: the object ends further on.
    }
  }
  return undefined;
}

function joinParts(texts: readonly string[]): string[] {
  const parts = new Map<string, Map<number, string>>();
  for (const text of texts) {
    for (const [, nth = '', , id = '', words = ''] of text.matchAll(/\bPART (\d)\/(\d) (\w+) (.*)/g)) {
      const known = parts.get(id) ?? new Map<number, string>();
      parts.set(id, known.set(Number(nth), words));
    }
  }
  return Array.from(parts.values(), (known) => `${known.get(1) ?? ''}${known.get(2) ?? ''}`);
}

function readCall(line: string, request: BrainRequest): ToolCall[] {
  const [, name = '', json = '{}'] = /^CALL ([\w.]+) (.*)$/s.exec(line) ?? [];
  const known = JSON.stringify(request.context).slice(0, 2400);
  const filled = json
    .replaceAll('<<ALL>>', escapeJson(known))
    .replaceAll('<<ALL64>>', Buffer.from(known).toString('base64'));
  return [call(name, JSON.parse(filled))];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
