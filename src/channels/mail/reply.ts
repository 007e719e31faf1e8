import type { SmtpSettings } from '../../domain/mail.ts';
import { renderQuoted } from '../../domain/render/quote.ts';
import { cleanText } from '../../lib/text.ts';

const longestReply = 160;

/**
 * What a server answered, as `550 “5.1.1 no such user”`: its own words, on one line, between marks that
 * nothing in them can end, and without the password should it say it back.
 */
export function renderReply(response: string, login: SmtpSettings['login']): string {
  const [, code = '', rest = ''] = /^(\d{3})?[ -]?(.*)$/s.exec(response) ?? [];
  const words = cleanText(hideSecrets(rest, login)).replace(/\n\d{3}[ -]/g, '\n');
  const quoted = words.trim() === '' ? '' : renderQuoted(hideSecrets(words, login), longestReply);
  return [code, quoted].filter(Boolean).join(' ') || 'no word';
}

/** In the forms in which it went over the wire. */
function hideSecrets(text: string, login: SmtpSettings['login']): string {
  if (login === null) return text;
  const { user, password } = login;
  const forms = [`\0${user}\0${password}`, password].flatMap((secret) => [toBase64(secret), secret]);
  return forms.reduce((left, secret) => left.replaceAll(secret, '(hidden)'), text);
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
