import { findStart } from './window.ts';

/** A heading with its lines, or nothing. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[`## ${title}`, ...lines].join('\n')];
}

/** The newest of these, the oldest first, and how many had to be left out. */
export function listNewest(items: readonly string[], most: number, noun: string): string[] {
  const start = findStart(
    items.map(({ length }) => length + 1),
    most,
  );
  return [...(start === 0 ? [] : [`(${start} older ${noun} left out)`]), ...items.slice(start)];
}

/** The first of these, and how many had to be left out. */
export function listFirst(items: readonly string[], most: number, noun: string): string[] {
  const kept = items.length - findStart(items.map(({ length }) => length + 1).reverse(), most);
  const left = items.length - kept;
  return [...items.slice(0, kept), ...(left === 0 ? [] : [`(${left} more ${noun} left out)`])];
}
