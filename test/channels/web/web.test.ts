import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { buildWebChannel } from '../../../src/channels/web/web.ts';
import type { Delivery, Inbound } from '../../../src/domain/message.ts';
import { buildDelivery, describeChannel } from '../../support/channel-suite.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { settle, until } from '../../support/event-loop.ts';
import { formatResponse, openWebHost } from '../../support/web-host.ts';

const signal = new AbortController().signal;

async function open(receive?: (inbound: Inbound) => Promise<void>) {
  const host = await openWebHost();
  const clock = buildFakeClock();
  const build = () => buildWebChannel({ clock, version: '0', wire: host.wire });
  const adapter = build();
  const inbound: Inbound[] = [];
  await adapter.start(receive ?? (async (message) => void inbound.push(message)));
  return { host, clock, adapter, build, inbound };
}

const request = (text: string, change: Partial<Delivery> = {}) =>
  buildDelivery('api.example.com', { channel: 'web', text, ...change });

const getRooms = request('GET /rooms');
const postRooms = request('POST /rooms\n\n{}');

/** The suite speaks in words; a web host is told them as the body of a POST. */
describeChannel(async () => {
  const { host, adapter, build } = await open();
  const speak = (channel: typeof adapter): typeof adapter => ({
    ...channel,
    send: (delivery, given) => channel.send(wrap(delivery), given),
    lookup: (delivery) => channel.lookup(wrap(delivery)),
  });
  const wrap = (delivery: Delivery) => ({ ...delivery, text: `POST /say\n\n${delivery.text}` });
  return {
    adapter: speak(adapter),
    address: 'api.example.com',
    received: () => host.requests.map(({ headers, body }) => ({ to: headers.host ?? '', text: body })),
    breakWire() {
      const { connect } = host.wire;
      host.wire.connect = () => Promise.reject(new Error('the line is cut'));
      return () => {
        host.wire.connect = connect;
      };
    },
    restart: () => speak(build()),
  };
});

test('the answer is a message from the host, in answer to the request', async () => {
  const { adapter, inbound } = await open();
  expect(await adapter.send(request('GET /', { key: 'k', jorbId: 'jorb_7' }), signal)).toEqual({
    kind: 'sent',
    receipt: 'k',
  });
  expect(inbound).toEqual([
    {
      channel: 'web',
      account: 'jorb_7',
      externalId: 'k',
      from: 'api.example.com',
      text: 'HTTP 200 text/plain\n\nhello',
      inReplyTo: 'k',
      sentAt: null,
      grade: 'verified',
    },
  ]);
});

test('counts as sent only once its answer is stored', async () => {
  let store: (() => void) | undefined;
  const { adapter } = await open(
    () =>
      new Promise((resolve) => {
        store = resolve;
      }),
  );
  let outcome: unknown;
  const sending = adapter.send(postRooms, signal).then((sent) => {
    outcome = sent;
  });
  await until(() => store !== undefined);
  await settle();
  expect(outcome).toBeUndefined();
  store?.();
  await sending;
  expect(outcome).toMatchObject({ kind: 'sent' });
});

test.each([
  [getRooms, 'retry'],
  [postRooms, 'unknown'],
])('an answer that cannot be stored is lost, and said to be: %o', async (delivery, kind) => {
  const { adapter, host } = await open(() => Promise.reject(new Error('the disk is full')));
  expect(await adapter.send(delivery, signal)).toEqual({
    kind,
    error: 'api.example.com answered, and its answer could not be stored',
  });
  expect(host.requests).toHaveLength(1);
});

test('a GET that may have been made can be made again, a POST cannot', async () => {
  const { adapter } = await open();
  expect(await adapter.lookup(getRooms)).toEqual({ kind: 'not_sent' });
  expect(await adapter.lookup(postRooms)).toEqual({ kind: 'unknown' });
  expect(await adapter.lookup(request('hello'))).toEqual({ kind: 'unknown' });
});

test('what is no request is not sent', async () => {
  const { adapter, host } = await open();
  for (const text of ['hello', 'GET //evil.example/', 'GET /\r\nX-Evil: 1', 'GET /a b', 'DELETE /', '']) {
    expect(await adapter.send(request(text), signal)).toMatchObject({ kind: 'failed' });
  }
  expect(host.connections).toBe(0);
});

test('stop cuts off what is under way and waits for it', async () => {
  const { adapter, host, inbound } = await open();
  const sockets: Socket[] = [];
  host.answer = (_, socket) => void sockets.push(socket);
  const sending = [adapter.send(getRooms, signal), adapter.send(postRooms, signal)];
  await until(() => sockets.length === 2);
  await adapter.stop();
  expect((await Promise.all(sending)).map(({ kind }) => kind)).toEqual(['retry', 'unknown']);
  for (const socket of sockets) socket.end(formatResponse({ body: 'late' }));
  await settle();
  expect(inbound).toEqual([]);
});

test('opens nothing until it is used', async () => {
  const { host } = await open();
  expect([host.lookups, host.connections]).toEqual([[], 0]);
});
