import { posix, resolve, win32 } from 'node:path';
import { z } from 'zod';
import type { Debounce } from './domain/debounce.ts';
import { Refusal } from './domain/refusal.ts';
import { secondMs } from './lib/duration.ts';
import { lazy } from './lib/lazy.ts';
import { type LogLevel, logLevels } from './lib/log.ts';
import { type Money, parseAmount } from './lib/money.ts';
import { findNearest } from './lib/nearest.ts';
import { err, ok, type Result } from './lib/result.ts';
import { shorten } from './lib/text.ts';
import { type ConfirmMode, confirmModes } from './runtime/owner/context.ts';

export type Config = {
  /** Absolute. */
  dataDir: string;
  /** Where `drizzle/` and `prompts/` are. */
  packageRoot: string;
  version: string;
  confirm: ConfirmMode;
  /** The owner's, IANA name. */
  timeZone: string;
  /** What may be spent without approval. */
  spendLimit: Money;
  debounce: Debounce;
  logLevel: LogLevel;
  /** Empty: serve MCP on stdin and stdout. */
  command: string;
  args: string[];
};

export type Environment = Record<string, string | undefined>;

/** What the process knows about itself. */
export type ConfigFacts = {
  packageRoot: string;
  version: string;
  home: string;
  platform: NodeJS.Platform;
  /** Run from a source tree: data is kept in it. */
  isCheckout: boolean;
};

const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin');
const spendLimit = z.string().transform((text, context) => {
  const [, amount = '', currency = 'USD'] = /^(\S+)(?: +(\S+))?$/.exec(text) ?? [];
  const money = parseAmount(amount, currency);
  if (money.ok) return money.value;
  context.addIssue('an amount such as 100.00, or with a currency 100.00 EUR');
  return z.NEVER;
});
const seconds = z
  .string()
  .regex(/^\d+(\.\d{1,3})?$/, 'a number of seconds from 0 to 3600 such as 2 or 0.5')
  .transform((text) => Math.round(Number(text) * secondMs))
  .refine((ms) => ms <= 3600 * secondMs, 'a number of seconds from 0 to 3600 such as 2 or 0.5');

/** Every setting there is. A message says what would be right. */
const settings = z.object({
  JORBS_DATA_DIR: z
    .string()
    .refine((path) => !path.includes('\0'), 'the path of a folder')
    .optional(),
  JORBS_CONFIRM: z.enum(confirmModes, listWords(confirmModes)).default('human'),
  JORBS_TIME_ZONE: timeZone.optional(),
  JORBS_LOG_LEVEL: z.enum(logLevels, listWords(logLevels)).default('warn'),
  AGENT_SPEND_LIMIT: spendLimit.default({ minor: 100_00, currency: 'USD' }),
  DEBOUNCE_LOOPBACK_SECONDS: seconds.default(2 * secondMs),
  LLM_PROVIDER: z.literal('rules', '"rules", the only brain of this version').default('rules'),
});

/**
 * Reads the command line and the environment. Everything wrong is refused with a sentence that names it;
 * a setting that is present but blank counts as absent. Asking for help or the version always works.
 */
export function parseConfig(argv: string[], env: Environment, facts: ConfigFacts): Result<Config, Refusal> {
  const line = parseCommandLine(argv);
  if (!line.ok) return line;
  const { command, args, dataDir } = line.value;
  const isHelp = ['--help', '-h', '--version', '-v'].includes(command);
  const present = Object.entries(isHelp ? {} : env).filter(([, value]) => value?.trim());
  const named = Object.fromEntries(present.map(([name, value]) => [name, value?.trim()]));
  const read = settings.safeParse(named);
  if (!read.success) return err(describeIssue(read.error.issues[0], named));
  const values = read.data;
  const zone = lazy(() => values.JORBS_TIME_ZONE ?? systemTimeZone());
  return ok({
    dataDir: placeDataDir(dataDir ?? values.JORBS_DATA_DIR, isHelp ? {} : env, facts),
    packageRoot: facts.packageRoot,
    version: facts.version,
    confirm: values.JORBS_CONFIRM,
    // Asked of the system by who needs it: that takes longer than reading everything else.
    get timeZone() {
      return zone();
    },
    spendLimit: values.AGENT_SPEND_LIMIT,
    debounce: { loopback: values.DEBOUNCE_LOOPBACK_SECONDS },
    logLevel: values.JORBS_LOG_LEVEL,
    command,
    args,
  });
}

/** One sentence for each variable that looks like a setting of ours and is none. */
export function listUnknownSettings(env: Environment): string[] {
  const known = Object.keys(settings.shape);
  return Object.keys(env)
    .filter((name) => /^(JORBS|AGENT|DEBOUNCE)_/i.test(name) && !known.includes(name))
    .sort()
    .map((name) => {
      const nearest = findNearest(name.toUpperCase(), known);
      return `${name} is not a setting of this version and was ignored; the nearest is ${nearest}`;
    });
}

type CommandLine = { command: string; args: string[]; dataDir: string | undefined };

/** `--data-dir` may stand before or after the command; everything else after it belongs to it. */
function parseCommandLine(argv: string[]): Result<CommandLine, Refusal> {
  const rest = [...argv];
  let dataDir: string | undefined;
  let command = '';
  const args: string[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (command && word === '--') {
      args.push(word, ...rest.splice(0));
    } else if (word === '--data-dir' || word.startsWith('--data-dir=')) {
      dataDir = word === '--data-dir' ? rest.shift() : word.slice('--data-dir='.length);
      if (!dataDir || dataDir.includes('\0')) {
        return err(new Refusal('invalid', '--data-dir needs the path of a folder', '--data-dir'));
      }
    } else if (command) {
      args.push(word);
    } else if (['--help', '-h', '--version', '-v'].includes(word) || !word.startsWith('-')) {
      command = word;
    } else {
      const sentence = `there is no option ${JSON.stringify(word)}; "jorbs --help" lists what there is`;
      return err(new Refusal('invalid', sentence));
    }
  }
  return ok({ command, args, dataDir });
}

function placeDataDir(chosen: string | undefined, env: Environment, facts: ConfigFacts): string {
  const { home, isCheckout, packageRoot, platform } = facts;
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  if (chosen !== undefined) {
    const inHome = /^~(?:[/\\](.*))?$/.exec(chosen);
    if (inHome) return join(home, inHome[1] ?? '');
    return isAbsolute(chosen) ? chosen : resolve(chosen);
  }
  if (isCheckout) return join(packageRoot, 'data');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'jorbs');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'jorbs');
  const shared = env.XDG_DATA_HOME;
  return join(shared && isAbsolute(shared) ? shared : join(home, '.local', 'share'), 'jorbs');
}

function describeIssue(issue: z.core.$ZodIssue | undefined, named: Environment): Refusal {
  const name = String(issue?.path[0] ?? 'the configuration');
  const value = JSON.stringify(shorten(named[name] ?? '', 60));
  return new Refusal('invalid', `${name} is ${value}; it must be ${issue?.message}`, name);
}

function listWords(words: readonly string[]): string {
  return `one of ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Some containers have none. */
function systemTimeZone(): string {
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name !== undefined && isTimeZone(name) ? name : 'UTC';
}
