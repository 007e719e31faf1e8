import type { Tone } from '../mail-layout.ts';

/** `head` stands over what follows: who wrote it, and when. `answer` is what the owner can do. */
export type Look = 'plain' | 'faint' | 'head' | 'title' | 'answer';

/** A bare string is on one line and safe to stand in our own words; what others wrote is `quoted` or a block. */
export type Span = string | { bold: string } | { quoted: string } | { command: string };
export type Line = readonly Span[];

export type Block =
  | { kind: 'line'; line: Line; look: Look }
  | { kind: 'list'; items: readonly Line[] }
  /** Words of others. */
  | { kind: 'quote'; text: string }
  /** What is or would be on the wire, to the letter. */
  | { kind: 'exact'; text: string }
  | { kind: 'amounts'; rows: readonly Amount[] };

export type Amount = { label: Line; detail?: string; amount: string; isTotal?: boolean };

export type PageCard = {
  title: string;
  badge: { text: string; tone: Tone };
  /** Ids, people and times, under the title. */
  note: readonly string[];
  blocks: readonly Block[];
};

export type PageSection = {
  title: string;
  note?: string;
  cards?: readonly PageCard[];
  blocks?: readonly Block[];
};

/** A figure and what it counts. */
export type Figure = { figure: string; label: string; tone?: Tone };

/** What a mail says, before it is text or HTML: both are written from it, so that they say the same. */
export type Page = {
  title: string;
  subtitle: string;
  figures: readonly Figure[];
  sections: readonly PageSection[];
  footer: readonly Block[];
};

export function line(...spans: Span[]): Block {
  return { kind: 'line', line: spans, look: 'plain' };
}

export function faint(...spans: Span[]): Block {
  return { kind: 'line', line: spans, look: 'faint' };
}

export function head(...spans: Span[]): Block {
  return { kind: 'line', line: spans, look: 'head' };
}

export function answer(...spans: Span[]): Block {
  return { kind: 'line', line: spans, look: 'answer' };
}

export function title(text: string): Block {
  return { kind: 'line', line: [text], look: 'title' };
}

/** Nothing for an empty list. */
export function items(lines: readonly Line[]): Block[] {
  return lines.length === 0 ? [] : [{ kind: 'list', items: lines }];
}

/** Spans of ours between others. */
export function joined(spans: readonly Span[], between: string): Span[] {
  return spans.flatMap((span, index) => (index === 0 ? [span] : [between, span]));
}
