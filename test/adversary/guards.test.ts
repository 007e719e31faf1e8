/** The list of guards is only worth something while each still is where it says. `npm run kill-matrix` takes them out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gateChecks } from '../../src/domain/policy/evaluate-gate.ts';
import { allCases } from './cases/all.ts';
import { guards } from './guards/all.ts';

test('each guard stands once where the list says', () => {
  const misplaced = guards.flatMap(({ name, edits }) =>
    edits
      .map(({ file, find }) => ({ name, file, found: readFileSync(file, 'utf8').split(find).length - 1 }))
      .filter(({ found }) => found !== 1),
  );
  expect(misplaced).toEqual([]);
});

test('each guard has a name of its own', () => {
  const names = guards.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('each check of the gate and each trigger that guards is on the list', () => {
  const listed = JSON.stringify(guards);
  const checks = gateChecks.map(({ name }) => name).filter((name) => !listed.includes(`  ${name},`));
  expect(checks).toEqual([]);
  const triggers = readdirSync('drizzle')
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => [...readFileSync(join('drizzle', file), 'utf8').matchAll(/TRIGGER `(\w+)` BEFORE/g)])
    .map(([, name = '']) => name);
  expect(triggers.filter((name) => !listed.includes(`\`${name}\``))).toEqual([]);
});

test('each guard names a case that exists', () => {
  const known = [
    ...allCases.map(({ holds }) => holds),
    readFileSync(join(import.meta.dirname, 'host.test.ts'), 'utf8'),
  ];
  expect(
    guards.filter(({ by }) => !known.some((holds) => holds.includes(by))).map(({ name }) => name),
  ).toEqual([]);
});
