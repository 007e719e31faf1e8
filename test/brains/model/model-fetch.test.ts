import { expect, test } from 'vitest';
import { buildModelFetch } from '../../../src/brains/model/model-fetch.ts';
import { type FakeReply, startFakeServer } from '../../support/models/fake-server.ts';

function startServer(reply: FakeReply) {
  return startFakeServer({
    answer: () => reply,
    errorBody: () => ({}),
    errorEvent: () => ({ data: {} }),
  });
}

test('a key does not travel with a redirect', async () => {
  const other = await startServer({ json: {} });
  const server = await startServer({ status: 307, headers: { location: `${other.url}/v1` }, json: {} });
  const send = buildModelFetch({ authorization: 'Bearer secret' });
  expect((await send(server.url, { method: 'POST', body: '{}' })).status).toBe(307);
  expect(other.requests).toEqual([]);
});

test('whatever a caller adds to the headers stays here', async () => {
  const server = await startServer({ json: {} });
  const send = buildModelFetch({ authorization: 'Bearer mine' });
  await send(server.url, { headers: { 'x-stainless-os': 'Linux', authorization: 'Bearer other' } });
  expect(server.requests[0]?.headers.authorization).toBe('Bearer mine');
  expect(server.requests[0]?.headers).not.toHaveProperty('x-stainless-os');
});

test('a body without end is cut off', async () => {
  const server = await startServer({ sse: [{ data: 'x'.repeat(1_000_000) }] });
  server.faults.push({ kind: 'endless', after: 0 });
  const response = await buildModelFetch({})(server.url);
  await expect(response.text()).rejects.toThrow('more text than any errand needs');
  await server.waitForHangUp();
});
