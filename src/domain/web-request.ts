import { err, ok, type Result } from '../lib/result.ts';
import { hasPlaceholder } from './policy/placeholders.ts';

export const webMethods = ['GET', 'POST'] as const;
export type WebMethod = (typeof webMethods)[number];

/**
 * One request to a web host. As the text of a message it is `GET /path?query`, or `POST /path?query`, an
 * empty line and the body.
 */
export type WebRequest =
  | { method: 'GET'; path: string; body: null }
  | { method: 'POST'; path: string; body: string };

/** The same before anybody has looked at it. */
export type WrittenRequest = { method: WebMethod; path: string; body: string | null };

export const longestPath = 2000;
export const longestBody = 4000;

export function formatWebRequest({ method, path, body }: WrittenRequest): string {
  return body === null ? `${method} ${path}` : `${method} ${path}\n\n${body}`;
}

/** Takes only the one form that `formatWebRequest` writes. The error is a sentence for the agent. */
export function parseWebRequest(text: string): Result<WebRequest, string> {
  const end = text.indexOf('\n');
  const [, word, path = ''] = /^(\S+) (.*)$/.exec(end < 0 ? text : text.slice(0, end)) ?? [];
  const method = webMethods.find((each) => each === word);
  if (method === undefined) {
    return err('a message to a web host must be a request such as "GET /path"; use http_request to make one');
  }
  const flaw = findPathFlaw(path);
  if (flaw !== undefined) return err(flaw);
  if (method === 'GET') {
    return end < 0 ? ok({ method, path, body: null }) : err('a GET has no body; use POST to send one');
  }
  if (end < 0 || text[end + 1] !== '\n') return err('a POST needs an empty line and a body after its path');
  const body = text.slice(end + 2);
  const length = `the body has ${body.length} characters; it must have 1 to ${longestBody}`;
  return body.length === 0 || body.length > longestBody ? err(length) : ok({ method, path, body });
}

/** How the body is declared to the host. */
export function readContentType(body: string): 'application/json' | 'text/plain; charset=utf-8' {
  return readJson(body) === undefined ? 'text/plain; charset=utf-8' : 'application/json';
}

/** The JSON object or array that a text is, if it is one. */
export function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function findPathFlaw(path: string): string | undefined {
  if (path.length > longestPath) {
    return `path and query have ${path.length} characters; ${longestPath} are the most`;
  }
  if (hasPlaceholder(decodePercents(path))) {
    return 'path and query of a request take no {{placeholders}}; use POST and put them into the body';
  }
  const normal = normalizePath(path);
  if (normal === undefined) return 'the path must begin with one / and be percent-encoded';
  return normal === path ? undefined : `the path must be written ${normal}`;
}

/** As a URL writes it: dots resolved, percent-encoded, without a fragment. */
function normalizePath(path: string): string | undefined {
  if (!/^\/(?![/\\])/.test(path) || /%(?![0-9a-f]{2})/i.test(path)) return undefined;
  const { pathname, search } = new URL(`https://host.invalid${path}`);
  const normal = `${pathname}${search}`;
  return /^\/(?!\/)[\x21-\x7e]*$/.test(normal) ? normal : undefined;
}

/** Percent-encoding undone, what is no UTF-8 replaced. */
export function decodePercents(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run.match(/[0-9a-f]{2}/gi)?.map((hex) => Number.parseInt(hex, 16)) ?? [];
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
