import type { Finding } from '../action.ts';
import type { Address } from '../contact.ts';
import type { GateFacts } from '../gate.ts';
import { findAcceptance } from './acceptance.ts';
import { findAmounts } from './amounts.ts';
import { findCancellation } from './cancellation.ts';
import { holdsField, openForSearch } from './private-fields.ts';
import { readSentences } from './reading.ts';
import { findSecret } from './secrets.ts';
import { isShared } from './share.ts';

/** What the words of a text bind or give away, whatever the agent calls it. They raise, they never lower. */
export function findTripwires(text: string, to: Address, facts: GateFacts): Finding[] {
  return [...findBindingWords(text, facts.recipient.lastInbound), ...findPrivateWords(text, to, facts)];
}

/** The words of a text that take up an offer, state a price or call something off. */
export function findBindingWords(text: string, lastInbound: string | null): Finding[] {
  const sentences = readSentences(text);
  const findings: Finding[] = [];
  const acceptance = findAcceptance(sentences, lastInbound);
  if (acceptance !== undefined) {
    const because = `the words "${acceptance}" accept an offer or place an order`;
    findings.push({ rule: 'acceptance', consequence: 'commit', because });
  }
  if (sentences.some((sentence) => !sentence.isQuestion && findAmounts(sentence).length > 0)) {
    findings.push({ rule: 'price_in_text', consequence: 'commit', because: 'the text states a price' });
  }
  const cancellation = findCancellation(sentences);
  if (cancellation !== undefined) {
    const because = `the words "${cancellation}" call something off`;
    findings.push({ rule: 'cancellation', consequence: 'cancel', because });
  }
  return findings;
}

function findPrivateWords(text: string, to: Address, { profile, contract }: GateFacts): Finding[] {
  const searched = openForSearch(text);
  const findings: Finding[] = profile
    .filter((field) => !isShared(contract, field.field, to) && holdsField(searched, field))
    .map(({ field }) => ({
      rule: 'private_field',
      consequence: 'share_info',
      because: `the text tells the owner's ${field}`,
    }));
  const secret = findSecret(text);
  if (secret !== undefined) {
    findings.push({ rule: 'secret_pattern', consequence: 'share_info', because: `the text holds ${secret}` });
  }
  return findings;
}
