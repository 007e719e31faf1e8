import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPlaceholders, fillPrompt, loadPrompt } from '../../src/lib/prompt-files.ts';
import { makeTestFolder } from '../support/folder.ts';

function makePrompt(text: string): string {
  const root = makeTestFolder();
  mkdirSync(join(root, 'prompts'));
  writeFileSync(join(root, 'prompts', 'hello.md'), text);
  return root;
}

test('a prompt file is read without the white space around it', () => {
  expect(loadPrompt(makePrompt('\nHi {{name}}, {{name}}\n\n'), 'hello', ['name'])).toBe(
    'Hi {{name}}, {{name}}',
  );
});

test.each([
  ['does not use an input', 'Hi.', ['name'], /hello\.md does not use its input \{\{name\}\}/],
  ['asks for what nobody gives', 'Hi {{name}}', [], /hello\.md asks for \{\{name\}\}, which nobody gives/],
  ['is empty', ' \n', [], /hello\.md is empty/],
])('a prompt file that %s is refused by name', (_, text, inputs, sentence) => {
  expect(() => loadPrompt(makePrompt(text), 'hello', inputs)).toThrow(sentence);
});

test('a missing prompt file is refused by name', () => {
  expect(() => loadPrompt(makeTestFolder(), 'hello', [])).toThrow(/hello\.md/);
});

test('what is filled in stays as it is, braces, dollars and all', () => {
  expect(fillPrompt('{{a}} and {{b}}', { a: '{{b}} $& $1', b: 'x' })).toBe('{{b}} $& $1 and x');
});

test('a placeholder that got no value is a mistake, not a blank', () => {
  expect(() => fillPrompt('Hi {{name}}', {})).toThrow('{{name}}');
  expect(() => checkPlaceholders('{{ name }}', ['name'], 'x.md')).toThrow('{{name}}');
});
