import { z } from 'zod';
import { normalizeAddress } from '../../domain/contact.ts';
import { type Consequence, consequences } from '../../domain/contract.ts';
import {
  formatWebRequest,
  longestBody,
  longestPath,
  parseWebRequest,
  type WrittenRequest,
  webMethods,
} from '../../domain/web-request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { confidenceField, eventField, readEventOrNull } from './fields.ts';

export const httpRequest = defineTool({
  name: 'http_request',
  description:
    'Proposes one request by https to a web host. It passes the gate like a message to the contact "web:host": a host that is no contact, and every POST, wait for the owner. ' +
    'The answer is not in the result: it comes later as a message from web:host, with the status on its first line. Headers, cookies and credentials cannot be set.',
  shape: {
    url: z
      .string()
      .min(1)
      .max(longestPath + 300)
      .describe('Whole, percent-encoded, without a port: "https://api.example.com/rooms?nights=4"'),
    method: z.enum(webMethods).describe('GET to read, POST to send a body'),
    body: z
      .string()
      .min(1)
      .max(longestBody)
      .nullable()
      .describe('Of a POST: JSON or plain text, where {{field}} stands for a private field; null for a GET'),
    based_on: eventField('The event that led to it'),
    confidence: confidenceField,
    consequence: z
      .enum(consequences)
      .nullable()
      .describe(
        'What it does at the host when that is more than the method says, such as "purchase"; or null',
      ),
  },
  toEffect({ url, method, body, based_on, confidence, consequence }) {
    const basedOn = readEventOrNull(based_on, 'based_on');
    if (!basedOn.ok) return basedOn;
    const target = readUrl(url);
    if (!target.ok) return target;
    const text = formatRequest({ method, path: target.value.path, body });
    if (!text.ok) return text;
    return ok({
      kind: 'send_message',
      to: `web:${target.value.host}`,
      text: text.value,
      price: null,
      label: raise(method === 'POST' ? 'commit' : 'message', consequence),
      basedOn: basedOn.value,
      confidence,
    });
  },
});

function readUrl(text: string): Result<{ host: string; path: string }, string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return err('url: must be whole, such as https://api.example.com/rooms');
  const { protocol, username, password, port, hostname, pathname, search } = url;
  if (protocol !== 'https:') return err(`url: must begin with https://, not ${protocol}`);
  if (username !== '' || password !== '') return err('url: must not hold a user name or password');
  if (port !== '') return err(`url: must not name port ${port}; only port 443 is asked`);
  const host = normalizeAddress('web', hostname);
  return host.ok
    ? ok({ host: host.value, path: `${pathname}${search}` })
    : err(`url: its host ${host.error}`);
}

function formatRequest(request: WrittenRequest): Result<string, string> {
  if (request.method === 'POST' && request.body === null)
    return err('body: a POST needs one; give it or use GET');
  const text = formatWebRequest(request);
  const parsed = parseWebRequest(text);
  return parsed.ok ? ok(text) : parsed;
}

function raise(least: Consequence, given: Consequence | null): Consequence {
  return given !== null && consequences.indexOf(given) > consequences.indexOf(least) ? given : least;
}
