import { BrainError, type BrainErrorDetails, type ModelPurpose } from '../../domain/brain.ts';
import {
  describeBroken,
  describeUnreachable,
  isSurelyUnbilled,
  nameVariable,
  quoteProvider,
  readRetryAfter,
} from '../model/failures.ts';
import type { ModelOptions } from '../model/options.ts';

/** How the owner knows a server that speaks one of OpenAI's wires. */
export type Provider = { name: string; likeness: string; options: ModelOptions; purpose: ModelPurpose };

/** What a server says about an error, where it says anything. */
type Complaint = { status: number | undefined; code: string; words: string; headers?: Headers | undefined };

const tooLong =
  /context_length_exceeded|exceed_context_size|(maximum|available) context|context (length|window|size)/i;

/** What went wrong with a call, for those who decide what to do about it. What is no failure of the call is thrown on. */
export async function toBrainError(error: unknown, provider: Provider): Promise<BrainError> {
  if (error instanceof BrainError) return error;
  const { APIConnectionError, APIError } = await import('openai');
  if (error instanceof APIConnectionError) return describeUnreachable(error, provider.name);
  if (error instanceof APIError) return describeComplaint(readComplaint(error), provider);
  return describeBroken(error, provider.name);
}

/** Something else is at the address; what is no page may be a model all the same, and have counted. */
export function describeStranger({ likeness }: Provider, isPage = false): BrainError {
  const message = `LLM_BASE_URL answers, but not as ${likeness} does: check the address`;
  return new BrainError(message, { kind: 'permanent', ...(isPage && { usage: null }) });
}

/** An error that came inside an answer, or as the answer. */
export function describeComplaint(complaint: Complaint, provider: Provider): BrainError {
  const { status, headers } = complaint;
  const [kind, message] = classify(complaint, provider);
  const isUnbilled = status !== undefined && isSurelyUnbilled(status);
  const retryAfterMs = kind === 'overload' ? readRetryAfter(headers, provider.options.now()) : null;
  return new BrainError(message, { kind, retryAfterMs, ...(isUnbilled && { usage: null }) });
}

/** The server takes the tools, but not that their arguments must be as described. */
export function refusesStrictness(error: unknown): boolean {
  if (!(error instanceof Error && 'status' in error && error.status === 400)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /invalid_function_parameters|invalid schema for|\bstrict\b/i.test(`${code} ${error.message}`);
}

type Class = [BrainErrorDetails['kind'], string];

function classify(complaint: Complaint, { name, likeness, options, purpose }: Provider): Class {
  const { status, code, words } = complaint;
  const quoted = quoteProvider(words, options.apiKey);
  const said = quoted === '' ? '' : `: ${quoted}`;
  const about = `model "${options.model}"`;
  const variable = nameVariable(purpose);
  if (status === 413 || (mayBeTooLong(status) && tooLong.test(`${code} ${words}`))) {
    return [
      'too_long',
      `the conversation is too long for the ${about}: ${variable} may name one that takes more`,
    ];
  }
  if (code.includes('model_not_found') || (status === 404 && /model/i.test(words))) {
    return ['permanent', `${name} has no ${about}: check ${variable}`];
  }
  if (status === 402 || code.includes('insufficient_quota')) {
    return ['permanent', `the account at ${name} has no credit or quota left: top it up`];
  }
  if (status === 401 && options.apiKey === '') return ['permanent', `${name} wants a key: set LLM_API_KEY`];
  if (status === 401 || status === 403) {
    return [
      'permanent',
      `${name} does not accept LLM_API_KEY${status === 403 && said ? said : ': check it'}`,
    ];
  }
  if (status === 408 || status === 504 || status === 524) return ['timeout', `${name} gave up waiting`];
  if (isBusy(complaint)) return ['overload', `${name} is overloaded or failing${said}`];
  if (status === 404 || status === 405 || (status !== undefined && status < 400)) {
    return [
      'permanent',
      `LLM_BASE_URL answers, but not as ${likeness} does (status ${status}): check the address, which mostly ends in /v1`,
    ];
  }
  return ['permanent', `${name} refused the request${said}`];
}

function mayBeTooLong(status: number | undefined): boolean {
  return status === undefined || [400, 422, 500].includes(status);
}

/** In the middle of a stream there is no status: only what names the request itself is its fault. */
function isBusy({ status, code }: Complaint): boolean {
  if (status === undefined) return !/^invalid/.test(code);
  return status === 409 || status === 429 || status >= 500;
}

function readComplaint(error: {
  status: number | undefined;
  code: unknown;
  type: unknown;
  message: string;
  error: unknown;
  headers: Headers | undefined;
}): Complaint {
  const { status, code, type, message, headers, error: body } = error;
  const said = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  const isPage = /^\s*\d*\s*</.test(message);
  const words = typeof said === 'string' ? said : isPage ? '' : message.replace(/^\d{3} /, '');
  return { status, code: [code, type].filter((each) => typeof each === 'string').join(' '), words, headers };
}
