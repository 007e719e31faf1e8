import { expect, test } from 'vitest';
import { z } from 'zod';
import { createJorbRequest, steerJorbRequest } from '../../src/domain/requests.ts';

const errand = { name: 'Hotel', plan: 'Find one.', contacts: [{ name: 'Magic', address: 'magic' }] };

test.each([
  ['a limit by another name', { ...errand, contract: { max_budget: '5' } }],
  ['a limit beside the contract', { ...errand, budget: '5' }],
  ['an amount that is a number', { ...errand, contract: { budget: 350 } }],
  ['a contact that is a name alone', { ...errand, contacts: ['Magic'] }],
  ['a contact without address', { ...errand, contacts: [{ name: 'Magic' }] }],
  ['no contacts', { name: 'Hotel', plan: 'Find one.' }],
])('%s is not taken', (_, request) => {
  expect(createJorbRequest.safeParse(request).success).toBe(false);
});

test('lengths are left to the readers, which name the field', () => {
  expect(createJorbRequest.safeParse({ ...errand, plan: 'x'.repeat(200_000), contacts: [] }).success).toBe(
    true,
  );
  expect(steerJorbRequest.safeParse({}).success).toBe(true);
});

test('both schemas together are small: a token is about four characters', () => {
  const text = JSON.stringify([createJorbRequest, steerJorbRequest].map((schema) => z.toJSONSchema(schema)));
  expect(text.length / 4).toBeLessThan(1_600);
});
