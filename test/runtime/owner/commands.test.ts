import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../src/lib/duration.ts';
import { assignMessage } from '../../../src/runtime/owner/assign-message.ts';
import type { OwnerContext } from '../../../src/runtime/owner/context.ts';
import { createJorb } from '../../../src/runtime/owner/create-jorb.ts';
import { getJorb } from '../../../src/runtime/owner/get-jorb.ts';
import { injectMessage } from '../../../src/runtime/owner/inject-message.ts';
import { listInbox } from '../../../src/runtime/owner/list-inbox.ts';
import { listJorbs } from '../../../src/runtime/owner/list-jorbs.ts';
import { readTranscript } from '../../../src/runtime/owner/read-transcript.ts';
import { resumeEverything } from '../../../src/runtime/owner/resume-everything.ts';
import { setJorbStatus } from '../../../src/runtime/owner/set-jorb-status.ts';
import { setProfileField } from '../../../src/runtime/owner/set-profile-field.ts';
import { steerJorb } from '../../../src/runtime/owner/steer-jorb.ts';
import { stopEverything } from '../../../src/runtime/owner/stop-everything.ts';
import { takeBrief } from '../../../src/runtime/owner/take-brief.ts';
import { buildQueueBrain } from '../../support/brains.ts';
import { openWorld } from '../../support/world.ts';

const request = {
  name: 'Hotel',
  plan: 'Find a room.',
  contacts: [{ name: 'Magic', address: '@Magic' }],
};

/** The owner of a new folder, with a count of how often the runtime was told. */
async function openOwner() {
  const world = await openWorld({ brain: buildQueueBrain() });
  const told: number[] = [];
  const owner: OwnerContext = { ...world.otherFace, written: () => void told.push(world.clock.now()) };
  return { ...world, owner, told };
}

describe('the runtime is told', () => {
  const writes: [string, (owner: OwnerContext) => Promise<unknown>][] = [
    ['create', (owner) => createJorb(owner, request)],
    ['steer', (owner) => steerJorb(owner, 'jorb_1', { guidance: 'Be quick.' })],
    ['pause', (owner) => setJorbStatus(owner, { id: 'jorb_1', command: 'pause', reason: 'wait' })],
    ['stop', (owner) => stopEverything(owner, { reason: null })],
    ['resume', (owner) => resumeEverything(owner)],
    ['profile', (owner) => setProfileField(owner, { field: 'home_address', value: '12 Elm Street' })],
    ['inject', (owner) => injectMessage(owner, { ...message, text: 'Hi' })],
  ];
  const message = { channel: 'loopback', from: 'magic', externalId: null, inReplyTo: null } as const;

  test.each(writes)('of a %s', async (_, write) => {
    const { owner, told } = await openOwner();
    await createJorb(owner, request);
    told.length = 0;
    await write(owner);
    expect(told).toHaveLength(1);
  });

  const reads: [string, (owner: OwnerContext) => Promise<unknown>][] = [
    ['a jorb', (owner) => getJorb(owner, 'jorb_1')],
    ['a list', (owner) => listJorbs(owner, { filter: 'all', limit: 10, offset: 0 })],
    [
      'a transcript',
      (owner) => readTranscript(owner, { id: 'jorb_1', order: 'newest', limit: 10, offset: 0 }),
    ],
    ['the inbox', (owner) => listInbox(owner, { limit: 10, offset: 0 })],
    ['a brief', (owner) => takeBrief(owner, { peek: true })],
  ];
  test.each(reads)('of nothing when %s is read', async (_, read) => {
    const { owner, told } = await openOwner();
    await createJorb(owner, request);
    told.length = 0;
    await read(owner);
    expect(told).toEqual([]);
  });
});

describe('bad input gets one sentence that names the field', () => {
  const page = { limit: 10, offset: 0 };
  const cases: [
    string,
    (owner: OwnerContext) => Promise<unknown>,
    { code: string; field: string; message: RegExp },
  ][] = [
    ['a jorb id', (owner) => getJorb(owner, 'jorb_0'), { code: 'invalid', field: 'id', message: /jorb_47/ }],
    [
      'a jorb that is not there',
      (owner) => getJorb(owner, 'jorb_99'),
      { code: 'not_found', field: 'id', message: /no jorb jorb_99/ },
    ],
    [
      'an id with hidden characters',
      (owner) => getJorb(owner, 'jorb_1\u202e'),
      { code: 'invalid', field: 'id', message: /^"jorb_1"/ },
    ],
    [
      'an id of another kind',
      (owner) => assignMessage(owner, { eventId: 'jorb_1', jorbId: 'jorb_1' }),
      { code: 'invalid', field: 'event_id', message: /event_47/ },
    ],
    [
      'a jorb to assign to',
      (owner) => assignMessage(owner, { eventId: 'event_1', jorbId: '1' }),
      { code: 'invalid', field: 'jorb_id', message: /jorb_47/ },
    ],
    [
      'a limit',
      (owner) => listInbox(owner, { ...page, limit: 0 }),
      { code: 'invalid', field: 'limit', message: /1 to 200/ },
    ],
    [
      'a fraction',
      (owner) => listInbox(owner, { ...page, offset: 1.5 }),
      { code: 'invalid', field: 'offset', message: /whole number/ },
    ],
    [
      'a filter',
      (owner) => listJorbs(owner, { ...page, filter: 'done' as 'all' }),
      { code: 'invalid', field: 'filter', message: /open, closed, all/ },
    ],
    [
      'a reason',
      (owner) => stopEverything(owner, { reason: 'x'.repeat(5000) }),
      { code: 'invalid', field: 'reason', message: /4000/ },
    ],
    [
      'a field name',
      (owner) => setProfileField(owner, { field: 'Home Address', value: 'x' }),
      { code: 'invalid', field: 'field', message: /home_address/ },
    ],
    [
      'a field value',
      (owner) => setProfileField(owner, { field: 'code', value: '-1-' }),
      { code: 'invalid', field: 'value', message: /at least 2/ },
    ],
    [
      'a sender',
      (owner) =>
        injectMessage(owner, {
          channel: 'loopback',
          from: ' ',
          text: 'Hi',
          externalId: null,
          inReplyTo: null,
        }),
      { code: 'invalid', field: 'from', message: /not an address on loopback/ },
    ],
    [
      'an empty message',
      (owner) =>
        injectMessage(owner, {
          channel: 'loopback',
          from: 'magic',
          text: ' ',
          externalId: null,
          inReplyTo: null,
        }),
      { code: 'invalid', field: 'text', message: /empty/ },
    ],
    [
      'a move that cannot be',
      (owner) => setJorbStatus(owner, { id: 'jorb_1', command: 'resume', reason: null }),
      { code: 'conflict', field: 'id', message: /running cannot be resumed/ },
    ],
  ];
  test.each(cases)('%s', async (_, run, { code, field, message }) => {
    const { owner, told } = await openOwner();
    await createJorb(owner, request);
    told.length = 0;
    await expect(run(owner)).rejects.toMatchObject({
      name: 'Refusal',
      code,
      field,
      message: expect.stringMatching(message),
    });
    expect(told).toEqual([]);
  });
});

test('the same idempotency key creates once', async () => {
  const { owner, sql } = await openOwner();
  const first = await createJorb(owner, { ...request, idempotency_key: 'k' });
  const second = await createJorb(owner, { ...request, idempotency_key: 'k' });
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.detail.jorb.id).toBe(first.detail.jorb.id);
  expect(sql('select count(*) jorbs from jorb')).toEqual([{ jorbs: 1 }]);
});

test('limits beyond the defaults are asked of the owner, and the errand waits for the yes', async () => {
  const { owner } = await openOwner();
  const contract = { spend_without_approval: '5000.00' };
  const { detail, approval } = await createJorb(owner, { ...request, contract });
  expect(approval?.action.payload).toMatchObject({ kind: 'change_contract', startAfter: true });
  expect(detail.jorb.status).toBe('planning');
  expect(detail.contract.money.withoutApproval).toBe(10_000);
});

test('a new contact of a running errand is asked of the owner', async () => {
  const { owner } = await openOwner();
  const { detail } = await createJorb(owner, request);
  const steered = await steerJorb(owner, detail.jorb.id, {
    add_contacts: [{ name: 'Zetta', address: 'zetta' }],
  });
  expect(steered.approval?.action.payload.kind).toBe('change_contract');
  expect(steered.detail.contract.counterparties).toHaveLength(1);
});

test('a message without an id is a new one each time, with one it is one', async () => {
  const { owner, sql } = await openOwner();
  const message = { channel: 'loopback', from: 'magic', text: 'Hi', inReplyTo: null } as const;
  for (const externalId of [null, null, 'one', 'one']) await injectMessage(owner, { ...message, externalId });
  expect(sql('select count(*) events from event')).toEqual([{ events: 3 }]);
});

test('a brief moves its mark, a peek does not', async () => {
  const { owner } = await openOwner();
  await createJorb(owner, request);
  const counts: number[] = [];
  for (const peek of [true, true, false, true])
    counts.push((await takeBrief(owner, { peek })).activity.created);
  expect(counts).toEqual([1, 1, 1, 0]);
});

test('a brief may look back by hours or to a time of the owner, and moves no mark then', async () => {
  const { owner, clock } = await openOwner();
  await createJorb(owner, request);
  clock.advance(3 * hourMs);
  const look = async (back: { hours?: number; since?: string }) =>
    (await takeBrief(owner, { peek: false, ...back })).activity.created;
  expect(await look({ hours: 2.5 })).toBe(0);
  expect(await look({ hours: 3 })).toBe(1);
  expect(await look({ hours: 720 })).toBe(1);
  expect(await look({ since: '2026-11-20T08:59:59-00:30' })).toBe(0);
  expect(await look({ since: '2026-11-20T10:00:00+01:00' })).toBe(1);
  // A day begins at a midnight of the owner's.
  expect(await look({ since: '2026-11-20' })).toBe(1);
  const inTokyo = { ...owner, timeZone: () => 'Asia/Tokyo' };
  clock.advance(3 * hourMs);
  const today = await takeBrief(inTokyo, { peek: false, since: '2026-11-21' });
  expect(today).toMatchObject({ since: Date.UTC(2026, 10, 20, 15), activity: { created: 0 } });
  expect(await look({})).toBe(1);
  expect(await look({})).toBe(0);
});

test.each([
  [{ hours: 0 }, 'hours must be a number above 0 and at most 720, not 0'],
  [{ hours: Number.POSITIVE_INFINITY }, 'hours must be a number above 0 and at most 720, not Infinity'],
  [{ hours: Number.NaN }, 'hours must be a number above 0 and at most 720, not NaN'],
  [{ hours: 1, since: '2026-11-19' }, 'hours and since say the same in two ways; give one of them'],
  [
    { since: '2026-11-20T09:00:01Z' },
    'since is "2026-11-20T09:00:01Z", which is in the future; it must be in the past',
  ],
  [{ since: '2024-01-01' }, 'since is "2024-01-01", which is more than a year ago; a year is the most'],
  [
    { since: 'last week' },
    'since must be a date such as 2026-11-22 or a time with its offset such as 2026-11-22T18:00:00Z, not "last week"',
  ],
])('a brief that cannot look back says which field is wrong: %j', async (back, sentence) => {
  const { owner } = await openOwner();
  await createJorb(owner, request);
  await expect(takeBrief(owner, { peek: false, ...back })).rejects.toThrow(sentence);
  expect((await takeBrief(owner, { peek: false })).activity.created).toBe(1);
});
