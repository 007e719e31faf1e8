import { addressKey, channelKinds, type NewCounterparty, normalizeAddress } from './contact.ts';
import { quote, readLine, readText, refuseField } from './read-fields.ts';
import type { ContactRequest } from './requests.ts';

export const mostContacts = 20;
const longestName = 64;
const longestAsk = 2_000;

/** Throws a `Refusal` that names the field under `path`. */
export function readContact(request: ContactRequest, path: string): NewCounterparty {
  const name = readLine(request.name, `${path}.name`, longestName);
  const channel = channelKinds.find((kind) => kind === (request.channel ?? 'loopback'));
  if (channel === undefined) {
    throw refuseField(
      `${path}.channel`,
      `must be one of ${channelKinds.join(', ')}, not ${quote(request.channel ?? '')}`,
    );
  }
  if (request.address.trim() === '')
    throw refuseField(`${path}.address`, 'is empty; a contact needs an address');
  const address = normalizeAddress(channel, request.address.slice(0, 400));
  if (!address.ok) throw refuseField(`${path}.address`, `${quote(request.address)} ${address.error}`);
  const ask = request.ask === undefined ? null : readText(request.ask, `${path}.ask`, longestAsk);
  return { name, channel, address: address.value, ask };
}

/** Two contacts may share a name, never an address: what comes from it must belong to one of them. */
export function refuseSameAddress(contacts: readonly NewCounterparty[], path: string): void {
  const seen = new Map<string, string>();
  for (const [index, contact] of contacts.entries()) {
    const key = addressKey(contact);
    const first = seen.get(key);
    if (first !== undefined) {
      throw refuseField(
        `${path}[${index}].address`,
        `is ${key}, which is also the address of ${quote(first)}; each contact needs its own`,
      );
    }
    seen.set(key, contact.name);
  }
}

/** The contact that a name or an address means. */
export function findContact<Contact extends NewCounterparty>(
  contacts: readonly Contact[],
  text: string,
  path: string,
): Contact {
  const wanted = text.trim().toLowerCase();
  const named = contacts.filter(({ name }) => name.toLowerCase() === wanted);
  const [only] = named;
  if (only && named.length === 1) return only;
  const addressed = contacts.find((contact) => {
    const address = normalizeAddress(contact.channel, text.slice(0, 400));
    return addressKey(contact) === wanted || (address.ok && address.value === contact.address);
  });
  if (addressed) return addressed;
  throw named.length > 1
    ? refuseField(path, `is ${quote(text)}, the name of ${named.length} contacts; give the address`)
    : refuseField(
        path,
        `is ${quote(text)}, which is no contact of this jorb; give the name or address of one`,
      );
}
