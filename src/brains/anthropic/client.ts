import type Anthropic from '@anthropic-ai/sdk';
import { dayMs } from '../../lib/duration.ts';
import { buildModelFetch } from '../model/model-fetch.ts';
import type { ModelOptions } from '../model/options.ts';

const anthropicAddress = 'https://api.anthropic.com';
const wireVersion = '2026-10-21';

/**
 * The SDK reads more than twenty variables of the environment, and profile files where it is given no key:
 * what is given here outranks all but `ANTHROPIC_CUSTOM_HEADERS`, and those headers do not pass
 * `buildModelFetch`. Retries and time limits are the caller's.
 */
export async function openClient({ apiKey, baseUrl = anthropicAddress }: ModelOptions): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    apiKey,
    authToken: null,
    // The SDK adds the version itself; the addresses of other providers end with it.
    baseURL: baseUrl.replace(/\/+(v1\/*)?$/, ''),
    maxRetries: 0,
    timeout: dayMs,
    logLevel: 'off',
    openTelemetry: false,
    fetch: buildModelFetch({
      accept: 'text/event-stream',
      'anthropic-version': wireVersion,
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'user-agent': 'jorbs',
    }),
  });
}
