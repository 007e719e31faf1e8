import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from '../../src/lib/duration.ts';
import { settle, until } from '../support/event-loop.ts';
import { progressFile, queueEntry } from '../support/progress.ts';
import { askToBook, hotel, type OpenHost } from './errand.ts';
import { type Era, eras, openHost } from './open-host.ts';

async function readJson(host: OpenHost, uri: string): Promise<Record<string, unknown>> {
  const { contents } = await host.client.readResource({ uri });
  const [data, text] = contents;
  expect(data).toMatchObject({ uri, mimeType: 'application/json' });
  expect(text).toMatchObject({ uri, mimeType: 'text/plain', text: expect.stringMatching(/\S/) });
  return JSON.parse(data && 'text' in data ? data.text : '');
}

describe.each(eras)('resources, in %s', (era) => {
  test('the list names what is always there, and each jorb', async () => {
    const host = await openHost({ era });
    await host.call('create_jorb', hotel);
    const { resources } = await host.client.listResources();
    expect(resources.map(({ uri, title }) => [uri, title])).toEqual([
      ['jorb://index', 'Jorbs, latest activity first'],
      ['jorb://brief', 'What happened since the last brief'],
      ['jorb://progress', 'What context resets put on record'],
      ['jorb://status', 'Who runs, what waits, what is wrong'],
      ['jorb://jorb_1', 'Hotel for GDC'],
    ]);
    const { resourceTemplates } = await host.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'jorb://{id}',
      'jorb://{id}/transcript',
      'jorb://{id}/decisions',
      'jorb://digest/{date}',
    ]);
  });

  test('each holds data and the same as text', async () => {
    const host = await openHost({ era });
    await askToBook(host);
    expect(await readJson(host, 'jorb://index')).toMatchObject({ total: 1, jorbs: [{ id: 'jorb_1' }] });
    expect(await readJson(host, 'jorb://jorb_1')).toMatchObject({
      id: 'jorb_1',
      status: 'paused',
      pending_approvals: ['approval_1'],
    });
    expect(await readJson(host, 'jorb://jorb_1/transcript')).toMatchObject({
      total: 2,
      messages: [
        { direction: 'in', third_party_text: expect.stringContaining('$289') },
        { direction: 'out', text: expect.stringContaining('Do you have a room') },
      ],
    });
    expect(await readJson(host, 'jorb://jorb_1/decisions')).toMatchObject({
      note: expect.stringContaining('never instructions'),
      rest: 'none',
      decisions: [
        { after: [{ event_id: 'event_1', address: 'magic' }], actions: [{ status: 'awaiting_approval' }] },
        { kind: 'routing', by: 'rules' },
        { calls: [{ tool: 'send_message', outcome: expect.stringContaining('queued') }] },
      ],
    });
    expect(await readJson(host, 'jorb://status')).toMatchObject({ waiting: { approvals: 1 } });
  });

  test('the progress log is the end of its file, as people see it', async () => {
    const host = await openHost({ era });
    const read = () => readJson(host, 'jorb://progress');
    const file = progressFile(host.world);
    expect(await read()).toMatchObject({ file, lines: [], exists: false, has_more: false });
    writeFileSync(file, `${Array.from({ length: 300 }, (_, n) => `line ${n}`).join('\n')}\nmine: a\u202eb`);
    const { lines, ...rest } = await read();
    if (!Array.isArray(lines)) throw new Error('lines are a list');
    expect(rest).toEqual({
      note: expect.stringContaining('never instructions'),
      file,
      exists: true,
      has_more: true,
    });
    expect(lines).toHaveLength(200);
    expect(lines.at(-1)).toBe('mine: a⟨U+202E⟩b');
    rmSync(file);
    mkdirSync(file);
    await expect(read()).rejects.toThrow('the log of the server says why');
  });

  test('a digest is read by its date, and the newest without', async () => {
    const host = await openHost({ era });
    const { owner } = host.world;
    const complete = async (value: string) => {
      const ref = { type: 'ref/resource', uri: 'jorb://digest/{date}' } as const;
      return (await host.client.complete({ ref, argument: { name: 'date', value } })).completion.values;
    };
    expect(await complete('')).toEqual([]);
    for (const [index, date] of ['2026-11-19', '2026-11-20'].entries()) {
      const render = () => ({ subject: `digest ${index}`, text: `text ${index}`, html: '<p>html</p>' });
      const request = { date, render, sendsEmpty: true };
      await owner.store.composeDigest(host.world.life.fence, request, owner.clock.now());
    }
    const newest = {
      date: '2026-11-20',
      needs_owner: 0,
      mail: { status: 'queued' },
      third_party_text: 'text 1',
    };
    expect(await readJson(host, 'jorb://digest/latest')).toMatchObject(newest);
    expect(await readJson(host, 'jorb://digest/2026-11-20')).toMatchObject(newest);
    expect(await readJson(host, 'jorb://digest/2026-11-19')).toMatchObject({ subject: 'digest 0' });
    expect(await complete('')).toEqual(['latest', '2026-11-20', '2026-11-19']);
    expect(await complete('2026-11-1')).toEqual(['2026-11-19']);
  });

  test('reading the brief does not move its mark', async () => {
    const host = await openHost({ era });
    await host.call('create_jorb', hotel);
    const first = await readJson(host, 'jorb://brief');
    expect(first).toMatchObject({ activity: { created: 1 } });
    expect(await readJson(host, 'jorb://brief')).toEqual(first);
    await host.call('brief');
    expect(await readJson(host, 'jorb://brief')).toMatchObject({ activity: { created: 0 } });
  });

  test.each([
    'jorb://jorb_9',
    'jorb://jorb_9/transcript',
    'jorb://jorb_9/decisions',
    'jorb://nothing',
    'jorb://jorb_1/secrets',
    'jorb://jorb_01',
    'jorb://digest',
    'jorb://digest/2026-11-20',
    'jorb://digest/latest',
    'jorb://digest/today',
  ])('there is no %s', async (uri) => {
    const host = await openHost({ era });
    await host.call('create_jorb', hotel);
    await expect(host.client.readResource({ uri })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(uri),
    });
  });

  test.each([
    ['', ['jorb_2', 'jorb_1']],
    ['jorb_1', ['jorb_1']],
    ['GDC', ['jorb_1']],
    ['for', ['jorb_2', 'jorb_1']],
    ['nothing such', []],
  ])('an id is completed from “%s”', async (typed, ids) => {
    const host = await openHost({ era });
    await host.call('create_jorb', hotel);
    host.world.clock.advance(secondMs);
    await host.call('create_jorb', { ...hotel, name: 'Table for two' });
    for (const uri of ['jorb://{id}', 'jorb://{id}/transcript', 'jorb://{id}/decisions']) {
      const { completion } = await host.client.complete({
        ref: { type: 'ref/resource', uri },
        argument: { name: 'id', value: typed },
      });
      expect(completion.values).toEqual(ids);
    }
  });
});

/** What the server told the host, in order. */
function hear({ client }: OpenHost): string[] {
  const told: string[] = [];
  client.setNotificationHandler(
    'notifications/resources/updated',
    ({ params }) => void told.push(params.uri),
  );
  client.setNotificationHandler('notifications/resources/list_changed', () => void told.push('the list'));
  return told;
}

/** Follows in the way of the era. Returns how to stop. */
async function follow({ client }: OpenHost, uris: string[]): Promise<() => Promise<unknown>> {
  if (client.getNegotiatedProtocolVersion() === '2026-07-28') {
    const subscription = await client.listen({ resourceSubscriptions: uris, resourcesListChanged: true });
    return () => subscription.close();
  }
  for (const uri of uris) await client.subscribeResource({ uri });
  return () => Promise.all(uris.map((uri) => client.unsubscribeResource({ uri })));
}

/** Has the face notice what was written, and lets time pass. */
async function lookAgain({ face, world }: OpenHost, ms = secondMs): Promise<void> {
  face.change();
  world.clock.advance(ms);
  await settle();
}

/** A host with one jorb, that was told of it. */
async function openWithJorb(era: Era): Promise<OpenHost> {
  const host = await openHost({ era });
  await host.call('create_jorb', hotel);
  await lookAgain(host);
  return host;
}

describe.each(eras)('changes, in %s', (era) => {
  test('a new entry of the progress log is told', async () => {
    const host = await openHost({ era });
    const told = hear(host);
    await follow(host, ['jorb://progress']);
    queueEntry(host.world, 'one');
    await lookAgain(host);
    expect(told).toEqual([]);
    await host.world.tick('progress');
    await lookAgain(host);
    await until(() => told.length > 0);
    expect(told).toEqual(['jorb://progress']);
  });

  test('a new jorb changes the list', async () => {
    const host = await openHost({ era });
    const told = hear(host);
    await follow(host, []);
    await host.call('create_jorb', hotel);
    await lookAgain(host);
    expect(told).toEqual(['the list']);
  });

  test('what is followed is told of when it changes, and nothing else', async () => {
    const host = await openWithJorb(era);
    await host.call('create_jorb', { ...hotel, name: 'Table for two' });
    await lookAgain(host);
    const told = hear(host);
    await follow(host, ['jorb://jorb_1', 'jorb://jorb_1/transcript', 'jorb://jorb_2']);
    await host.call('set_jorb_status', { id: 'jorb_1', command: 'pause' });
    await lookAgain(host);
    expect(told).toEqual(['jorb://jorb_1']);
  });

  test('a change that changes nothing followed is not told', async () => {
    const host = await openWithJorb(era);
    const told = hear(host);
    await follow(host, ['jorb://jorb_1/transcript']);
    await host.call('set_jorb_status', { id: 'jorb_1', command: 'pause' });
    await lookAgain(host);
    await lookAgain(host);
    expect(told).toEqual([]);
  });

  test('many changes are told at most once a second', async () => {
    const host = await openWithJorb(era);
    const told = hear(host);
    await follow(host, ['jorb://jorb_1']);
    await host.call('set_jorb_status', { id: 'jorb_1', command: 'pause' });
    await lookAgain(host, 1);
    for (const command of ['resume', 'pause', 'resume']) {
      await host.call('set_jorb_status', { id: 'jorb_1', command });
      await lookAgain(host, 100);
    }
    expect(told).toEqual(['jorb://jorb_1']);
    await lookAgain(host, 700);
    expect(told).toEqual(['jorb://jorb_1', 'jorb://jorb_1']);
  });

  test('what is not followed any more is not told', async () => {
    const host = await openWithJorb(era);
    const told = hear(host);
    const stop = await follow(host, ['jorb://jorb_1']);
    await stop();
    await settle();
    await host.call('set_jorb_status', { id: 'jorb_1', command: 'pause' });
    await lookAgain(host);
    expect(told).toEqual([]);
  });
});

test('a resource that is not there cannot be followed, in 2025-11-25', async () => {
  const host = await openHost();
  await expect(host.client.subscribeResource({ uri: 'jorb://jorb_9' })).rejects.toMatchObject({
    code: -32602,
  });
});

test('with nothing followed any more nothing is read, in 2026-07-28', async () => {
  const host = await openWithJorb('2026-07-28');
  const stop = await follow(host, ['jorb://jorb_1']);
  host.world.clock.advance(minuteMs);
  host.face.change();
  expect(host.world.clock.nextTimerAt()).toBeDefined();
  await lookAgain(host);
  await stop();
  await settle();
  host.face.change();
  expect(host.world.clock.nextTimerAt()).toBeUndefined();
});
