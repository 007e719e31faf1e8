import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildHubClient, openHub } from '../../src/runtime/hub.ts';
import { computeHubAddress, type HubPlace, prepareHubFolder } from '../../src/runtime/hub-address.ts';
import { settle, until } from '../support/event-loop.ts';
import { makeTestFolder } from '../support/folder.ts';
import { buildTestLog } from '../support/log.ts';

async function startHub(address = join(makeTestFolder(), 'runtime.sock')) {
  const heard = { count: 0 };
  const hub = await openHub(address, { log: buildTestLog().log, written: () => void heard.count++ });
  onTestFinished(() => hub.close());
  return { hub, heard, address };
}

function joinHub(address: string) {
  const heard = { changed: 0, lost: 0 };
  const client = buildHubClient(address, {
    changed: () => void heard.changed++,
    lost: () => void heard.lost++,
  });
  onTestFinished(() => client.close());
  client.join();
  return { client, heard };
}

async function dial(address: string): Promise<Socket> {
  const socket = connect(address);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

test('carries a word to the runtime and one to every face', async () => {
  const { hub, heard, address } = await startHub();
  const faces = [joinHub(address), joinHub(address)];
  await until(() => faces.every(({ client }) => client.isConnected()));
  faces[0]?.client.notify();
  await until(() => heard.count === 1);
  hub.announce();
  await until(() => faces.every((face) => face.heard.changed === 1));
});

test('delivers the word of a face that says it and leaves at once', async () => {
  const { heard, address } = await startHub();
  const client = buildHubClient(address, { changed: () => {}, lost: () => {} });
  client.notify();
  await client.close();
  await until(() => heard.count === 1);
});

test('tells a face that the runtime went, and joins the next one', async () => {
  const first = await startHub();
  const { client, heard } = joinHub(first.address);
  await until(() => client.isConnected());
  await first.hub.close();
  await until(() => heard.lost === 1);
  expect(client.isConnected()).toBe(false);
  const second = await startHub(first.address);
  client.join();
  await until(() => client.isConnected());
  second.hub.announce();
  await until(() => heard.changed === 1);
});

test('nothing breaks when nobody listens', async () => {
  const { client, heard } = joinHub(join(makeTestFolder(), 'runtime.sock'));
  client.notify();
  await settle();
  await until(() => !client.isConnected());
  await client.close();
  await client.close();
  client.join();
  expect(heard).toEqual({ changed: 0, lost: 0 });
});

test.each<[string, () => string]>([
  ['socket of a dead process', makeStaleSocket],
  [
    'file',
    () => {
      const file = join(makeTestFolder(), 'runtime.sock');
      writeFileSync(file, 'not a socket');
      return file;
    },
  ],
])('takes the place of a %s', async (_, make) => {
  const { address } = await startHub(make());
  const { client } = joinHub(address);
  await until(() => client.isConnected());
});

function makeStaleSocket(): string {
  const address = join(makeTestFolder(), 'runtime.sock');
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script, address]);
  expect(statSync(address).isSocket()).toBe(true);
  return address;
}

test.runIf(process.platform !== 'win32')('lets only its owner connect', async () => {
  const { address } = await startHub();
  expect(statSync(address).mode & 0o777).toBe(0o600);
});

test('believes nothing but its one word', async () => {
  const { heard, address } = await startHub();
  const socket = await dial(address);
  for (const garbage of [
    'changed\n',
    'written now\n',
    'WRITTEN\n',
    '\0\xff\xfe\n',
    '{"written":1}\n',
    '\n\n\n',
  ]) {
    socket.write(garbage, 'latin1');
  }
  socket.write('x'.repeat(1_000_000));
  socket.write('written\n');
  await settle();
  expect(heard.count).toBe(0);
  socket.write('wri');
  await settle();
  socket.write('tten\n');
  await until(() => heard.count === 1);
});

test('survives faces that vanish in the middle of a word', async () => {
  const { hub, heard, address } = await startHub();
  for (let n = 0; n < 20; n++) {
    const socket = await dial(address);
    socket.write('writ');
    socket.destroy();
    hub.announce();
  }
  const { client } = joinHub(address);
  client.notify();
  await until(() => heard.count === 1);
});

test('does not pile up words for a face that does not read', async () => {
  const { hub, address } = await startHub();
  const socket = await dial(address);
  let received = 0;
  for (let n = 0; n < 500_000; n++) hub.announce();
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
  for (let before = -1; before < received; ) {
    before = received;
    await settle();
  }
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(1_000_000);
});

test('a face survives garbage from the runtime', async () => {
  const address = join(makeTestFolder(), 'runtime.sock');
  const server = await listen(address, (socket) => socket.write(`${'y'.repeat(300_000)}\nchanged\n`));
  const { client, heard } = joinHub(address);
  await until(() => heard.changed === 1);
  expect(client.isConnected()).toBe(true);
  server.close();
});

function listen(address: string, onConnect: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    onConnect(socket);
  });
  return new Promise((resolve) => server.listen(address, () => resolve(server)));
}

const place: HubPlace = { dataDir: '/data', platform: 'linux', temporaryDir: '/tmp', userId: 7 };

test.each<[string, Partial<HubPlace>, { address: unknown; folder: unknown }]>([
  ['in the data folder', {}, { address: '/data/runtime.sock', folder: null }],
  [
    'in the data folder up to 107 bytes',
    { dataDir: `/${'d'.repeat(93)}` },
    { address: `/${'d'.repeat(93)}/runtime.sock`, folder: null },
  ],
  [
    'in the temporary folder when the path is longer',
    { dataDir: `/${'d'.repeat(95)}` },
    { address: expect.stringMatching(/^\/tmp\/jorbs-7\/[0-9a-f]{32}\.sock$/), folder: '/tmp/jorbs-7' },
  ],
  [
    'counting bytes, not characters',
    { dataDir: `/${'ä'.repeat(50)}` },
    { address: expect.stringMatching(/^\/tmp\//), folder: '/tmp/jorbs-7' },
  ],
  [
    'in the temporary folder sooner on a Mac',
    { dataDir: `/${'d'.repeat(91)}`, platform: 'darwin' },
    { address: expect.stringMatching(/^\/tmp\//), folder: '/tmp/jorbs-7' },
  ],
  [
    'as a named pipe on Windows',
    { platform: 'win32' },
    { address: expect.stringMatching(/^\\\\\.\\pipe\\jorbs-[0-9a-f]{32}$/), folder: null },
  ],
])('is found %s', (_, change, expected) => {
  expect(computeHubAddress({ ...place, ...change })).toEqual(expected);
});

test('gives two data folders two addresses', () => {
  const [a, b] = ['a', 'b'].map((end) =>
    computeHubAddress({ ...place, dataDir: `/${'d'.repeat(120)}${end}` }),
  );
  expect(a?.address).not.toBe(b?.address);
});

test.runIf(process.platform === 'linux')('really listens at the longest address there is', async () => {
  const folder = makeTestFolder();
  const dataDir = join(folder, 'd'.repeat(107 - 'runtime.sock'.length - folder.length - 2));
  mkdirSync(dataDir);
  const { address } = computeHubAddress({ ...place, dataDir });
  expect(Buffer.byteLength(address)).toBe(107);
  await startHub(address);
  const { client } = joinHub(address);
  await until(() => client.isConnected());
});

test.runIf(process.getuid !== undefined)('trusts only a folder of its own that is closed to others', () => {
  const parent = makeTestFolder();
  const userId = process.getuid?.() ?? -1;
  const make = (name: string, mode: number) => {
    mkdirSync(join(parent, name), { mode });
    return join(parent, name);
  };
  symlinkSync(make('real', 0o700), join(parent, 'link'));
  writeFileSync(join(parent, 'file'), '');
  expect(prepareHubFolder(join(parent, 'new'), userId)).toBe(true);
  expect(statSync(join(parent, 'new')).mode & 0o777).toBe(0o700);
  expect(prepareHubFolder(join(parent, 'new'), userId)).toBe(true);
  expect(prepareHubFolder(join(parent, 'new'), userId + 1)).toBe(false);
  expect(prepareHubFolder(make('open', 0o755), userId)).toBe(false);
  expect(prepareHubFolder(join(parent, 'link'), userId)).toBe(false);
  expect(prepareHubFolder(join(parent, 'file'), userId)).toBe(false);
  expect(prepareHubFolder(join(parent, 'no', 'parent'), userId)).toBe(false);
});
