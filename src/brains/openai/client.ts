import type OpenAI from 'openai';
import { dayMs } from '../../lib/duration.ts';
import { buildModelFetch } from '../model/model-fetch.ts';
import type { ModelOptions } from '../model/options.ts';

const openAiAddress = 'https://api.openai.com/v1';

/**
 * The SDK reads eight variables of the environment: what is given here outranks seven, and the headers that
 * `OPENAI_CUSTOM_HEADERS` names do not pass `buildModelFetch`. Retries and time limits are the caller's.
 */
export async function openClient({ apiKey, baseUrl }: ModelOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  const key = apiKey === '' ? 'none' : apiKey;
  return new OpenAI({
    apiKey: key,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl ?? openAiAddress,
    maxRetries: 0,
    timeout: dayMs,
    logLevel: 'off',
    fetch: buildModelFetch({
      accept: 'application/json',
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'user-agent': 'jorbs',
    }),
  });
}
