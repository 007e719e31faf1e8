import { err, ok, type Result } from '../lib/result.ts';
import { hasInvisible } from '../lib/text.ts';
import type { AddressId } from './ids.ts';

export const channelKinds = ['loopback', 'web'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** One address of a contact on one channel. */
export type Address = { channel: ChannelKind; address: string };

/** A person or business the owner named for one jorb. */
export type Counterparty = Address & {
  id: AddressId;
  name: string;
  /** What to ask of this contact, where the plan says it apart. */
  ask: string | null;
  optedOut: boolean;
};

export type NewCounterparty = Address & { name: string; ask: string | null };

const normalizers: Record<ChannelKind, (text: string) => string | undefined> = {
  loopback: (text) => {
    const digits = text.replace(/[\s().-]/g, '');
    if (/^\+?\d{3,15}$/.test(digits)) return digits.startsWith('+') ? digits : `+${digits}`;
    const name = text.replace(/^@/, '').toLowerCase();
    return /^[a-z0-9](?:[a-z0-9._+@-]{0,126}[a-z0-9])?$/.test(name) ? name : undefined;
  },
  web: normalizeHost,
};

/** What an address on the channel looks like, for whoever wrote another. */
const addressForms: Record<ChannelKind, string> = {
  loopback: 'a name such as "magic" or a phone number such as +14155550101',
  web: 'a host name such as api.example.com, without https://, port or path; it is asked by https on port 443 only',
};

const hostName = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** In lower-case ASCII, whatever its script. An IP address in any spelling is none, nor is a name without a dot. */
function normalizeHost(text: string): string | undefined {
  if (/[\s/\\?#@:%[\]]/.test(text) || !URL.canParse(`https://${text}/`)) return undefined;
  const { hostname } = new URL(`https://${text}/`);
  return hostName.test(hostname) ? hostname : undefined;
}

/**
 * The one form in which an address is stored and compared, whatever its spaces, brackets, at-sign or
 * case. Routing, opt-out, the gate and the contract all compare this form exactly.
 */
export function normalizeAddress(channel: ChannelKind, text: string): Result<string, string> {
  const trimmed = text.normalize('NFKC').trim();
  const address = hasInvisible(text) || /[\r\n\t]/.test(text) ? undefined : normalizers[channel](trimmed);
  return address ? ok(address) : err(`is not an address on ${channel}: ${addressForms[channel]}`);
}

/** `loopback:magic`: how a contract and a person name an address. */
export function addressKey({ channel, address }: Address): string {
  return `${channel}:${address}`;
}

/** `Magic (loopback:magic)`: with the name that the owner gave it, where there is one. */
export function nameAddress(address: Address, name: string | null): string {
  return name === null ? addressKey(address) : `${name} (${addressKey(address)})`;
}

const stopWords = new Set(['stop', 'stopall', 'stop all', 'unsubscribe', 'opt out', 'optout', 'quit']);
const startWords = new Set(['start', 'unstop', 'opt in', 'optin']);

/** Whether a whole message is the sender's wish to be left alone, or to be written to again. */
export function readOptOut(text: string): 'stop' | 'start' | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replace(/\s+/g, ' ');
  if (stopWords.has(word)) return 'stop';
  return startWords.has(word) ? 'start' : undefined;
}
