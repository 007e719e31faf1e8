import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../support/config.ts';
import { makeTestFolder } from '../support/folder.ts';

vi.setConfig({ testTimeout: 60_000 });

type Ended = { code: number; stdout: string; stderr: string };

/** The real program with this environment and no more of this machine's than where programs are; nobody types. */
async function run(args: string[], env: Record<string, string>): Promise<Ended> {
  const given = ['--data-dir', makeTestFolder(), ...args];
  const child = spawn(process.execPath, [join(packageRoot, 'src/main.ts'), ...given], {
    cwd: makeTestFolder(),
    env: { PATH: process.env.PATH ?? '', HOME: makeTestFolder(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}).end();
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const openai = { LLM_PROVIDER: 'openai', LLM_API_KEY: 'sk-secret-0123456789', AGENT_MODEL: 'gpt-6-mine' };
const prices = '{"gpt-6-mine": {"in": 1, "out": 5}}';

const wrong: [string, Record<string, string>, string][] = [
  [
    'no key',
    { LLM_PROVIDER: 'openai', AGENT_MODEL: 'm' },
    'LLM_API_KEY is not set; the brain "openai" needs your key',
  ],
  [
    'no model',
    { LLM_PROVIDER: 'anthropic', LLM_API_KEY: 'sk-secret-0123456789' },
    'AGENT_MODEL is not set; the brain "anthropic" needs the exact name of a model',
  ],
  [
    'no address',
    { LLM_PROVIDER: 'local', AGENT_MODEL: 'm' },
    'LLM_BASE_URL is not set; the brain "local" needs the address of the server, such as http://localhost:11434/v1',
  ],
  [
    'an address that is none',
    { ...openai, LLM_BASE_URL: 'localhost:11434' },
    'LLM_BASE_URL is "localhost:11434"; it must be the address of an API such as http://localhost:11434/v1',
  ],
  [
    'an address with a password',
    { ...openai, LLM_BASE_URL: 'https://me:sk-secret-0123456789@models.example/v1' },
    'LLM_BASE_URL is "https://…@models.example/v1"; it must be an address without a user name and a password, since a key belongs into LLM_API_KEY',
  ],
  [
    'a model without a price',
    openai,
    'the price of gpt-6-mine is not known; set MODEL_PRICES to what it costs in US dollars per million tokens, such as {"gpt-6-mine":{"in":1,"out":5,"cacheRead":0.1,"cacheWrite":1.25}}',
  ],
  [
    'a price for the agent alone',
    { ...openai, ROUTER_MODEL: 'gpt-6-other', MODEL_PRICES: prices },
    'the price of gpt-6-other is not known; set MODEL_PRICES to what it costs in US dollars per million tokens, such as {"gpt-6-other":{"in":1,"out":5,"cacheRead":0.1,"cacheWrite":1.25}}',
  ],
  [
    'prices that are none',
    { ...openai, MODEL_PRICES: '{"gpt-6-mine": 5}' },
    'MODEL_PRICES is "{\\"gpt-6-mine\\": 5}"; it must be JSON with US dollars per million tokens such as {"model-name": {"in": 1, "out": 5, "cacheRead": 0.1, "cacheWrite": 1.25}}',
  ],
  [
    'a time for digests that comes twice a day',
    { DIGEST_CRON: '0 8,20 * * *' },
    'DIGEST_CRON is "0 8,20 * * *": its hour must be one number from 0 to 23; it must be five fields such as "0 8 * * *", or off',
  ],
  [
    'a password without its user',
    { SMTP_HOST: 'smtp.example.com', DIGEST_EMAIL_TO: 'ana@example.com', SMTP_PASSWORD: 'sk-secret' },
    'SMTP_USER is not set; to send mail by smtp.example.com it must be the user that SMTP_PASSWORD belongs to',
  ],
];

describe.each([
  ['a command', ['status']],
  ['serving MCP', []],
])('%s ends with one sentence on stderr and the exit code 2, given', (_, args) => {
  test.each(wrong)('%s', async (__, env, sentence) => {
    expect(await run(args, env)).toEqual({ code: 2, stdout: '', stderr: `jorbs: ${sentence}\n` });
    expect(sentence).not.toContain('sk-secret');
  });
});

test('a key that is wrong is no reason not to start, since only the provider can tell', async () => {
  const { code, stdout, stderr } = await run(['status'], { ...openai, MODEL_PRICES: prices });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('openai (gpt-6-mine)');
  expect(stdout).not.toContain('sk-secret');
});
