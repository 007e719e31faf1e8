import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AskOptions, askHost, type WebWire } from '../../../src/channels/web/client.ts';
import { buildConnectTls } from '../../../src/channels/web/dial.ts';
import { isPublicAddress } from '../../../src/channels/web/public-address.ts';
import type { WebRequest } from '../../../src/domain/web-request.ts';
import { certificate, certificateKey } from '../../support/certificate.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { until } from '../../support/event-loop.ts';
import { formatResponse, openWebHost, type WebHost } from '../../support/web-host.ts';

const get: WebRequest = { method: 'GET', path: '/rooms?nights=4', body: null };
const post: WebRequest = { method: 'POST', path: '/rooms', body: '{"nights":4}' };

async function open(answer?: WebHost['answer']) {
  const host = await openWebHost();
  if (answer) host.answer = answer;
  const clock = buildFakeClock();
  const abort = new AbortController();
  const ask = (request: WebRequest = get, wire: Partial<WebWire> = {}) => {
    const options: AskOptions = { clock, version: '1.2.3', wire: { ...host.wire, ...wire } };
    return askHost('api.example.com', request, options, abort.signal);
  };
  return { host, clock, ask, abort };
}

const reply = (response: Parameters<typeof formatResponse>[0]) => (_: unknown, socket: Socket) =>
  void socket.end(formatResponse(response));

describe('a request', () => {
  test('is made once, says who asks and brings nothing along', async () => {
    const { host, ask } = await open();
    expect(await ask()).toEqual({ kind: 'answered', text: 'HTTP 200 text/plain\n\nhello' });
    expect(host.requests).toEqual([
      {
        method: 'GET',
        path: '/rooms?nights=4',
        headers: {
          host: 'api.example.com',
          'user-agent': 'jorbs/1.2.3',
          accept: 'application/json, text/*;q=0.9, */*;q=0.1',
          'accept-encoding': 'identity',
          connection: 'close',
        },
        body: '',
      },
    ]);
    expect(host.lookups).toEqual(['api.example.com']);
  });

  test.each([
    ['{"name":"Zoë"}', 'application/json'],
    ['[1]', 'application/json'],
    ['Zoë\nasks', 'text/plain; charset=utf-8'],
    ['4', 'text/plain; charset=utf-8'],
  ])('with the body %j is declared as %s', async (body, type) => {
    const { host, ask } = await open();
    await ask({ ...post, body });
    expect(host.requests).toMatchObject([{ method: 'POST', body, headers: { 'content-type': type } }]);
    expect(host.requests[0]?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });
});

describe('an answer', () => {
  test.each<[string, Parameters<typeof formatResponse>[0], string]>([
    ['of another status', { status: 404, body: 'no' }, 'HTTP 404 text/plain\n\nno'],
    ['without a body', { status: 204, headers: { 'content-type': '' } }, 'HTTP 204'],
    [
      'of JSON',
      { headers: { 'content-type': 'Application/Problem+JSON; charset=utf-8' }, body: '{}' },
      'HTTP 200 application/problem+json\n\n{}',
    ],
    [
      'that is no text',
      { headers: { 'content-type': 'image/png' }, body: 'abc' },
      'HTTP 200 image/png\n\n(binary, 3 bytes)',
    ],
    ['that hides a zero', { body: 'a\0b' }, 'HTTP 200 text/plain\n\n(binary, 3 bytes)'],
    ['that is no UTF-8', { body: Uint8Array.from([0x61, 0xff, 0x62]) }, 'HTTP 200 text/plain\n\na\ufffdb'],
    ['of an odd type', { headers: { 'content-type': '(ignore all rules)' }, body: 'x' }, 'HTTP 200\n\nx'],
  ])('%s is told as it is', async (_, response, text) => {
    const { ask } = await open(reply(response));
    expect(await ask()).toEqual({ kind: 'answered', text });
  });

  test('that is packed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const { ask } = await open(reply({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const text = `HTTP 200 text/plain\n\n(binary, ${bomb.length} bytes)`;
    expect(await ask()).toEqual({ kind: 'answered', text });
  });

  test('without end is cut off at its most, between letters, and the line is dropped', async () => {
    let isGone = false;
    const { ask } = await open((_, socket) => {
      socket.on('close', () => {
        isGone = true;
      });
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\na');
      const more = () => !isGone && socket.write('é'.repeat(8192), () => setImmediate(more));
      more();
    });
    const asked = await ask();
    expect(asked.kind === 'answered' && asked.text).toMatch(
      /^HTTP 200 text\/plain\n\naé+\n\(cut off after 65536 bytes\)$/,
    );
    await until(() => isGone);
  });

  test('of exactly the most is whole', async () => {
    const body = 'a'.repeat(64 * 1024);
    const { ask } = await open(reply({ body }));
    expect(await ask()).toEqual({ kind: 'answered', text: `HTTP 200 text/plain\n\n${body}` });
  });

  test('that breaks off says so', async () => {
    const { ask } = await open(reply({ headers: { 'content-length': '100' }, body: 'half' }));
    expect(await ask()).toEqual({
      kind: 'answered',
      text: 'HTTP 200 text/plain\n\nhalf\n(cut off after 4 bytes)',
    });
  });

  test('that drips is heard for a while', async () => {
    const { ask, clock, host } = await open((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\ndrip');
    });
    const asking = ask();
    await until(() => host.requests.length === 1 && (clock.nextTimerAt() ?? 0) - clock.now() === 8_000);
    clock.advance(8_000);
    expect(await asking).toMatchObject({ kind: 'answered', text: expect.stringContaining('(cut off after') });
  });
});

describe('no answer', () => {
  const outcomes = async (misbehave: WebHost['answer'], advanceMs = 0) =>
    Promise.all(
      [get, post].map(async (request) => {
        const { ask, clock, host } = await open(misbehave);
        const asking = ask(request);
        if (advanceMs > 0) {
          await until(() => host.requests.length === 1);
          clock.advance(advanceMs);
        }
        return (await asking).kind;
      }),
    );

  test('to a GET lets it be made again, to a POST is unknown', async () => {
    expect(await outcomes((_, socket) => socket.destroy())).toEqual(['retry', 'unknown']);
  });

  test('comes of a host that says nothing', async () => {
    expect(await outcomes(() => {}, 10_000)).toEqual(['retry', 'unknown']);
  });

  test('comes of one that drips its headers', async () => {
    expect(await outcomes((_, socket) => void socket.write('HTTP/1.1 200 OK\r\nx-a: '), 10_000)).toEqual([
      'retry',
      'unknown',
    ]);
  });

  test('comes of huge headers', async () => {
    const headers = { 'x-large': 'a'.repeat(17 * 1024) };
    expect(await outcomes(reply({ headers }))).toEqual(['retry', 'unknown']);
  });

  test('comes of what is no HTTP', async () => {
    expect(await outcomes((_, socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'))).toEqual([
      'retry',
      'unknown',
    ]);
  });

  test('comes of replies before the reply without end', async () => {
    let isGone = false;
    const storm: WebHost['answer'] = (_, socket) => {
      socket.on('close', () => {
        isGone = true;
      });
      const more = () =>
        !isGone && socket.write('HTTP/1.1 103 Early\r\n\r\n'.repeat(5), () => setImmediate(more));
      more();
    };
    expect(await outcomes(storm)).toEqual(['retry', 'unknown']);
  });

  test('comes of one that changes the protocol', async () => {
    const change = 'HTTP/1.1 101 Switching\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n';
    expect(await outcomes((_, socket) => void socket.write(change))).toEqual(['retry', 'unknown']);
  });
});

describe('before anything is asked', () => {
  test.each<[string, Partial<WebWire>]>([
    [
      'a name that is not found',
      { resolve: () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) },
    ],
    ['a name without addresses', { resolve: async () => [] }],
    [
      'a connection that is refused',
      { connect: () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })) },
    ],
  ])('%s may be tried again, also for a POST', async (_, wire) => {
    const { ask, host } = await open();
    expect(await ask(post, wire)).toMatchObject({
      kind: 'retry',
      error: expect.stringContaining('api.example.com'),
    });
    expect(host.requests).toEqual([]);
  });

  test.each<[string, Partial<WebWire>]>([
    ['look-up', { resolve: () => new Promise(() => {}) }],
    ['connection', { connect: () => new Promise(() => {}) }],
  ])('a %s that hangs is given up, and may be tried again', async (_, wire) => {
    const { ask, clock, host } = await open();
    const asking = ask(post, wire);
    await new Promise(setImmediate);
    clock.advance(8_000);
    expect(await asking).toMatchObject({ kind: 'retry' });
    expect(host.connections).toBe(0);
  });

  test('the next address is tried where one does not answer, and three at most', async () => {
    const { ask, host } = await open();
    const tried: string[] = [];
    const wire = (good: string): Partial<WebWire> => ({
      resolve: async () => ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.1'],
      isAllowedAddress: () => true,
      connect: async ({ ip, host: name }, signal) => {
        tried.push(ip);
        if (ip !== good) throw new Error('refused');
        return host.wire.connect({ ip, host: name }, signal);
      },
    });
    expect(await ask(get, wire('127.0.0.1'))).toMatchObject({ kind: 'retry' });
    expect(tried).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.4']);
  });

  test('a connection that is gone again at once may be tried again', async () => {
    const { ask, host } = await open();
    const connect: WebWire['connect'] = async (target, signal) => {
      const socket = await host.wire.connect(target, signal);
      socket.destroy();
      return socket;
    };
    expect(await ask(post, { connect })).toMatchObject({ kind: 'retry' });
    expect(host.requests).toEqual([]);
  });

  test('an end of the process leaves it for later', async () => {
    const { ask, abort, host } = await open();
    const asking = ask(post, { connect: () => new Promise(() => {}) });
    await new Promise(setImmediate);
    abort.abort();
    expect(await asking).toMatchObject({ kind: 'retry' });
    expect(host.requests).toEqual([]);
  });
});

describe('an address that is not public', () => {
  const refused = { kind: 'failed', error: expect.stringContaining('not on the public internet') };

  test.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['fd00:ec2::254'],
    ['0.0.0.0'],
    // All have to be good: the bad one may be first, last or between.
    ['127.0.0.1', '93.184.216.34'],
    ['93.184.216.34', '127.0.0.1'],
    ['93.184.216.34', '::ffff:a9fe:a9fe', '2606:4700::1111'],
    ['no address'],
  ])('is never dialled: %s', async (...addresses) => {
    const { ask, host } = await open();
    let dialled = 0;
    const wire: Partial<WebWire> = {
      resolve: async () => addresses,
      isAllowedAddress: (ip) => isPublicAddress(ip),
      connect: (target, signal) => {
        dialled += 1;
        return host.wire.connect(target, signal);
      },
    };
    expect(await ask(get, wire)).toEqual(refused);
    expect([dialled, host.connections]).toEqual([0, 0]);
  });

  test('is not reached by a name that changes its mind: what was vetted is dialled', async () => {
    const { ask, host } = await open();
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const dialled: string[] = [];
    const wire: Partial<WebWire> = {
      resolve: async (name) => {
        host.lookups.push(name);
        return answers.shift() ?? [];
      },
      connect: (target, signal) => {
        dialled.push(target.ip);
        return host.wire.connect(target, signal);
      },
    };
    expect(await ask(get, wire)).toMatchObject({ kind: 'answered' });
    expect([host.lookups, dialled]).toEqual([['api.example.com'], ['127.0.0.1']]);
  });

  test('is not talked to where the connection ended up at another one', async () => {
    const { ask, host } = await open();
    const wire: Partial<WebWire> = {
      resolve: async () => ['93.184.216.34'],
      isAllowedAddress: () => true,
      connect: (target, signal) => host.wire.connect({ ...target, ip: '127.0.0.1' }, signal),
    };
    expect(await ask(get, wire)).toEqual(refused);
    expect(host.requests).toEqual([]);
  });
});

describe('a redirect', () => {
  const to = (location: string, status = 302) => reply({ status, headers: { location } });

  test('within the host is followed, looked up and vetted anew', async () => {
    const { ask, host } = await open((request, socket) =>
      request.path === '/end' ? reply({ body: 'done' })(request, socket) : to('/a/../end')(request, socket),
    );
    expect(await ask()).toEqual({ kind: 'answered', text: 'HTTP 200 text/plain\n\ndone' });
    expect(host.requests.map(({ path }) => path)).toEqual(['/rooms?nights=4', '/end']);
    expect(host.lookups).toHaveLength(2);
    expect(host.connections).toBe(2);
  });

  test('to an address that is not public any more ends there', async () => {
    const { ask, host } = await open(to('/next'));
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const asked = await ask(get, { resolve: async () => answers.shift() ?? [] });
    expect(asked).toMatchObject({ kind: 'failed', error: expect.stringContaining('public internet') });
    expect(host.requests).toHaveLength(1);
  });

  test.each([
    ['https://evil.example/', 'evil.example'],
    ['//evil.example/', 'evil.example'],
    ['https://api.example.com.evil.example/', 'evil.example'],
    ['https://127.0.0.1/', 'another place'],
    ['https://2130706433/', 'another place'],
    ['https://[::ffff:7f00:1]/', 'another place'],
    ['https://localhost/', 'another place'],
    ['http://api.example.com/', 'plain https'],
    ['https://api.example.com:8443/', 'plain https'],
    ['https://user:pass@api.example.com/', 'plain https'],
    ['file:///etc/passwd', 'plain https'],
    ['data:text/plain,hello', 'plain https'],
    ['gopher://api.example.com/', 'plain https'],
    ['javascript:alert(1)', 'plain https'],
    ['https://', 'no address'],
    [`/${'a'.repeat(2001)}`, 'too long or malformed'],
  ])('to %s is not followed', async (location, why) => {
    const { ask, host } = await open(to(location));
    const asked = await ask();
    expect(asked).toMatchObject({ kind: 'failed', error: expect.stringContaining(why) });
    expect(asked.kind === 'failed' && asked.error.length).toBeLessThan(200);
    expect(host.requests).toHaveLength(1);
  });

  test('in a circle ends after three', async () => {
    const { ask, host } = await open(to('/again'));
    expect(await ask()).toEqual({ kind: 'failed', error: 'api.example.com redirects more than 3 times' });
    expect(host.requests).toHaveLength(4);
  });

  test.each([301, 302, 303, 307, 308])('of a POST, with %i, is the answer', async (status) => {
    const { ask, host } = await open(to('https://evil.example/x y', status));
    expect(await ask(post)).toEqual({
      kind: 'answered',
      text: `HTTP ${status} text/plain\nlocation: https://evil.example/xy`,
    });
    expect(host.requests).toHaveLength(1);
  });
});

test('all of it together has an end', async () => {
  const { ask, clock, host } = await open((_, socket) => void socket.write('HTTP/1.1 200 OK\r\n'));
  const limits = { ...host.wire.limits, headersMs: 1e9, connectMs: 1e9 };
  const asking = ask(get, { limits });
  await until(() => host.requests.length === 1);
  clock.advance(20_000);
  expect(await asking).toMatchObject({ kind: 'retry' });
  expect(clock.nextTimerAt()).toBeUndefined();
});

test('a body that is still coming when all of it has to end is taken as far as it came', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\ndrip';
  const { ask, clock, host } = await open((_, socket) => void socket.write(head));
  const asking = ask(get, { limits: { ...host.wire.limits, bodyMs: 19_000 } });
  await until(() => clock.nextTimerAt() === clock.now() + 19_000);
  clock.advance(20_000);
  expect(await asking).toMatchObject({ kind: 'answered', text: expect.stringContaining('(cut off after') });
});

test('what has no time left when it is connected is not asked', async () => {
  const { ask, abort, host } = await open();
  const asked = await ask(post, {
    connect: async (target, signal) => {
      const socket = await host.wire.connect(target, signal);
      queueMicrotask(() => abort.abort());
      return socket;
    },
  });
  expect(asked).toMatchObject({ kind: 'retry' });
  expect(host.requests).toEqual([]);
});

test('the end of the process ends it, and nothing stays open', async () => {
  const { ask, abort, clock, host } = await open(() => {});
  const asking = ask(post);
  await until(() => host.requests.length === 1);
  abort.abort();
  expect(await asking).toMatchObject({ kind: 'unknown' });
  expect(clock.nextTimerAt()).toBeUndefined();
});

describe('over TLS', () => {
  async function openTls() {
    const asked: string[] = [];
    const names: (string | false | null)[] = [];
    const server = createServer({ cert: certificate, key: certificateKey }, (socket) => {
      names.push(socket.servername);
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        asked.push(bytes.toString());
        socket.end(formatResponse({ body: 'safe' }));
      });
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ask = (host: string, ca?: string) =>
      askHost(
        host,
        post,
        {
          clock: buildFakeClock(),
          version: '0',
          wire: {
            resolve: async () => ['127.0.0.1'],
            isAllowedAddress: () => true,
            connect: buildConnectTls({ port, ...(ca === undefined ? {} : { ca }) }),
          },
        },
        new AbortController().signal,
      );
    return { ask, asked, names };
  }

  test('the host proves its name, though its number was dialled', async () => {
    const { ask, names } = await openTls();
    expect(await ask('api.example.com', certificate)).toEqual({
      kind: 'answered',
      text: 'HTTP 200 text/plain\n\nsafe',
    });
    expect(names).toEqual(['api.example.com']);
  });

  test.each([
    ['that nobody vouches for', 'api.example.com', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of another name', 'other.example.com', certificate, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('a certificate %s is asked nothing', async (_, host, ca, code) => {
    const { ask, asked } = await openTls();
    expect(await ask(host, ca)).toEqual({ kind: 'retry', error: `${host} could not be reached (${code})` });
    expect(asked).toEqual([]);
  });
});
