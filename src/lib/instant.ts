const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** An instant of ISO 8601 with its offset, in milliseconds; null when the text is none. */
export function parseInstant(text: string): number | null {
  const time = form.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
