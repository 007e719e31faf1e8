import { describe, expect, test } from 'vitest';
import { buildWebChannel } from '../../src/channels/web/web.ts';
import type { ToolCall } from '../../src/domain/brain.ts';
import type { Contract } from '../../src/domain/contract.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import type { NewMessage } from '../../src/domain/turn.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { buildScriptedBrain, call, sendMessage } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb, buildSteering } from '../support/store.ts';
import { formatResponse, openWebHost } from '../support/web-host.ts';
import { openWorld } from '../support/world.ts';

const host = 'api.example.com';
const outboxRows = 'select status, attempts from outbox order by id';

function buildWebJorb(contract: Partial<Contract> = {}): Partial<NewJorb> {
  const counterparties: NewJorb['counterparties'] = [
    { channel: 'web', address: host, name: 'Rooms', ask: null },
    { channel: 'loopback', address: 'magic', name: 'Magic', ask: null },
  ];
  const base = buildNewJorb().contract;
  const named = counterparties.map(({ channel, address }) => ({ channel, address }));
  return { counterparties, contract: { ...base, counterparties: named, ...contract } };
}

function request(url: string, change: { method?: 'GET' | 'POST'; body?: string } = {}) {
  const { method = 'GET', body = null } = change;
  const rest = { based_on: null, confidence: 1, consequence: null };
  return call('http_request', { url, method, body, ...rest });
}

/** Keeps a jorb running. */
const wait = call('schedule_wake', { at: null, minutes_from_now: 600, reason: 'wait' });

/** A jorb that may ask one host, which answers with what it was asked. */
async function open(jorb: Partial<NewJorb> = buildWebJorb()) {
  const web = await openWebHost();
  web.answer = ({ method, path }, socket) => {
    const body = `"${method} ${path} ${web.requests.length}"`;
    socket.end(formatResponse({ headers: { 'content-type': 'application/json' }, body }));
  };
  const turns = new Map<JorbId, ToolCall[][]>();
  const messages: NewMessage[] = [];
  const brain = buildScriptedBrain(({ context, steps }) => {
    if (steps.length > 0) return [];
    messages.push(...context.newMessages);
    return turns.get(context.jorb.id)?.shift() ?? [wait];
  });
  /** What a jorb does in its next turn that has nothing else to do. */
  const say = (given: ToolCall, jorbId: JorbId = 'jorb_1') =>
    void turns.set(jorbId, [...(turns.get(jorbId) ?? []), [given, wait]]);
  const world = await openWorld({
    brain,
    buildChannels: (clock) => [buildWebChannel({ clock, version: '0', wire: web.wire })],
  });
  const createJorb = async (change: Partial<NewJorb> = {}) =>
    (await world.otherFace.store.createJorb(buildNewJorb({ ...jorb, ...change }), world.clock.now())).jorb.id;
  const answer = async (kind: 'accept' | 'decline' = 'accept') => {
    const [approval] = await world.otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
    if (!approval) throw new Error('nothing was asked');
    const given = kind === 'accept' ? { kind } : { kind, text: null };
    const { id, hash } = approval;
    await answerApproval(world.otherFace, { id, hash, answer: given, confirmedBy: 'terminal' });
    return approval;
  };
  return { web, say, world, createJorb, answer, messages };
}

test('what the agent asks of a host comes back as a message from it, which the next turn sees', async () => {
  const { web, say, world, createJorb, messages } = await open();
  say(request(`https://${host}/rooms?nights=4`));
  await createJorb();
  await world.settle();
  expect(web.requests).toMatchObject([{ method: 'GET', path: '/rooms?nights=4', body: '' }]);
  expect(messages).toMatchObject([
    {
      channel: 'web',
      address: host,
      grade: 'verified',
      text: 'HTTP 200 application/json\n\n"GET /rooms?nights=4 1"',
    },
  ]);
  expect(world.sql(outboxRows)).toEqual([{ status: 'sent', attempts: 1 }]);
  const [outcome] = world.sql("select json_extract(body, '$.text') text from outcome");
  expect(outcome?.text).toContain(`its answer comes as a message from web:${host}`);
});

test('a host that the owner did not name is asked, and looked up, only after a yes', async () => {
  const { web, say, world, createJorb, answer, messages } = await open();
  say(request('https://other.example/'));
  await createJorb();
  await world.settle();
  expect([web.lookups, web.connections]).toEqual([[], 0]);
  const { action } = await answer();
  expect(action.findings).toMatchObject([{ rule: 'recipient', consequence: 'new_recipient' }]);
  await world.settle();
  expect(web.lookups).toEqual(['other.example']);
  expect(messages).toMatchObject([{ channel: 'web', address: 'other.example' }]);
});

test('a POST waits for the owner and leaves once, with exactly the bytes that were shown', async () => {
  const { web, say, world, createJorb, answer } = await open();
  say(request(`https://${host}/orders`, { method: 'POST', body: '{"room":"king"}' }));
  await createJorb();
  await world.settle();
  expect(web.connections).toBe(0);
  const { action } = await answer();
  expect(action).toMatchObject({
    consequence: 'commit',
    payload: { text: 'POST /orders\n\n{"room":"king"}' },
  });
  await world.settle();
  expect(web.requests).toMatchObject([{ method: 'POST', path: '/orders', body: '{"room":"king"}' }]);
});

test('a POST that was declined does not leave', async () => {
  const { web, say, world, createJorb, answer } = await open();
  say(request(`https://${host}/orders`, { method: 'POST', body: '{}' }));
  await createJorb();
  await world.settle();
  await answer('decline');
  await world.settle();
  expect(web.connections).toBe(0);
});

test('a message in words to a host is refused, and the agent is told how to ask', async () => {
  const { say, world, createJorb } = await open();
  say(sendMessage({ to: `web:${host}`, text: 'Do you have a room?' }));
  await createJorb();
  await world.settle();
  expect(world.sql('select status from outbox')).toEqual([]);
  expect(world.sql('select refusal from action')).toMatchObject([
    { refusal: expect.stringContaining('http_request') },
  ]);
});

test('two errands that ask one host each get their own answer', async () => {
  const { say, world, createJorb } = await open();
  say(request(`https://${host}/one`));
  say(request(`https://${host}/two`), 'jorb_2');
  await createJorb();
  await createJorb({ requestHash: 'second' });
  for (let turn = 0; turn < 2; turn++) await world.tick('turns');
  // Both answers are in before either is read.
  while (await world.tick('outbox'));
  await world.settle();
  expect(
    world.sql(
      "select jorb_id, status, substr(text, instr(text, '/on')) text from event where text like '%/one%'",
    ),
  ).toMatchObject([{ jorb_id: 1, status: 'handled' }]);
  expect(world.sql("select jorb_id, status from event where text like '%/two%'")).toEqual([
    { jorb_id: 2, status: 'handled' },
  ]);
});

describe('a process that dies', () => {
  const points = [
    'delivery.claimed',
    'before receiveEvent',
    'inbox.stored',
    'delivery.sent',
    'before settleDelivery',
    'after settleDelivery',
  ];

  test.each(points)('at "%s" leaves one answer to a GET, which the right errand sees', async (point) => {
    const { say, world, createJorb } = await open();
    // Another errand that knows the host: only the key says whose answer it is.
    await createJorb();
    await createJorb({ requestHash: 'second' });
    say(request(`https://${host}/rooms`), 'jorb_2');
    for (let turn = 0; turn < 2; turn++) await world.tick('turns');
    world.diesAt = dieOnce((reached) => reached === point);
    await world.tick('outbox');
    expect(world.crashes).toBe(1);
    world.diesAt = () => false;
    // The answer is routed before the request is made again.
    while ((await world.tick('debouncer')) || (await world.tick('router')));
    await world.advance(minuteMs);
    expect(world.sql('select jorb_id, status from event')).toEqual([{ jorb_id: 2, status: 'handled' }]);
    expect(world.sql('select status from outbox')).toEqual([{ status: 'sent' }]);
  });

  test.each(points)('at "%s" never posts twice', async (point) => {
    const { web, say, world, createJorb, answer } = await open();
    say(request(`https://${host}/orders`, { method: 'POST', body: '{}' }));
    await createJorb();
    await world.settle();
    await answer();
    world.diesAt = dieOnce((reached) => reached === point);
    await world.tick('outbox');
    expect(world.crashes).toBe(1);
    world.diesAt = () => false;
    await world.advance(minuteMs);
    expect(web.requests.length).toBeLessThanOrEqual(1);
    const [{ count } = {}] = world.sql('select count(*) count from event');
    expect(count).toBe(['delivery.claimed', 'before receiveEvent'].includes(point) ? 0 : 1);
    const status = point === 'after settleDelivery' ? 'sent' : 'unknown';
    expect(world.sql(outboxRows)).toEqual([{ status, attempts: 1 }]);
  });
});

describe('an errand that was given private data', () => {
  type Scene = Awaited<ReturnType<typeof open>>;
  const passport = 'XK4471209';
  const now = ({ world }: Scene) => world.clock.now();

  async function askThen(prepare: (scene: Scene) => Promise<void>, jorb?: Partial<NewJorb>) {
    const scene = await open(jorb);
    const { say, world, web } = scene;
    await world.otherFace.store.setProfileField('passport', passport, now(scene));
    await world.otherFace.store.setProfileField('name', 'Ana Lima', now(scene));
    await scene.createJorb();
    await world.settle();
    await prepare(scene);
    await world.settle();
    const before = web.requests.length;
    say(request(`https://${host}/rooms`));
    await world.receive({ text: 'Look again.' });
    await world.settle();
    const [action] = world.sql("select status, findings from action where payload like '%/rooms%'");
    return {
      isAsked: action?.status === 'awaiting_approval',
      findings: action?.findings,
      sent: web.requests.length - before,
    };
  }

  const isAsked = { isAsked: true, findings: expect.stringContaining('private_data_held'), sent: 0 };

  test('is asked for nothing where it holds none', async () => {
    const told = await askThen(async ({ world, ...scene }) => {
      const guidance = 'I am Ana Lima. Take a quiet room for 2 guests.';
      await world.otherFace.store.steerJorb('jorb_1', buildSteering({ guidance }), now({ world, ...scene }));
    });
    expect(told).toEqual({ isAsked: false, findings: '[]', sent: 1 });
  });

  test.each<[string, (scene: Scene) => Promise<void>, Partial<NewJorb>?]>([
    [
      'guidance holds it',
      async (scene) => {
        const guidance = `My passport is ${passport}.`;
        await scene.world.otherFace.store.steerJorb('jorb_1', buildSteering({ guidance }), now(scene));
      },
    ],
    [
      'a plan held it that was since replaced',
      async (scene) => {
        const { store } = scene.world.otherFace;
        await store.steerJorb('jorb_1', buildSteering({ plan: `Passport ${passport}.` }), now(scene));
        await store.steerJorb('jorb_1', buildSteering({ plan: 'Find a room.' }), now(scene));
      },
    ],
    ['the plan holds it', async () => {}, { ...buildWebJorb(), plan: `Book for passport xk 447 1209.` }],
    [
      'a fact holds it',
      async ({ say, world }) => {
        say(call('store_data', { key: 'id', value: passport, source: null }));
        await world.receive({ text: 'Note this.' });
      },
    ],
    [
      'somebody wrote it to the errand',
      async ({ world }) => world.receive({ text: `We have you under passport ${passport}.` }),
    ],
    [
      'more was written to it than can be looked through',
      async ({ world }) => {
        for (let message = 0; message < 11; message++) await world.receive({ text: 'x '.repeat(50_000) });
      },
    ],
    [
      'an answer of the owner holds it',
      async ({ say, world }) => {
        say(call('ask_owner', { question: 'Which passport?' }));
        await world.receive({ text: 'Which passport?' });
        await world.settle();
        const [approval] = await world.otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
        if (!approval) throw new Error('nothing was asked');
        const { id, hash } = approval;
        const answer = { kind: 'answer', text: passport } as const;
        await answerApproval(world.otherFace, { id, hash, answer, confirmedBy: 'terminal' });
      },
    ],
    [
      'it told somebody, with a yes',
      async ({ say, world, answer }) => {
        say(sendMessage({ text: 'The passport is {{passport}}.' }));
        await world.receive({ text: 'Which passport?' });
        await world.settle();
        await answer();
      },
    ],
    [
      'its contract lets it tell somebody',
      async () => {},
      buildWebJorb({ share: [{ field: 'passport', with: ['loopback:magic'] }] }),
    ],
    [
      'an earlier contract let it',
      async (scene) => {
        const { contract } = buildWebJorb();
        await scene.world.otherFace.store.steerJorb(
          'jorb_1',
          buildSteering({ contract: contract ?? null }),
          now(scene),
        );
      },
      buildWebJorb({ share: [{ field: 'passport', with: ['loopback:magic'] }] }),
    ],
  ])('asks before every request once %s', async (_, prepare, jorb) => {
    expect(await askThen(prepare, jorb)).toEqual(isAsked);
  });
});
