import { escapeInvisible } from '../../lib/text.ts';

/** Markup that is ours, or escaped: only `html` makes it, so that a text cannot be taken for markup. */
export type Html = { readonly markup: string };

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text of anyone, for an element or a quoted attribute: no markup, and no character that a reader cannot see. */
function escapeHtml(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (found) => named[found] ?? '');
}

/** A template of markup: what is put into it is escaped, unless it is markup already. A list is joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: (string | number | Html | readonly Html[])[]
): Html {
  const rest = values.map((value, index) => write(value) + (parts[index + 1] ?? ''));
  return { markup: (parts[0] ?? '') + rest.join('') };
}

export const nothing: Html = html``;

function write(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
