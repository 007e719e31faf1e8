import { posix, resolve, win32 } from 'node:path';
import type { z } from 'zod';
import { parseCommandLine } from './command-line.ts';
import type { ModelProvider } from './domain/brain.ts';
import type { Debounce } from './domain/debounce.ts';
import type { ResetLimits } from './domain/handoff.ts';
import type { SmtpSettings } from './domain/mail.ts';
import type { ConfiguredPrices, ModelLimits } from './domain/model-money.ts';
import { Refusal } from './domain/refusal.ts';
import type { Thresholds } from './domain/thresholds.ts';
import { lazy } from './lib/lazy.ts';
import type { LogLevel } from './lib/log.ts';
import type { Money } from './lib/money.ts';
import { findNearest } from './lib/nearest.ts';
import { err, ok, type Result } from './lib/result.ts';
import { shorten } from './lib/text.ts';
import { findTimeZone } from './lib/zone.ts';
import type { ConfirmMode } from './runtime/owner/context.ts';
import { defaultDigestCron, mailAddress, settings } from './settings.ts';

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
  thinking: Thinking;
  /** The same settings for another provider than theirs, or what it lacks. */
  chooseThinking(provider: Thinking['provider']): Result<Thinking, Refusal>;
  thresholds: Thresholds;
  debounce: Debounce;
  /** Null: digests are written to the data folder, and nothing else is mailed. */
  smtp: SmtpSettings | null;
  /** Five fields, in the owner's time zone; null: no digests. */
  digestCron: string | null;
  /** Whether a digest in which nothing happened is sent too. */
  sendsEmptyDigests: boolean;
  contextReset: ResetLimits;
  /** Absolute. */
  progressLog: string;
  logLevel: LogLevel;
  /** Empty: serve MCP on stdin and stdout. */
  command: string;
  args: string[];
};

/** Who thinks. `rules` needs nothing. */
export type Thinking = { provider: 'rules' } | ModelThinking;

export type ModelThinking = {
  provider: ModelProvider;
  /** Empty where a local server wants none. */
  apiKey: string;
  /** Undefined: the provider's own. */
  baseUrl: string | undefined;
  agentModel: string;
  routerModel: string;
  /** What the owner says that models cost, by their exact names. */
  prices: ConfiguredPrices;
  limits: ModelLimits;
  /** How long one answer may take. */
  timeoutMs: number;
  /** How long a model may be down before the rules take over what they can. */
  fallbackMs: number;
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
  const chooseThinking = (provider: Thinking['provider']) => readThinking(provider, values);
  const thinking = chooseThinking(values.LLM_PROVIDER);
  if (!thinking.ok) return thinking;
  if (values.AGENT_REQUIRE_APPROVAL_THRESHOLD > values.AGENT_AUTO_EXECUTE_THRESHOLD) {
    const name = 'AGENT_REQUIRE_APPROVAL_THRESHOLD';
    return err(new Refusal('invalid', `${name} must not be above AGENT_AUTO_EXECUTE_THRESHOLD`, name));
  }
  const smtp = readSmtp(values);
  if (!smtp.ok) return smtp;
  const folder = placeDataDir(dataDir ?? values.JORBS_DATA_DIR, isHelp ? {} : env, facts);
  const zone = lazy(() => values.JORBS_TIME_ZONE ?? systemTimeZone());
  return ok({
    dataDir: folder,
    packageRoot: facts.packageRoot,
    version: facts.version,
    confirm: values.JORBS_CONFIRM,
    // Asked of the system by who needs it: that takes longer than reading everything else.
    get timeZone() {
      return zone();
    },
    spendLimit: values.AGENT_SPEND_LIMIT,
    thinking: thinking.value,
    chooseThinking,
    thresholds: {
      autoExecute: values.AGENT_AUTO_EXECUTE_THRESHOLD,
      requireApproval: values.AGENT_REQUIRE_APPROVAL_THRESHOLD,
    },
    // A host answers what it was asked: there is nothing to wait for.
    debounce: { loopback: values.DEBOUNCE_LOOPBACK_SECONDS, web: 0 },
    smtp: smtp.value,
    digestCron: values.DIGEST_CRON === 'off' ? null : values.DIGEST_CRON,
    sendsEmptyDigests: values.DIGEST_WHEN_EMPTY === 'send',
    contextReset: { days: values.CONTEXT_RESET_DAYS, tokens: values.CONTEXT_RESET_TOKENS },
    progressLog: placeFile(
      values.JORBS_PROGRESS_LOG ?? pathsOf(facts.platform).join(folder, 'jorbs_progress.txt'),
      facts,
    ),
    logLevel: values.JORBS_LOG_LEVEL,
    command,
    args,
  });
}

/** What a brain needs is asked for by name when it is chosen, and ignored when it is not. */
function readThinking(
  provider: Thinking['provider'],
  values: z.output<typeof settings>,
): Result<Thinking, Refusal> {
  const { LLM_API_KEY, LLM_BASE_URL, AGENT_MODEL, ROUTER_MODEL } = values;
  if (provider === 'rules') return ok({ provider });
  const missing = (name: string, what: string) =>
    err(new Refusal('invalid', `${name} is not set; the brain "${provider}" needs ${what}`, name));
  if (provider === 'local' && !LLM_BASE_URL) {
    return missing('LLM_BASE_URL', 'the address of the server, such as http://localhost:11434/v1');
  }
  if (provider !== 'local' && !LLM_API_KEY) return missing('LLM_API_KEY', 'your key');
  if (!AGENT_MODEL) return missing('AGENT_MODEL', 'the exact name of a model');
  return ok({
    provider,
    apiKey: LLM_API_KEY ?? '',
    baseUrl: LLM_BASE_URL,
    agentModel: AGENT_MODEL,
    routerModel: ROUTER_MODEL ?? AGENT_MODEL,
    prices: values.MODEL_PRICES ?? {},
    limits: { dayMicros: values.MODEL_SPEND_LIMIT_DAY, jorbMicros: values.MODEL_SPEND_LIMIT_JORB },
    timeoutMs: values.LLM_TIMEOUT_SECONDS,
    fallbackMs: values.LLM_FALLBACK_MINUTES,
  });
}

/** Mail needs a server and the owner's address; an address alone waits for a server. */
function readSmtp(values: z.output<typeof settings>): Result<SmtpSettings | null, Refusal> {
  const { SMTP_HOST: host, SMTP_USER: user, SMTP_PASSWORD: password, DIGEST_EMAIL_TO: to } = values;
  if (!host) return ok(null);
  const missing = (name: string, what: string) =>
    err(new Refusal('invalid', `${name} is not set; to send mail by ${host} it must be ${what}`, name));
  if (!to) return missing('DIGEST_EMAIL_TO', 'your email address');
  if (user && !password) return missing('SMTP_PASSWORD', 'the password of SMTP_USER');
  if (password && !user) return missing('SMTP_USER', 'the user that SMTP_PASSWORD belongs to');
  const from = values.SMTP_FROM ?? (user && mailAddress.safeParse(user).data);
  if (!from) return missing('SMTP_FROM', 'the address to send from');
  const login = user && password ? { user, password } : null;
  return ok({ host, port: values.SMTP_PORT, login, from, to });
}

/**
 * What `parseConfig` leaves open, since it takes a library that a start should not pay for: whether the owner's own
 * time of digests can be read.
 */
export async function checkDigestCron({
  digestCron,
}: Pick<Config, 'digestCron'>): Promise<Result<void, Refusal>> {
  if (digestCron === null || digestCron === defaultDigestCron) return ok(undefined);
  const { parseCron } = await import('./lib/cron.ts');
  const read = parseCron(digestCron);
  if (read.ok) return ok(undefined);
  const name = 'DIGEST_CRON';
  const given = JSON.stringify(shorten(digestCron, 60));
  const right = `five fields such as "${defaultDigestCron}", or off`;
  return err(new Refusal('invalid', `${name} is ${given}: ${read.error}; it must be ${right}`, name));
}

/** One sentence for each variable that looks like a setting of ours and is none. */
export function listUnknownSettings(env: Environment): string[] {
  const known = Object.keys(settings.shape);
  return Object.keys(env)
    .filter(
      (name) =>
        /^(JORBS|AGENT|ROUTER|MODEL|LLM|DEBOUNCE|DIGEST|CONTEXT|SMTP)_/i.test(name) && !known.includes(name),
    )
    .sort()
    .map((name) => {
      const nearest = findNearest(name.toUpperCase(), known);
      return `${name} is not a setting of this version and was ignored; the nearest is ${nearest}`;
    });
}

/** Absolute; `~` is the user's home. */
function placeFile(chosen: string, { home, platform }: ConfigFacts): string {
  const { join, isAbsolute } = pathsOf(platform);
  const inHome = /^~(?:[/\\](.*))?$/.exec(chosen);
  if (inHome) return join(home, inHome[1] ?? '');
  return isAbsolute(chosen) ? chosen : resolve(chosen);
}

function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

function placeDataDir(chosen: string | undefined, env: Environment, facts: ConfigFacts): string {
  const { home, isCheckout, packageRoot, platform } = facts;
  const { join, isAbsolute } = pathsOf(platform);
  if (chosen !== undefined) return placeFile(chosen, facts);
  if (isCheckout) return join(packageRoot, 'data');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'jorbs');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'jorbs');
  const shared = env.XDG_DATA_HOME;
  return join(shared && isAbsolute(shared) ? shared : join(home, '.local', 'share'), 'jorbs');
}

/** Never repeated, however wrong. */
const secrets = new Set(['LLM_API_KEY', 'SMTP_PASSWORD']);

function describeIssue(issue: z.core.$ZodIssue | undefined, named: Environment): Refusal {
  const name = String(issue?.path[0] ?? 'the configuration');
  // What stands before an @ may be a login; in an address of mail it is none.
  const login = name === 'SMTP_HOST' ? /^.*@/s : /(?<=\/\/).*@/s;
  const given = (named[name] ?? '').replace(login, '…@');
  const value = secrets.has(name) ? 'wrong' : JSON.stringify(shorten(given, 60));
  return new Refusal('invalid', `${name} is ${value}; it must be ${issue?.message}`, name);
}

/** Some containers have none. */
function systemTimeZone(): string {
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name !== undefined && findTimeZone(name) !== undefined ? name : 'UTC';
}
