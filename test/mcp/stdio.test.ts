import { expect, test } from 'vitest';
import { settle } from '../support/event-loop.ts';
import { connectHost, eras, openHost } from './open-host.ts';

test.each(eras)('a host that looks and leaves never makes the face run, in %s', async (era) => {
  const { client, face, served, world } = await openHost({ era });
  await client.listTools();
  await client.listPrompts();
  await client.listResources();
  await client.readResource({ uri: 'jorb://index' });
  await client.close();
  await served;
  world.clock.advance(60_000);
  expect(face.stood).toBe(0);
});

test.each(eras)('a face stands for election once its host has stayed for 3 s, in %s', async (era) => {
  const { face, world } = await openHost({ era });
  world.clock.advance(2_999);
  expect(face.stood).toBe(0);
  world.clock.advance(1);
  expect(face.stood).toBe(1);
});

test.each([
  ['list_jorbs', {}, false],
  ['brief', { peek: true }, false],
  ['get_status', {}, false],
  ['stop_everything', {}, false],
  ['stop_everything', { resume: true }, true],
  ['get_jorb', { id: 'jorb_1' }, false],
  ['get_jorb', { id: 'jorb_1', wait_seconds: 1 }, true],
  ['approve', { id: 'approval_1', answer: 'accept' }, true],
  ['set_jorb_status', { id: 'jorb_1', command: 'start' }, true],
])('%s %j makes the face stand: %s', async (name, given, stands) => {
  const { call, face } = await openHost();
  await call(name, given);
  expect(face.stood).toBe(stands ? 1 : 0);
});

test('a call with bad arguments does not make the face stand', async () => {
  const { call, face } = await openHost();
  await call('approve', { id: 'approval_1', answer: 'yes' });
  expect(face.stood).toBe(0);
});

test('serving ends when the host is gone, and nothing of the connection stays behind', async () => {
  const { client, served, face, world } = await openHost();
  await client.subscribeResource({ uri: 'jorb://index' });
  await client.close();
  await served;
  face.change();
  await settle();
  expect(face.listening).toBe(0);
  expect(world.clock.nextTimerAt()).toBeUndefined();
});

test('a mistake of ours is logged and told in one fixed sentence', async () => {
  const { face } = await openHost();
  const broken = await connectHost({
    ...face,
    readStatus: () => Promise.reject(new Error('the secret is 1234')),
  });
  const { text, isError } = await broken.call('get_status');
  expect(isError).toBe(true);
  expect(text).toMatchInlineSnapshot(
    `"get_status failed for a reason of its own, and the log of the server says which; look with get_status before trying again"`,
  );
  expect(face.logged).toContainEqual(expect.objectContaining({ tool: 'get_status', msg: 'a tool failed' }));
});
