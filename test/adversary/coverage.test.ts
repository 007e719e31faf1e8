import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allCases } from './cases/all.ts';
import { elsewhere } from './coverage.ts';
import { attackIds } from './ids.ts';

const played = new Set(allCases.flatMap(({ ids }) => ids));

test('each attack of the list has a case, a test, or a part that is not there yet', () => {
  expect(attackIds.filter((id) => !played.has(id) && !elsewhere.has(id))).toEqual([]);
  expect(new Set(attackIds).size).toBe(170);
});

test('no case and no row answers to an attack that is not on the list, and none is told twice', () => {
  const known = new Set(attackIds);
  expect([...played, ...elsewhere.keys()].filter((id) => !known.has(id))).toEqual([]);
  expect([...elsewhere.keys()].filter((id) => played.has(id))).toEqual([]);
});

test('each test that is named exists', () => {
  const missing = [...elsewhere].filter(
    ([, shown]) =>
      'test' in shown &&
      !(existsSync(shown.test[0]) && readFileSync(shown.test[0], 'utf8').includes(shown.test[1])),
  );
  expect(missing).toEqual([]);
});
