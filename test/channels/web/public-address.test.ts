import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { isPublicAddress, isSameAddress } from '../../../src/channels/web/public-address.ts';

test.each([
  '127.0.0.1',
  '127.1.2.3',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '192.0.0.170',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:7f00:0001',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::7f00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '4000::1',
  '',
  'localhost',
  '127.0.0.1 ',
  'api.example.com',
])('%j is no public address', (ip) => expect(isPublicAddress(ip)).toBe(false));

test.each(['93.184.216.34', '8.8.8.8', '1.1.1.1', '::ffff:8.8.8.8', '2606:4700:4700::1111', '2a00:1450::1'])(
  '%s is a public address',
  (ip) => expect(isPublicAddress(ip)).toBe(true),
);

test('a public address of this machine is none', () => {
  const own = () => ['93.184.216.34', '2606:4700:0:0::1111'];
  for (const ip of ['93.184.216.34', '::ffff:93.184.216.34', '2606:4700::1111']) {
    expect(isPublicAddress(ip, own)).toBe(false);
  }
  expect(isPublicAddress('93.184.216.35', own)).toBe(true);
});

test('no address of this machine is one', () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  expect(own.length).toBeGreaterThan(0);
  for (const { address } of own) expect(isPublicAddress(address)).toBe(false);
});

test('one address in two spellings is the same', () => {
  expect(isSameAddress('::ffff:8.8.8.8', '8.8.8.8')).toBe(true);
  expect(isSameAddress('2606:4700:0:0::1', '2606:4700::1')).toBe(true);
  expect(isSameAddress('8.8.8.8', '8.8.4.4')).toBe(false);
  expect(isSameAddress('', '')).toBe(false);
});
