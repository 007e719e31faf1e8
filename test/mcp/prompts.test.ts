import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPrompts } from '../../src/mcp/prompt-files.ts';
import { makeTestFolder } from '../support/folder.ts';
import { eras, openHost, packageRoot } from './open-host.ts';

describe.each(eras)('prompts, in %s', (era) => {
  test('are listed with what they take', async () => {
    const { client } = await openHost({ era });
    const { prompts } = await client.listPrompts();
    const listed = prompts.map(({ name, arguments: given = [] }) => [
      name,
      given.map((argument) => argument.name),
    ]);
    expect(listed).toEqual([
      ['plan_jorb', ['errand']],
      ['brief_me', []],
      ['review_approvals', []],
    ]);
  });

  test('plan_jorb holds the errand word for word, braces and all', async () => {
    const { client } = await openHost({ era });
    const errand = 'Book {{home_address}} for $& and $1';
    const { messages } = await client.getPrompt({ name: 'plan_jorb', arguments: { errand } });
    expect(messages).toMatchObject([{ role: 'user', content: { text: expect.stringContaining(errand) } }]);
  });

  test.each(['brief_me', 'review_approvals'])('%s is a message of the person', async (name) => {
    const { client } = await openHost({ era });
    expect((await client.getPrompt({ name })).messages).toMatchObject([{ role: 'user' }]);
  });

  test('plan_jorb without an errand is refused with its field', async () => {
    const { client } = await openHost({ era });
    await expect(client.getPrompt({ name: 'plan_jorb' })).rejects.toThrow(/errand: is missing/);
  });
});

function makePrompts(files: Record<string, string>): string {
  const root = makeTestFolder();
  mkdirSync(join(root, 'prompts'));
  const all = { ...readOwn(), ...files };
  for (const [file, text] of Object.entries(all)) writeFileSync(join(root, 'prompts', file), text);
  return root;
}

function readOwn(): Record<string, string> {
  const folder = join(packageRoot, 'prompts');
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
}

test.each([
  [
    'does not use its input',
    { 'plan_jorb.md': 'Plan it.' },
    /plan_jorb\.md does not use its input \{\{errand\}\}/,
  ],
  [
    'asks for what nobody gives',
    { 'brief_me.md': 'Hi {{name}}' },
    /brief_me\.md asks for \{\{name\}\}, which nobody gives/,
  ],
  ['is empty', { 'instructions.md': ' \n' }, /instructions\.md is empty/],
])('a prompt file that %s is refused when it is loaded', (_, files, sentence) => {
  expect(() => loadPrompts(makePrompts(files))).toThrow(sentence);
});

test('a missing prompt file is refused by name', () => {
  expect(() => loadPrompts(makeTestFolder())).toThrow(/instructions\.md/);
});

test('the table in prompts/README.md names every file', () => {
  const { 'README.md': table = '', ...files } = readOwn();
  const named = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
  expect(named.sort()).toEqual(Object.keys(files).sort());
});
