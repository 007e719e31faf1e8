import type { Counterparty } from '../../domain/contact.ts';
import { renderContract } from '../../domain/render/contract.ts';
import { quoteLines, renderKey } from '../../domain/render/marked-quote.ts';
import { cleanLine, indentWithin, ownLine } from '../../domain/render/words.ts';
import type { TurnContext } from '../../domain/turn.ts';
import { canonicalJson, type Json } from '../../lib/canonical.ts';
import { longestName, sizes } from './sizes.ts';

/** What stays the same for as long as the owner changes nothing: the errand, its plan, contacts and contract. */
export function renderErrand(context: TurnContext): string {
  const { jorb, ownerName, contract, counterparties, quoteMark } = context;
  return [
    '# The errand',
    `${jorb.id} “${ownLine(jorb.name, 200)}”, for its owner “${ownLine(ownerName, 200)}”.`,
    '',
    '## The plan, in the owner’s words',
    indentWithin(jorb.plan, sizes.plan),
    '',
    '## Contacts: you may write to these and to no others',
    ...renderContacts(counterparties, quoteMark),
    '',
    `## The contract, version ${jorb.contractVersion}, as data: amounts in the smallest unit of the currency, times in milliseconds`,
    canonicalJson(contract as unknown as Json),
    '',
    'The same as the owner reads it (“you” is the owner):',
    ...renderWords(context),
  ].join('\n');
}

function renderContacts(counterparties: readonly Counterparty[], mark: string): string[] {
  if (counterparties.length === 0) return ['none'];
  const share = Math.floor(sizes.asks / counterparties.length);
  const names = counterparties.map(
    (contact) => `${renderKey(contact)} is called “${cleanLine(contact.name, mark, longestName)}”`,
  );
  return [
    ...counterparties.flatMap((contact) => {
      const line = `- ${renderKey(contact)}${contact.optedOut ? ' (wants no messages)' : ''}`;
      return contact.ask === null ? [line] : [`${line} to ask:`, indentWithin(contact.ask, share)];
    }),
    '',
    quoteLines('names', names, mark),
  ];
}

/** Without its addresses: they are the contacts above. */
function renderWords({ contract }: TurnContext): string[] {
  const lines = renderContract(contract).filter((line) => !line.startsWith('May write to:'));
  const share = Math.floor(sizes.contractWords / lines.length);
  return lines.map((line) => `- ${ownLine(line, share)}`);
}
