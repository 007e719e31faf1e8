import { addressKey, type NewCounterparty } from './contact.ts';
import { findContact } from './contact-request.ts';
import type { Contract } from './contract.ts';
import { quote, readList, refuseField } from './read-fields.ts';
import type { ContractRequest } from './requests.ts';

/** The owner's name stays told unless the list is empty or names it. */
export function readShare(
  request: ContractRequest['share'],
  base: Contract,
  contacts: readonly NewCounterparty[],
): Contract['share'] {
  if (request === undefined) return base.share.flatMap((entry) => keepShare(entry, contacts));
  const limits = { field: 'contract.share', least: 0, most: 40, noun: 'field' };
  const share = readList(request, limits, (entry, path): Contract['share'][number] => {
    const field = entry.field.trim().toLowerCase();
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(field)) {
      throw refuseField(
        `${path}.field`,
        `must be the name of a profile field such as home_address, not ${quote(entry.field)}`,
      );
    }
    if (entry.with === undefined) return { field, with: 'all' };
    const who = readList(
      entry.with,
      { field: `${path}.with`, least: 1, most: 20, noun: 'contact' },
      (text, at) => addressKey(findContact(contacts, text, at)),
    );
    return { field, with: [...new Set(who)] };
  });
  const double = share.findIndex(({ field }, index) =>
    share.slice(0, index).some((other) => other.field === field),
  );
  if (double >= 0)
    throw refuseField(`contract.share[${double}].field`, 'is named twice; name each field once');
  const name = base.share.find(({ field }) => field === 'name');
  const isNamed = share.length === 0 || share.some(({ field }) => field === 'name');
  return name && !isNamed ? [...keepShare(name, contacts), ...share] : share;
}

/** What is told to a contact that is gone, is told to nobody. */
function keepShare(
  entry: Contract['share'][number],
  contacts: readonly NewCounterparty[],
): Contract['share'] {
  if (entry.with === 'all') return [entry];
  const keys = new Set(contacts.map(addressKey));
  const left = entry.with.filter((key) => keys.has(key));
  return left.length > 0 ? [{ ...entry, with: left }] : [];
}
