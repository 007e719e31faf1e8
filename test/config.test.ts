import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Config, type ConfigFacts, listUnknownSettings, parseConfig } from '../src/config.ts';

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
    debounce: { loopback: 2000 },
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
  ['DEBOUNCE_LOOPBACK_SECONDS', '0', { debounce: { loopback: 0 } }],
  ['DEBOUNCE_LOOPBACK_SECONDS', '0.25', { debounce: { loopback: 250 } }],
  ['DEBOUNCE_LOOPBACK_SECONDS', '3600', { debounce: { loopback: 3_600_000 } }],
  ['LLM_PROVIDER', 'rules', {}],
])('reads %s=%s', (name, value, expected) => {
  expect(read([], { [name]: value })).toMatchObject(expected);
});

test.each<[string, string, string]>([
  ['JORBS_CONFIRM', 'yes', 'one of human, strict or host'],
  ['JORBS_TIME_ZONE', 'Mars/Olympus', 'an IANA time zone such as Europe/Berlin'],
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
  ['LLM_PROVIDER', 'openai', '"rules", the only brain of this version'],
])('refuses %s=%s and says what would be right', (name, value, right) => {
  expect(refusal([], { [name]: value })).toBe(`${name} is ${JSON.stringify(value)}; it must be ${right}`);
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
