import { describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from '../../src/lib/duration.ts';
import { settle } from '../support/event-loop.ts';
import { hotel, type OpenHost } from './errand.ts';
import { type Era, eras, openHost, readAnswer } from './open-host.ts';

const wait = { id: 'jorb_1', wait_seconds: 25 };

/** A host with one jorb, long after it connected. */
async function openWithJorb(era: Era): Promise<OpenHost> {
  const host = await openHost({ era });
  await host.call('create_jorb', hotel);
  host.world.clock.advance(minuteMs);
  await settle();
  return host;
}

describe.each(eras)('get_jorb with wait_seconds, in %s', (era) => {
  test('answers as soon as the jorb changes', async () => {
    const host = await openWithJorb(era);
    const answer = host.call('get_jorb', wait);
    await settle();
    await host.call('set_jorb_status', { id: 'jorb_1', command: 'pause' });
    expect((await answer).data).toMatchObject({ changed: true, jorb: { status: 'paused' } });
  });

  test('answers when the time is up', async () => {
    const host = await openWithJorb(era);
    const answer = host.call('get_jorb', wait);
    await settle();
    host.world.clock.advance(25 * secondMs);
    const { data, text } = await answer;
    expect(data).toMatchObject({ changed: false });
    expect(text).toContain('Nothing changed meanwhile.');
  });

  test('sleeps on when something else changes', async () => {
    const host = await openWithJorb(era);
    const answer = host.call('get_jorb', wait);
    await settle();
    await host.call('create_jorb', { ...hotel, name: 'Table for two' });
    await settle();
    host.world.clock.advance(25 * secondMs);
    expect((await answer).data).toMatchObject({ changed: false });
  });

  test('tells a host that wants to know that it still waits', async () => {
    const host = await openWithJorb(era);
    const heard: unknown[] = [];
    const answer = host.client.callTool(
      { name: 'get_jorb', arguments: { ...wait, wait_seconds: 12 } },
      { onprogress: (progress) => heard.push(progress) },
    );
    await settle();
    for (let second = 0; second < 12; second++) {
      host.world.clock.advance(secondMs);
      await settle();
    }
    expect(readAnswer(await answer).data).toMatchObject({ changed: false });
    const message = 'waiting for a change';
    expect(heard).toEqual([
      { progress: 5, total: 12, message },
      { progress: 10, total: 12, message },
    ]);
  });

  test('leaves nothing behind when the host cancels', async () => {
    const host = await openWithJorb(era);
    const cancel = new AbortController();
    const answer = host.client.callTool({ name: 'get_jorb', arguments: wait }, { signal: cancel.signal });
    await settle();
    expect(host.world.clock.nextTimerAt()).toBeDefined();
    cancel.abort();
    await expect(answer).rejects.toThrow();
    await settle();
    expect(host.world.clock.nextTimerAt()).toBeUndefined();
  });

  test('does not wait for what is not there', async () => {
    const host = await openHost({ era });
    expect(await host.call('get_jorb', { ...wait, id: 'jorb_9' })).toMatchObject({
      isError: true,
      text: 'there is no jorb jorb_9',
    });
  });
});
