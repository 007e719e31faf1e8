import type { Config, Thinking } from '../../config.ts';
import { minuteMs, secondMs } from '../../lib/duration.ts';

/** Every setting that the demo rests on: a `.env` in the checkout may say something else. */
export function describeEnvironment(config: Config): Record<string, string> {
  return {
    JORBS_DATA_DIR: config.dataDir,
    JORBS_CONFIRM: config.confirm,
    JORBS_TIME_ZONE: config.timeZone,
    JORBS_LOG_LEVEL: 'warn',
    AGENT_SPEND_LIMIT: '100.00 USD',
    DIGEST_CRON: 'off',
    SMTP_HOST: '',
    JORBS_PROGRESS_LOG: '',
    DEBOUNCE_LOOPBACK_SECONDS: String((config.debounce.loopback ?? 0) / secondMs),
    ...describeThinking(config.thinking),
  };
}

function describeThinking(thinking: Thinking): Record<string, string> {
  if (thinking.provider === 'rules') return { LLM_PROVIDER: 'rules' };
  const { provider, apiKey, baseUrl, agentModel, routerModel, prices, limits, timeoutMs, fallbackMs } =
    thinking;
  return {
    LLM_PROVIDER: provider,
    LLM_API_KEY: apiKey,
    LLM_BASE_URL: baseUrl ?? '',
    AGENT_MODEL: agentModel,
    ROUTER_MODEL: routerModel,
    MODEL_PRICES: JSON.stringify(prices),
    MODEL_SPEND_LIMIT_DAY: formatDollars(limits.dayMicros),
    MODEL_SPEND_LIMIT_JORB: formatDollars(limits.jorbMicros),
    LLM_TIMEOUT_SECONDS: String(timeoutMs / secondMs),
    LLM_FALLBACK_MINUTES: String(fallbackMs / minuteMs),
  };
}

/** A setting is in whole cents. */
function formatDollars(micros: number): string {
  return (micros / 1_000_000).toFixed(2);
}
