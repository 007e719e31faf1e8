import { type Address, addressKey, type Counterparty, channelKinds, normalizeAddress } from './contact.ts';

/**
 * The address that a brain means: `loopback:magic`, `magic`, or the contact's name where only one has it.
 * What fits no counterparty comes back in its own normal form, or as it was written: the gate decides.
 */
export function resolveRecipient(to: string, counterparties: readonly Counterparty[]): Address {
  const text = to.trim();
  const asAddress = readAddresses(text);
  const known = counterparties.find((each) =>
    asAddress.some((address) => addressKey(address) === addressKey(each)),
  );
  if (known) return pickAddress(known);
  const named = counterparties.filter(({ name }) => name.trim().toLowerCase() === text.toLowerCase());
  const [only] = named;
  if (only && named.length === 1) return pickAddress(only);
  return asAddress[0] ?? { channel: channelKinds[0], address: text };
}

function pickAddress({ channel, address }: Address): Address {
  return { channel, address };
}

/** Every reading of the text as an address: with its channel in front, or bare on each channel. */
function readAddresses(text: string): Address[] {
  const named = channelKinds.find((channel) => text.toLowerCase().startsWith(`${channel}:`));
  const readings = named
    ? [{ channel: named, written: text.slice(named.length + 1) }]
    : channelKinds.map((channel) => ({ channel, written: text }));
  return readings.flatMap(({ channel, written }) => {
    const address = normalizeAddress(channel, written);
    return address.ok ? [{ channel, address: address.value }] : [];
  });
}
