import { expect, test } from 'vitest';
import type { Mind } from './mind.ts';
import { buildModelRequest, continueRequest } from './model-request.ts';
import type { Opened } from './openai-brains.ts';

export const asking: Mind = () => ({
  text: 'I ask.',
  calls: [
    { name: 'pause', arguments: { reason: 'one' } },
    { name: 'pause', arguments: { reason: 'two' } },
  ],
});

// biome-ignore lint/suspicious/noExplicitAny: what is changed about a request is wrong by intent
export type Body = any;
export type Wrong = [what: string, change: (body: Body) => void, words: RegExp];

/** What both wires refuse. `parameters` finds those of the first tool. */
export function listCommonWrongs(parameters: (body: Body) => Body): Wrong[] {
  return [
    ['no model', (body) => delete body.model, /model/],
    ['an unknown field', (body) => (body.temprature = 1), /Unknown parameter: 'temprature'/],
    ['a stream that is a word', (body) => (body.stream = 'yes'), /stream/],
    ['two tools of one name', (body) => body.tools.push(body.tools[0]), /two tools named/],
    ['an unknown field of a tool', (body) => (body.tools[0].price = 1), /Unknown parameter/],
    ['a tool of another type', (body) => (body.tools[0].type = 'magic'), /tools\[0\]/],
    ['tools that are no list', (body) => (body.tools = {}), /tools/],
    ['an open object', (body) => delete parameters(body).additionalProperties, /additionalProperties/],
    ['an optional property', (body) => parameters(body).required.pop(), /required/],
    ['a property without a type', (body) => (parameters(body).properties.to = {}), /without a type/],
  ];
}

/** Sends the second step of a conversation as it should not be. */
export function describeRefusals(
  open: (mind: Mind) => Promise<Opened>,
  { route, wrongs }: { route: string; wrongs: Wrong[] },
): void {
  async function send(change: (body: Body) => void, more: RequestInit = {}, path = route) {
    const { server, ask } = await open(asking);
    await ask({ steps: continueRequest(buildModelRequest(), await ask(), { note: 'Go on.' }).steps });
    const body = structuredClone(server.requests[1]?.body);
    change(body);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.key}` };
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      ...more,
    });
    return { status: response.status, text: await response.text() };
  }

  test('takes what the brain sends', async () => {
    expect((await send(() => {})).status).toBe(200);
  });

  test.each(wrongs)('refuses %s', async (_, change, words) => {
    const { status, text } = await send(change);
    expect(status).toBe(400);
    const { error } = JSON.parse(text) as { error: { message: string } };
    expect(error).toEqual({
      message: expect.stringMatching(words),
      type: 'invalid_request_error',
      param: null,
      code: (error as { code?: unknown }).code,
    });
  });

  test('refuses a wrong key, another route, another method, another type and what is no JSON', async () => {
    const json = { 'content-type': 'application/json' };
    const authorization = `Bearer ${(await open(asking)).server.key}`;
    const nothing = () => {};
    expect((await send(nothing, { headers: { ...json, authorization: 'Bearer x' } })).status).toBe(401);
    expect((await send(nothing, { headers: json })).status).toBe(401);
    expect((await send(nothing, {}, '/responses')).status).toBe(404);
    expect((await send(nothing, { method: 'PUT' })).status).toBe(404);
    expect((await send(nothing, { headers: { authorization } })).status).toBe(400);
    expect((await send(nothing, { body: '{"model": ' })).status).toBe(400);
  });
}
