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

/** What the provider says about an error, where it says anything. */
type Complaint = {
  /** That of the answer, or the one that stands for an error inside a stream. */
  status: number;
  /** The error is in the provider's own form, and so surely from it. */
  isItsOwn: boolean;
  words: string;
  headers: Headers | undefined;
};

type Asked = {
  options: ModelOptions;
  purpose: ModelPurpose;
};
type Class = [BrainErrorDetails['kind'], string];

const statuses: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};
const stranger = 'LLM_BASE_URL answers, but not as Anthropic does';
const tooLong = /prompt is too long|context (window|limit|length)|exceeds? the (maximum|context)/i;
const noCredit = /credit balance|billing/i;
/** As the API words an unknown model; an unknown path has the same type of error. */
const namesModel = /\bmodel\b/i;
const notStrict = /grammar|strict|union types|optional parameters|too complex/i;

/** What went wrong with a call, for those who decide what to do about it. What is no failure of the call is thrown on. */
export async function toBrainError(error: unknown, asked: Asked): Promise<BrainError> {
  if (error instanceof BrainError) return error;
  const { APIConnectionError, APIError } = await import('@anthropic-ai/sdk');
  if (error instanceof APIConnectionError) return describeUnreachable(error, 'Anthropic');
  if (error instanceof APIError) return describeComplaint(readComplaint(error), asked);
  return describeBroken(error, 'Anthropic');
}

/** Something else is at the address. What it took is unknown, unless it is no model at all. */
export function describeStranger(usage?: null): BrainError {
  return new BrainError(`${stranger}: check the address`, {
    kind: 'permanent',
    ...(usage === null && { usage }),
  });
}

/** The API takes the tools, but not that their arguments must be as described. */
export function refusesStrictness(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 400 && notStrict.test(error.message);
}

function describeComplaint(complaint: Complaint, asked: Asked): BrainError {
  const { status, headers } = complaint;
  const [kind, message] = classify(complaint, asked);
  const isUnbilled = headers !== undefined && isSurelyUnbilled(status);
  const retryAfterMs = kind === 'overload' ? readRetryAfter(headers, asked.options.now()) : null;
  return new BrainError(message, { kind, retryAfterMs, ...(isUnbilled && { usage: null }) });
}

function classify({ status, isItsOwn, words }: Complaint, { options, purpose }: Asked): Class {
  const quoted = quoteProvider(words, options.apiKey);
  const said = quoted === '' ? '' : `: ${quoted}`;
  const variable = nameVariable(purpose);
  if (status === 413 || (status === 400 && tooLong.test(words))) {
    return [
      'too_long',
      `the conversation is too long for the model "${options.model}": ${variable} may name one that takes more`,
    ];
  }
  if (status === 401 || status === 403) {
    return [
      'permanent',
      `Anthropic does not accept LLM_API_KEY${status === 403 && said ? said : ': check it'}`,
    ];
  }
  if (status === 402 || (status === 400 && noCredit.test(words))) {
    return ['permanent', 'the account at Anthropic has no credit left: top it up'];
  }
  if (status === 404 && isItsOwn && namesModel.test(words)) {
    return ['permanent', `Anthropic has no model "${options.model}": check ${variable}`];
  }
  if (status === 408 || status === 504 || status === 524) return ['timeout', 'Anthropic gave up waiting'];
  if (status === 409 || status === 429 || status >= 500) {
    return ['overload', `Anthropic is overloaded or failing${said}`];
  }
  if (!isItsOwn || status === 404) {
    return ['permanent', `${stranger} (status ${status}): check the address`];
  }
  return ['permanent', `Anthropic refused the request${said}`];
}

function readComplaint(error: {
  status: number | undefined;
  type: string | null;
  apiMessage: string | null;
  headers: Headers | undefined;
}): Complaint {
  const { status, type, apiMessage, headers } = error;
  const isItsOwn = type !== null && type in statuses;
  return {
    status: status ?? statuses[type ?? ''] ?? 500,
    isItsOwn,
    words: typeof apiMessage === 'string' ? apiMessage : '',
    headers: status === undefined ? undefined : headers,
  };
}
