import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to a host of the public internet, and to none of our own. Anything that is
 * not plain unicast is out: private, loopback, link-local with its metadata services, shared, mapped, NAT64,
 * 6to4. Of IPv6 only the global block is in, since other blocks still reach IPv4 on some systems.
 */
export function isPublicAddress(ip: string, listOwn: () => string[] = listOwnAddresses): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6' && (address.toByteArray()[0] ?? 0) >> 5 !== 1) return false;
  return !listOwn().some((own) => isSameAddress(own, ip));
}

export function isSameAddress(a: string, b: string): boolean {
  return (
    ipaddr.isValid(a) && ipaddr.isValid(b) && ipaddr.process(a).toString() === ipaddr.process(b).toString()
  );
}

/** A host that resolves to this machine would reach what only listens to it. */
function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .map(({ address }) => address);
}
