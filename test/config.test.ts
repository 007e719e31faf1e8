import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Config,
  type ConfigFacts,
  checkDigestCron,
  listUnknownSettings,
  parseConfig,
} from '../src/config.ts';

const facts: ConfigFacts = {
  packageRoot: '/opt/jorbs',
  version: '1.2.3',
  home: '/home/ana',
  platform: 'linux',
  isCheckout: false,
};

function read(argv: string[], env: Record<string, string> = {}, others: Partial<ConfigFacts> = {}): Config {
  const parsed = parseConfig(argv, env, { ...facts, ...others });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

function refusal(argv: string[], env: Record<string, string> = {}): string {
  const parsed = parseConfig(argv, env, facts);
  return parsed.ok ? 'accepted' : parsed.error.message;
}

test('needs nothing', () => {
  expect(read([])).toEqual({
    dataDir: '/home/ana/.local/share/jorbs',
    packageRoot: '/opt/jorbs',
    version: '1.2.3',
    confirm: 'human',
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    spendLimit: { minor: 10_000, currency: 'USD' },
    thinking: { provider: 'rules' },
    chooseThinking: expect.any(Function),
    thresholds: { autoExecute: 0.85, requireApproval: 0.5 },
    debounce: { loopback: 2000, web: 0 },
    smtp: null,
    digestCron: '0 8 * * *',
    sendsEmptyDigests: false,
    contextReset: { days: 3, tokens: 12_000 },
    progressLog: '/home/ana/.local/share/jorbs/jorbs_progress.txt',
    logLevel: 'warn',
    command: '',
    args: [],
  });
});

test.each<[string, Record<string, string>, Partial<ConfigFacts>, string]>([
  ['a checkout', {}, { isCheckout: true }, '/opt/jorbs/data'],
  ['Linux', {}, {}, '/home/ana/.local/share/jorbs'],
  ['Linux with XDG', { XDG_DATA_HOME: '/mnt/share' }, {}, '/mnt/share/jorbs'],
  ['Linux with a relative XDG', { XDG_DATA_HOME: 'share' }, {}, '/home/ana/.local/share/jorbs'],
  ['a Mac', {}, { platform: 'darwin' }, '/home/ana/Library/Application Support/jorbs'],
  [
    'Windows',
    { LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' },
    { platform: 'win32', home: 'C:\\Users\\ana' },
    'C:\\Users\\ana\\AppData\\Local\\jorbs',
  ],
  ['an absolute path', { JORBS_DATA_DIR: '/srv/jorbs' }, {}, '/srv/jorbs'],
  ['a path in the home folder', { JORBS_DATA_DIR: '~/errands' }, {}, '/home/ana/errands'],
  ['a relative path', { JORBS_DATA_DIR: 'errands' }, { isCheckout: true }, resolve('errands')],
  ['a blank', { JORBS_DATA_DIR: ' ' }, { isCheckout: true }, '/opt/jorbs/data'],
])('keeps its data at the right place: %s', (_, env, others, dataDir) => {
  expect(read([], env, others).dataDir).toBe(dataDir);
});

test.each<[string, string, Partial<Config>]>([
  ['JORBS_CONFIRM', 'strict', { confirm: 'strict' }],
  ['JORBS_CONFIRM', ' host ', { confirm: 'host' }],
  ['JORBS_CONFIRM', '', { confirm: 'human' }],
  ['JORBS_TIME_ZONE', 'Asia/Tokyo', { timeZone: 'Asia/Tokyo' }],
  ['JORBS_LOG_LEVEL', 'debug', { logLevel: 'debug' }],
  ['AGENT_SPEND_LIMIT', '0', { spendLimit: { minor: 0, currency: 'USD' } }],
  ['AGENT_SPEND_LIMIT', '250', { spendLimit: { minor: 25_000, currency: 'USD' } }],
  ['AGENT_SPEND_LIMIT', '80.50 EUR', { spendLimit: { minor: 8050, currency: 'EUR' } }],
  ['AGENT_SPEND_LIMIT', '5000 JPY', { spendLimit: { minor: 5000, currency: 'JPY' } }],
  ['DEBOUNCE_LOOPBACK_SECONDS', '0', { debounce: { loopback: 0, web: 0 } }],
  ['DEBOUNCE_LOOPBACK_SECONDS', '0.25', { debounce: { loopback: 250, web: 0 } }],
  ['DEBOUNCE_LOOPBACK_SECONDS', '3600', { debounce: { loopback: 3_600_000, web: 0 } }],
  ['DIGEST_CRON', '30 7 * * 1-5', { digestCron: '30 7 * * 1-5' }],
  ['DIGEST_CRON', ' 0  8 * * * ', { digestCron: '0 8 * * *' }],
  ['DIGEST_CRON', 'off', { digestCron: null }],
  ['DIGEST_WHEN_EMPTY', 'send', { sendsEmptyDigests: true }],
  ['DIGEST_WHEN_EMPTY', 'skip', { sendsEmptyDigests: false }],
  // An address waits for a server.
  ['DIGEST_EMAIL_TO', 'ana@example.com', { smtp: null }],
  ['CONTEXT_RESET_DAYS', '1', { contextReset: { days: 1, tokens: 12_000 } }],
  ['CONTEXT_RESET_DAYS', '60', { contextReset: { days: 60, tokens: 12_000 } }],
  ['CONTEXT_RESET_TOKENS', '1000', { contextReset: { days: 3, tokens: 1000 } }],
  ['CONTEXT_RESET_TOKENS', '1000000', { contextReset: { days: 3, tokens: 1_000_000 } }],
  ['JORBS_PROGRESS_LOG', '/srv/log.md', { progressLog: '/srv/log.md' }],
  ['JORBS_PROGRESS_LOG', '~/log.md', { progressLog: '/home/ana/log.md' }],
  ['JORBS_PROGRESS_LOG', 'log.md', { progressLog: resolve('log.md') }],
  ['LLM_PROVIDER', 'rules', { thinking: { provider: 'rules' } }],
  ['AGENT_AUTO_EXECUTE_THRESHOLD', '0.9', { thresholds: { autoExecute: 0.9, requireApproval: 0.5 } }],
  ['AGENT_REQUIRE_APPROVAL_THRESHOLD', '0.85', { thresholds: { autoExecute: 0.85, requireApproval: 0.85 } }],
])('reads %s=%s', (name, value, expected) => {
  expect(read([], { [name]: value })).toMatchObject(expected);
});

test.each<[string, string, string]>([
  ['JORBS_CONFIRM', 'yes', 'one of human, strict or host'],
  ...['Mars/Olympus', '+05:30', 'x'.repeat(50)].map((value): [string, string, string] => [
    'JORBS_TIME_ZONE',
    value,
    'an IANA time zone such as Europe/Berlin',
  ]),
  ['JORBS_PROGRESS_LOG', '/srv/\0log.md', 'the path of a file'],
  [
    'JORBS_PROGRESS_LOG',
    '~/.local/share/jorbs/jorbs.db',
    'the path of a file of its own, and jorbs keeps this one',
  ],
  ['JORBS_PROGRESS_LOG', 'jorbs.db-wal', 'the path of a file of its own, and jorbs keeps this one'],
  [
    'JORBS_PROGRESS_LOG',
    '/srv/jorbs/Runtime.lock',
    'the path of a file of its own, and jorbs keeps this one',
  ],
  [
    'JORBS_PROGRESS_LOG',
    '/srv/jorbs/loopback/wire.jsonl',
    'the path of a file of its own, and jorbs keeps this one',
  ],
  ['DIGEST_WHEN_EMPTY', 'yes', 'skip or send'],
  ...['ana', 'Ana <ana@example.com>', 'a@b.c, d@e.f', 'ana@', '@example.com', 'ana@ex ample.com'].map(
    (value): [string, string, string] => [
      'DIGEST_EMAIL_TO',
      value,
      'one email address such as you@example.com, without a name',
    ],
  ),
  ['SMTP_FROM', 'Jorbs', 'one email address such as you@example.com, without a name'],
  ...['smtp example', 'smtp://mail.example.com', 'mail.example.com/x'].map(
    (value): [string, string, string] => ['SMTP_HOST', value, 'the name of a host such as smtp.example.com'],
  ),
  ...['0', '65536', 'smtp', '5e2', '-25'].map((value): [string, string, string] => [
    'SMTP_PORT',
    value,
    'a port from 1 to 65535 such as 587',
  ]),
  ['SMTP_USER', 'a\nb', 'a user name'],
  ...['0', '61', '1.5', 'never', '-3'].map((value): [string, string, string] => [
    'CONTEXT_RESET_DAYS',
    value,
    'a whole number of days from 1 to 60 such as 3',
  ]),
  ...['999', '1000001', '12k', '1e5'].map((value): [string, string, string] => [
    'CONTEXT_RESET_TOKENS',
    value,
    'a whole number of tokens from 1000 to 1000000 such as 12000',
  ]),
  ['JORBS_LOG_LEVEL', 'verbose', 'one of silent, error, warn, info or debug'],
  ['JORBS_DATA_DIR', '/srv/\0jorbs', 'the path of a folder'],
  ...['-1', 'NaN', '1e3', '10.005', '$100', '1,000.00', '100 ABC', '100 EUR 5', '9999999999999'].map(
    (value): [string, string, string] => [
      'AGENT_SPEND_LIMIT',
      value,
      'an amount such as 100.00, or with a currency 100.00 EUR',
    ],
  ),
  ...['-1', '3600.001', 'soon', '1e2', 'Infinity', '0.0001'].map((value): [string, string, string] => [
    'DEBOUNCE_LOOPBACK_SECONDS',
    value,
    'a number of seconds from 0 to 3600 such as 2 or 0.5',
  ]),
  ['LLM_PROVIDER', 'gpt', 'one of rules, openai, anthropic or local'],
  ...['localhost:11434', 'ftp://models.example', 'not a url'].map((value): [string, string, string] => [
    'LLM_BASE_URL',
    value,
    'the address of an API such as http://localhost:11434/v1',
  ]),
  ['LLM_TIMEOUT_SECONDS', '1', 'a number of seconds from 5 to 3600 such as 240'],
  ['LLM_FALLBACK_MINUTES', '1.5', 'a whole number of minutes such as 30'],
  ['AGENT_MODEL', 'my model', 'the exact name of a model'],
  ['MODEL_SPEND_LIMIT_DAY', 'lots', 'an amount of US dollars such as 5.00'],
  ...['{', '[]', '{"m": {"in": 1}}', '{"m": {"in": "1", "out": 2}}', '{"m": {"in": -1, "out": 2}}'].map(
    (value): [string, string, string] => [
      'MODEL_PRICES',
      value,
      'JSON with US dollars per million tokens such as {"model-name": {"in": 1, "out": 5, "cacheRead": 0.1, "cacheWrite": 1.25}}',
    ],
  ),
  ...['1.1', '-0.1', 'high', '.5'].map((value): [string, string, string] => [
    'AGENT_AUTO_EXECUTE_THRESHOLD',
    value,
    'a number from 0 to 1 such as 0.85',
  ]),
])('refuses %s=%s and says what would be right', (name, value, right) => {
  expect(refusal([], { [name]: value })).toBe(`${name} is ${JSON.stringify(value)}; it must be ${right}`);
});

test.each([
  ['0 8 * *', 'it has 4 fields'],
  ['0 0 8 * * *', 'it has 6 fields'],
  ['@daily', 'it has one field'],
  ['0 24 * * *', 'its hour must be one number from 0 to 23'],
  ['0 8,20 * * *', 'its hour must be one number from 0 to 23'],
  ['0 8 30 2 *', 'there is no such day'],
])('refuses DIGEST_CRON=%s and says what would be right', async (value, wrong) => {
  const { digestCron } = read([], { DIGEST_CRON: value });
  expect(await checkDigestCron({ digestCron })).toMatchObject({
    ok: false,
    error: {
      field: 'DIGEST_CRON',
      message: `DIGEST_CRON is "${value}": ${wrong}; it must be five fields such as "0 8 * * *", or off`,
    },
  });
});

test.each(['30 7 * * 1-5', '0 8 * * *', 'off'])('takes DIGEST_CRON=%s', async (value) => {
  const { digestCron } = read([], { DIGEST_CRON: value });
  expect(await checkDigestCron({ digestCron })).toEqual({ ok: true, value: undefined });
});

const server = { SMTP_HOST: 'smtp.example.com', DIGEST_EMAIL_TO: 'ana@example.com' };

test.each<[Record<string, string>, Partial<Config['smtp']>]>([
  [{ SMTP_FROM: 'jorbs@example.com' }, { port: 587, login: null, from: 'jorbs@example.com' }],
  [{ SMTP_FROM: 'jorbs@example.com', SMTP_PORT: '465' }, { port: 465 }],
  [
    { SMTP_USER: 'ana@example.com', SMTP_PASSWORD: 'pw' },
    { login: { user: 'ana@example.com', password: 'pw' }, from: 'ana@example.com' },
  ],
  [
    { SMTP_USER: 'ana', SMTP_PASSWORD: 'pw', SMTP_FROM: 'jorbs@example.com' },
    { login: { user: 'ana', password: 'pw' }, from: 'jorbs@example.com' },
  ],
])('reads the way to the owner of %j', (env, smtp) => {
  expect(read([], { ...server, ...env }).smtp).toMatchObject({
    host: 'smtp.example.com',
    to: 'ana@example.com',
    ...smtp,
  });
});

test.each<[Record<string, string>, string]>([
  [
    { DIGEST_EMAIL_TO: '' },
    'DIGEST_EMAIL_TO is not set; to send mail by smtp.example.com it must be your email address',
  ],
  [{}, 'SMTP_FROM is not set; to send mail by smtp.example.com it must be the address to send from'],
  [
    { SMTP_USER: 'ana', SMTP_PASSWORD: 'pw' },
    'SMTP_FROM is not set; to send mail by smtp.example.com it must be the address to send from',
  ],
  [
    { SMTP_USER: 'ana@example.com' },
    'SMTP_PASSWORD is not set; to send mail by smtp.example.com it must be the password of SMTP_USER',
  ],
  [
    { SMTP_PASSWORD: 'pw' },
    'SMTP_USER is not set; to send mail by smtp.example.com it must be the user that SMTP_PASSWORD belongs to',
  ],
])('says what a mail server with %j lacks', (env, sentence) => {
  expect(refusal([], { ...server, ...env })).toBe(sentence);
});

test('never repeats a password that it refuses', () => {
  const sentence = refusal([], { ...server, SMTP_USER: 'ana', SMTP_PASSWORD: 'secret\u0007' });
  expect(sentence).toBe('SMTP_PASSWORD is wrong; it must be a password');
});

const openai = { LLM_PROVIDER: 'openai', LLM_API_KEY: 'sk-1', AGENT_MODEL: 'gpt-6-luna' };

test('reads all that a brain with a model needs', () => {
  const others = {
    ROUTER_MODEL: 'gpt-6-small',
    LLM_TIMEOUT_SECONDS: '60',
    LLM_FALLBACK_MINUTES: '10',
    MODEL_PRICES: '{"gpt-6-small": {"in": 0.1, "out": 0.4, "cacheRead": 0.01}}',
    MODEL_SPEND_LIMIT_DAY: '2.50',
    MODEL_SPEND_LIMIT_JORB: '0.75',
  };
  expect(read([], { ...openai, ...others }).thinking).toEqual({
    provider: 'openai',
    apiKey: 'sk-1',
    baseUrl: undefined,
    agentModel: 'gpt-6-luna',
    routerModel: 'gpt-6-small',
    prices: { 'gpt-6-small': { in: 0.1, out: 0.4, cacheRead: 0.01, cacheWrite: 0.1 } },
    limits: { dayMicros: 2_500_000, jorbMicros: 750_000 },
    timeoutMs: 60_000,
    fallbackMs: 600_000,
  });
  expect(read([], openai).thinking).toMatchObject({
    routerModel: 'gpt-6-luna',
    limits: { dayMicros: 10_000_000, jorbMicros: 5_000_000 },
  });
});

test.each([
  [{ LLM_PROVIDER: 'openai', AGENT_MODEL: 'm' }, 'LLM_API_KEY is not set; the brain "openai" needs your key'],
  [
    { LLM_PROVIDER: 'anthropic', LLM_API_KEY: 'k' },
    'AGENT_MODEL is not set; the brain "anthropic" needs the exact name of a model',
  ],
  [
    { LLM_PROVIDER: 'local', AGENT_MODEL: 'm' },
    'LLM_BASE_URL is not set; the brain "local" needs the address of the server, such as http://localhost:11434/v1',
  ],
  [
    { AGENT_REQUIRE_APPROVAL_THRESHOLD: '0.9' },
    'AGENT_REQUIRE_APPROVAL_THRESHOLD must not be above AGENT_AUTO_EXECUTE_THRESHOLD',
  ],
])('says what %j lacks', (env, sentence) => {
  expect(refusal([], env)).toBe(sentence);
});

test('wants no key for a local server', () => {
  const env = { LLM_PROVIDER: 'local', LLM_BASE_URL: 'http://localhost:1/v1', AGENT_MODEL: 'm' };
  expect(read([], env).thinking).toMatchObject({ apiKey: '', baseUrl: 'http://localhost:1/v1' });
});

test('can be asked for another brain than that of the environment', () => {
  expect(read([], { ...openai, LLM_PROVIDER: 'rules' }).chooseThinking('openai')).toMatchObject({
    ok: true,
    value: { provider: 'openai', apiKey: 'sk-1' },
  });
  expect(read([]).chooseThinking('anthropic')).toMatchObject({ ok: false, error: { field: 'LLM_API_KEY' } });
});

test.each([
  'http://me:secret@models.example/v1',
  'http://secret@models.example',
  'ftp://me:secret@models.example',
  'http://me:se/secret@models.example',
])('never repeats what stands before the @ of %s', (address) => {
  const sentence = refusal([], { LLM_BASE_URL: address });
  expect(sentence).toMatch(/^LLM_BASE_URL is "(http|ftp):\/\/…@models\.example/);
  expect(sentence).not.toContain('secret');
});

test('never repeats a key that it refuses', () => {
  expect(refusal([], { LLM_API_KEY: 'sk-secret but broken' })).not.toContain('sk-secret');
});

test('shortens a wrong value that is long', () => {
  expect(refusal([], { JORBS_CONFIRM: 'x'.repeat(10_000) }).length).toBeLessThan(150);
});

test.each<[string[], string, string[]]>([
  [['list'], 'list', []],
  [['show', 'jorb_1', '--json'], 'show', ['jorb_1', '--json']],
  [['inject', '--text', 'hi', '--data-dir', '/x'], 'inject', ['--text', 'hi']],
  [['inject', '--', '--data-dir', '/x'], 'inject', ['--', '--data-dir', '/x']],
  [['--help'], '--help', []],
  [['--version'], '--version', []],
  [['show', '--help'], 'show', ['--help']],
])('takes the command out of %j', (argv, command, args) => {
  expect(read(argv)).toMatchObject({ command, args });
});

test.each([
  [['--data-dir', '/srv/a', 'list']],
  [['list', '--data-dir', '/srv/a']],
  [['list', '--data-dir=/srv/a']],
])('prefers the folder of the command line %j to that of the environment', (argv) => {
  expect(read(argv, { JORBS_DATA_DIR: '/srv/b' }).dataDir).toBe('/srv/a');
});

test.each([
  [['--data-dir'], '--data-dir needs the path of a folder'],
  [['--data-dir='], '--data-dir needs the path of a folder'],
  [['--frobnicate'], 'there is no option "--frobnicate"; "jorbs --help" lists what there is'],
  [['--'], 'there is no option "--"; "jorbs --help" lists what there is'],
])('refuses the command line %j', (argv, sentence) => {
  expect(refusal(argv)).toBe(sentence);
});

test('gives help and version whatever the environment holds', () => {
  const env = { JORBS_CONFIRM: 'nonsense' };
  expect([read(['--help'], env).command, read(['--version'], env).command]).toEqual(['--help', '--version']);
});

test('names the nearest setting for one that it does not know', () => {
  const env = {
    JORBS_DATADIR: '/x',
    AGENT_SPENDLIMIT: '5',
    DEBOUNCE_SMS_SECONDS: '1',
    JORBS_CONFIRM: 'host',
    PATH: join('/'),
  };
  expect(listUnknownSettings(env)).toEqual([
    'AGENT_SPENDLIMIT is not a setting of this version and was ignored; the nearest is AGENT_SPEND_LIMIT',
    'DEBOUNCE_SMS_SECONDS is not a setting of this version and was ignored; the nearest is DEBOUNCE_LOOPBACK_SECONDS',
    'JORBS_DATADIR is not a setting of this version and was ignored; the nearest is JORBS_DATA_DIR',
  ]);
});

test('a login that stands in the name of a mail server is not repeated', () => {
  const read = parseConfig([], { ...server, SMTP_HOST: 'ana:s3cret@smtp.example.com' }, facts);
  expect(read.ok || read.error.message).toBe(
    'SMTP_HOST is "…@smtp.example.com"; it must be the name of a host such as smtp.example.com',
  );
});
