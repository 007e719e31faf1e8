import { readSentences } from './reading.ts';

/** What a text gives away that no errand needs, in words for the owner; never the secret itself. */
export function findSecret(text: string): string | undefined {
  const plain = readSentences(text)
    .map((sentence) => sentence.text)
    .join('\n');
  if (hasCardNumber(plain)) return 'a payment card number';
  if (hasIban(plain)) return 'a bank account number';
  return hasPassword(plain) ? 'a password or one-time code' : undefined;
}

const cardNumber = /^(?:4\d{12}|4\d{15}|4\d{18}|[25]\d{15}|3[47]\d{13}|3[0689]\d{12}|6\d{15,18})$/;

/** Only whole groups of figures as they are written: an expiry date may follow, other numbers do not match by chance. */
function hasCardNumber(text: string): boolean {
  return Array.from(text.matchAll(/\d(?:[ .\-/]{0,3}\d){12,60}/g)).some(([run]) => {
    const groups = run.match(/\d+/g) ?? [];
    return groups.some((_, start) => {
      let digits = '';
      for (let end = start; end < groups.length && digits.length < 19; end += 1) {
        digits += groups[end];
        if (cardNumber.test(digits) && passesLuhn(digits)) return true;
      }
      return false;
    });
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function hasIban(text: string): boolean {
  return Array.from(text.matchAll(/(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}/g)).some(
    ([run]) => {
      const compact = run.replace(/[ -]/g, '').toUpperCase();
      const lengths = Array.from({ length: compact.length - 14 }, (_, extra) => 15 + extra);
      return lengths.some((length) => isIban(compact.slice(0, length)));
    },
  );
}

function isIban(text: string): boolean {
  const digits = `${text.slice(4)}${text.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

const keyWord =
  /(?<!\p{L})(?:(?:verification|security|one[- ]time|log[- ]?in|sign[- ]?in|access|authori[sz]ation|authentication|2fa|otp|sms|confirmation|pin) (?:code|pin|password)|code|passcode|password|passwort|passphrase|otp|cvv|cvc|pin)(?!\p{L})/giu;

function hasPassword(text: string): boolean {
  return Array.from(text.matchAll(keyWord)).some((match) => {
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 48);
    const given =
      /^(?: (?:is|was|for|to|it|the|my|your|account|card|number|bank)){0,4}\s*[:=]?\s*["'“]?([^\s"'”]{3,32})/iu.exec(
        after,
      )?.[1] ?? '';
    return /^pass(?:word|wort|phrase)$/i.test(match[0])
      ? isPassword(given, after)
      : /^[\p{L}-]{0,4}\d[\d-]{2,9}[.,!?)]?$/u.test(given);
  });
}

/** A password may be any word, but then it is given with `is` or a colon. */
function isPassword(given: string, after: string): boolean {
  return (
    given !== '' &&
    (/\d/.test(given) || /^\s*(?:is|[:=])/i.test(after)) &&
    !/^(?:not|needed|required|protected)$/i.test(given)
  );
}
