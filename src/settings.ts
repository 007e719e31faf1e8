import { z } from 'zod';
import { modelProviders } from './domain/brain.ts';
import { parsePrices } from './domain/model-money.ts';
import { defaultThresholds } from './domain/thresholds.ts';
import { hourMs, minuteMs, secondMs } from './lib/duration.ts';
import { logLevels } from './lib/log.ts';
import { parseAmount } from './lib/money.ts';
import { findTimeZone } from './lib/zone.ts';
import { confirmModes } from './runtime/owner/context.ts';

/** What is done about a digest of a day on which nothing happened. */
const emptyDigests = ['skip', 'send'] as const;
const providers = ['rules', ...modelProviders] as const;
const timeZone = z
  .string()
  .refine((name) => findTimeZone(name) !== undefined, 'an IANA time zone such as Europe/Berlin');
export const defaultDigestCron = '0 8 * * *';
const spendLimit = z.string().transform((text, context) => {
  const [, amount = '', currency = 'USD'] = /^(\S+)(?: +(\S+))?$/.exec(text) ?? [];
  const money = parseAmount(amount, currency);
  if (money.ok) return money.value;
  context.addIssue('an amount such as 100.00, or with a currency 100.00 EUR');
  return z.NEVER;
});
const aSilence = 'a number of seconds from 0 to 3600 such as 2 or 0.5';
const silence = z
  .string()
  .regex(/^\d+(\.\d{1,3})?$/, aSilence)
  .transform((text) => Math.round(Number(text) * secondMs))
  .refine((ms) => ms <= hourMs, aSilence);
const aPatience = 'a number of seconds from 5 to 3600 such as 240';
const patience = z
  .string()
  .regex(/^\d{1,4}$/, aPatience)
  .transform((text) => Number(text) * secondMs)
  .refine((ms) => ms >= 5 * secondMs && ms <= hourMs, aPatience);
const minutes = z
  .string()
  .regex(/^\d{1,5}$/, 'a whole number of minutes such as 30')
  .transform((text) => Number(text) * minuteMs);
const modelName = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'the exact name of a model');
const share = z
  .string()
  .regex(/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/, 'a number from 0 to 1 such as 0.85')
  .transform(Number);
/** Whole micro-dollars. */
const dollars = z.string().transform((text, context) => {
  const money = parseAmount(text, 'USD');
  if (money.ok) return money.value.minor * 10_000;
  context.addIssue('an amount of US dollars such as 5.00');
  return z.NEVER;
});
const baseUrl = z
  .string()
  .refine(isHttpUrl, { message: 'the address of an API such as http://localhost:11434/v1', abort: true })
  .refine(
    holdsNoLogin,
    'an address without a user name and a password, since a key belongs into LLM_API_KEY',
  );
const prices = z.string().transform((text, context) => {
  const read = parsePrices(text);
  if (read.ok) return read.value;
  context.addIssue(read.error);
  return z.NEVER;
});

const pathOf = (what: string) => z.string().refine((text) => !text.includes('\0'), `the path of a ${what}`);
/** To open one of these a second time, even to look, would drop the locks that this process holds on it. */
const ownFile = /(^|[/\\])(jorbs\.db|runtime\.|wire\.jsonl)[^/\\]*$/i;
const ownersFile = pathOf('file').refine(
  (text) => !ownFile.test(text),
  'the path of a file of its own, and jorbs keeps this one',
);
const days = z
  .string()
  .regex(/^([1-9]|[1-5]\d|60)$/, 'a whole number of days from 1 to 60 such as 3')
  .transform(Number);
const aTokenCount = 'a whole number of tokens from 1000 to 1000000 such as 12000';
const tokens = z
  .string()
  .regex(/^\d{4,7}$/, aTokenCount)
  .transform(Number)
  .refine((count) => count >= 1000 && count <= 1_000_000, aTokenCount);
export const mailAddress = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+$/, {
    message: 'one email address such as you@example.com, without a name',
  });
const hostName = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'the name of a host such as smtp.example.com');
const aPort = 'a port from 1 to 65535 such as 587';
const port = z
  .string()
  .regex(/^\d{1,5}$/, aPort)
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535, aPort);
const onlyPrintable = /^[^\p{Cc}]+$/u;

/** Every setting there is. A message says what would be right. */
export const settings = z.object({
  JORBS_DATA_DIR: pathOf('folder').optional(),
  JORBS_CONFIRM: z.enum(confirmModes, listWords(confirmModes)).default('human'),
  JORBS_TIME_ZONE: timeZone.optional(),
  JORBS_LOG_LEVEL: z.enum(logLevels, listWords(logLevels)).default('warn'),
  JORBS_PROGRESS_LOG: ownersFile.optional(),
  CONTEXT_RESET_DAYS: days.default(3),
  CONTEXT_RESET_TOKENS: tokens.default(12_000),
  DIGEST_CRON: z
    .string()
    .transform((text) => text.replaceAll(/\s+/g, ' '))
    .default(defaultDigestCron),
  DIGEST_EMAIL_TO: mailAddress.optional(),
  DIGEST_WHEN_EMPTY: z.enum(emptyDigests, listWords(emptyDigests)).default('skip'),
  SMTP_HOST: hostName.optional(),
  SMTP_PORT: port.default(587),
  SMTP_USER: z.string().regex(onlyPrintable, 'a user name').optional(),
  SMTP_PASSWORD: z.string().regex(onlyPrintable, 'a password').optional(),
  SMTP_FROM: mailAddress.optional(),
  AGENT_SPEND_LIMIT: spendLimit.default({ minor: 100_00, currency: 'USD' }),
  DEBOUNCE_LOOPBACK_SECONDS: silence.default(2 * secondMs),
  LLM_PROVIDER: z.enum(providers, listWords(providers)).default('rules'),
  LLM_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'a key without spaces')
    .optional(),
  LLM_BASE_URL: baseUrl.optional(),
  LLM_TIMEOUT_SECONDS: patience.default(4 * minuteMs),
  LLM_FALLBACK_MINUTES: minutes.default(30 * minuteMs),
  AGENT_MODEL: modelName.optional(),
  ROUTER_MODEL: modelName.optional(),
  MODEL_PRICES: prices.optional(),
  MODEL_SPEND_LIMIT_DAY: dollars.default(10_000_000),
  MODEL_SPEND_LIMIT_JORB: dollars.default(5_000_000),
  AGENT_AUTO_EXECUTE_THRESHOLD: share.default(defaultThresholds.autoExecute),
  AGENT_REQUIRE_APPROVAL_THRESHOLD: share.default(defaultThresholds.requireApproval),
});

function listWords(words: readonly string[]): string {
  return `${words.length > 2 ? 'one of ' : ''}${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function isHttpUrl(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}

function holdsNoLogin(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
