import { expect, test } from 'vitest';
import { noticeKinds } from '../../src/domain/notice.ts';
import { hotel } from './errand.ts';
import { openHost } from './open-host.ts';

test('what a jorb mails at once is shown where it is not everything', async () => {
  const { call } = await openHost();
  await call('create_jorb', hotel);
  const everything = await call('get_jorb', { id: 'jorb_1' });
  expect(everything.data.jorb).not.toHaveProperty('notify_on');
  expect(everything.text).not.toContain('Mails you at once');
  await call('steer_jorb', { id: 'jorb_1', notify_on: ['late_reply', 'fail', 'fail'] });
  const some = await call('get_jorb', { id: 'jorb_1' });
  expect(some.data.jorb).toMatchObject({ notify_on: ['fail', 'late_reply'] });
  expect(some.text).toContain('Mails you at once: fail, late reply');
  await call('steer_jorb', { id: 'jorb_1', notify_on: [] });
  const none = await call('get_jorb', { id: 'jorb_1' });
  expect(none.data.jorb).toMatchObject({ notify_on: [] });
  expect(none.text).toContain('Mails you at once: nothing');
  await call('steer_jorb', { id: 'jorb_1', notify_on: [...noticeKinds] });
  expect((await call('get_jorb', { id: 'jorb_1' })).data.jorb).not.toHaveProperty('notify_on');
});

test('a kind that there is not is refused with those that there are', async () => {
  const { client } = await openHost();
  const result = await client.callTool({
    name: 'create_jorb',
    arguments: { ...hotel, notify_on: ['sms'] },
  });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain('notify_on cannot hold');
  for (const kind of noticeKinds) expect(JSON.stringify(result.content)).toContain(kind);
});
