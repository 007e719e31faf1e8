import { z } from 'zod';

/** What a page leaves out, and how to go on. Absent when it holds all there is. */
export const pageFields = {
  total: z.int().min(0).max(1e9),
  next_offset: z.int().min(0).max(1e9).optional(),
};

/** `shown` entries were told, beginning at `offset`. */
export function presentPage(page: { total: number; offset: number; shown: number }): {
  total: number;
  next_offset?: number;
} {
  const next = page.offset + page.shown;
  return { total: page.total, ...(next < page.total && { next_offset: next }) };
}

/** The line that ends a page's text. Nothing when it holds all there is. */
export function renderPage(page: { total: number; offset: number; shown: number }): string {
  const { next_offset } = presentPage(page);
  return next_offset === undefined
    ? ''
    : `\n\nMore: call again with offset ${next_offset} (${page.total} in all).`;
}
