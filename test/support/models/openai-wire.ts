import type { FakeReply, FakeRequest } from './fake-server.ts';

/** What both of OpenAI's wires have in common. */

export type Fields = Record<string, unknown>;

export type Refused = { status: number; code: string | null; message: string };

const types: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};
const codes: Record<number, string> = {
  401: 'invalid_api_key',
  429: 'rate_limit_exceeded',
  503: 'server_overloaded',
};

export function errorBody(status: number): unknown {
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  const message = `a fault of status ${status}`;
  return { error: { message, type, param: null, code: codes[status] ?? null } };
}

export function toReply({ status, code, message }: Refused): FakeReply {
  const type = types[status] ?? 'invalid_request_error';
  return { status, json: { error: { message, type, param: null, code } } };
}

export function refuse(message: string, code: string | null = null): Refused {
  return { status: 400, code, message };
}

/** Route, method, key, content type and the JSON itself. An empty key takes every caller. */
export function checkEnvelope(
  { method, url, headers, body }: FakeRequest,
  { route, key }: { route: string; key: string },
): Refused | undefined {
  if (url !== route || method !== 'POST') {
    return { status: 404, code: null, message: `Invalid URL (${method} ${url})` };
  }
  if (key !== '' && headers.authorization !== `Bearer ${key}`) {
    const message = `Incorrect API key provided: ${headers.authorization ?? 'none'}.`;
    return { status: 401, code: 'invalid_api_key', message };
  }
  if (headers['content-type'] !== 'application/json') return refuse('The content type must be JSON.');
  return isFields(body) ? undefined : refuse('We could not parse the JSON body of your request.');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The first field that is not among these. */
export function findUnknown(value: Fields, known: readonly string[], path: string): Refused | undefined {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  return unknown === undefined
    ? undefined
    : refuse(`Unknown parameter: '${path}${unknown}'.`, 'unknown_parameter');
}

export function checkCount(value: unknown, name: string, least: number): Refused | undefined {
  if (value === undefined || (Number.isInteger(value) && (value as number) >= least)) return undefined;
  return refuse(`Invalid '${name}': expected an integer of at least ${least}.`, 'integer_below_min_value');
}

/** JSON as a model writes it; a string goes onto the wire as it is. */
export function writeArguments(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}

/** A text in pieces, as it is streamed: 200 at most, for the sake of tests with long ones. */
export function cutInPieces(text: string): string[] {
  const length = Math.max(24, Math.ceil(text.length / 200));
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  );
}

/** The texts of a content, whether it is one text or parts. */
export function listTexts(content: unknown): string[] {
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  return parts.map((part) => (isFields(part) ? String(part.text) : String(part)));
}
