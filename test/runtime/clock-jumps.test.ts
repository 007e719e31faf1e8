/** What a clock that was wrong leaves behind: everything goes on within its usual time, and nothing is done twice. */
import { describe, expect, test } from 'vitest';
import { buildRulesBrain } from '../../src/brains/rules/rules-brain.ts';
import { approvalLifetimeMs } from '../../src/domain/approval.ts';
import { BrainError, type BrainFailure, type ToolCall } from '../../src/domain/brain.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import { mostMailsPerHour } from '../../src/domain/notice.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { steerJorb } from '../../src/runtime/owner/steer-jorb.ts';
import { buildScriptedModel, call, sendMessage, waitFor } from '../support/brains.ts';
import { handOver } from '../support/handing-world.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const yearMs = 365 * dayMs;

/** Errands with a model that does once what it is told for each, and fails at those that it is told. */
async function open() {
  const acts = new Map<JorbId, ToolCall[]>();
  const failures = new Map<JorbId, BrainFailure>();
  const model = buildScriptedModel((request, signal) => {
    if (request.purpose === 'handoff') return handOver(request, signal);
    const { jorbId, steps } = request;
    const kind = jorbId && failures.get(jorbId);
    if (kind) throw new BrainError('no answer', { kind, usage: null });
    if (steps.length > 0 || jorbId === null) return [];
    const calls = acts.get(jorbId) ?? [waitFor(300)];
    acts.delete(jorbId);
    return calls;
  });
  const world = await openWorld({
    brain: buildRulesBrain(),
    model: { agent: model },
    change: (deps) => ({ ...deps, digestCron: '0 10 * * *' }),
  });
  const steer = (id: JorbId) => steerJorb(world.otherFace, id, { guidance: 'Go on.' });
  return {
    ...{ world, model, failures, steer },
    async create(name: string, ...calls: ToolCall[]): Promise<JorbId> {
      const { store, clock } = world.otherFace;
      const { jorb } = await store.createJorb(buildNewJorb({ name, requestHash: name }), clock.now());
      acts.set(jorb.id, [...calls, waitFor(300)]);
      await world.settle();
      return jorb.id;
    },
    async act(id: JorbId, ...calls: ToolCall[]) {
      acts.set(id, calls);
      await steer(id);
      await world.settle();
    },
  };
}

const texts = ({ wire }: World) => wire.lines.map(({ text }) => text.split('\n')[0]);
const setBacks = ({ sql }: World) => sql(`select at from audit where what = 'clock.set_back'`);
const mailKeys = ({ mailbox }: World) => mailbox.mails.map(({ key }) => key);
const expectUnique = (keys: readonly unknown[]) => expect(new Set(keys).size).toBe(keys.length);

/** An hour by a clock that is a year ahead, at the end of which nothing works. */
async function openWrongHour() {
  const opened = await open();
  const { world, create, act, failures } = opened;
  world.clock.set(yearMs);
  const writer = await create('write', sendMessage({ text: 'Is a room free?' }));
  const stumbler = await create('stumble');
  const waiter = await create('wait');
  const asker = await create('ask');
  await world.advance(58 * minuteMs);
  world.wire.fault = () => 'refuses';
  world.mailbox.answer = () => ({ kind: 'retry', error: 'the mail server is busy' });
  await act(writer, sendMessage({ text: 'And on Sunday?' }));
  await act(asker, call('ask_owner', { question: 'Is a balcony worth $20?' }));
  failures.set(stumbler, 'malformed');
  await act(stumbler);
  failures.set(waiter, 'overload');
  await act(waiter);
  await world.advance(2 * minuteMs);
  return { ...opened, writer, stumbler, waiter };
}

describe('a clock that was a year ahead for an hour', () => {
  test('left nothing working: that is what this is about', async () => {
    const { world } = await openWrongHour();
    const waiting = world.sql(`
      select (select count(*) from outbox where status = 'queued' and attempts > 0) messages,
        (select count(*) from mail where status = 'queued' and attempts > 0) mails,
        (select count(*) from outage) outages,
        (select count(*) from jorb where due_at is not null) turns,
        (select count(*) from approval where status = 'pending') questions`);
    expect(waiting).toEqual([{ messages: 1, mails: 2, outages: 1, turns: 2, questions: 1 }]);
  });

  test.each([
    ['while it runs', async () => {}],
    ['while nothing runs', (world: World) => world.crash()],
  ])('and is set right %s: everything goes on within two hours, once', async (_, restart) => {
    const { world, model, failures, stumbler, waiter } = await openWrongHour();
    world.clock.set(-yearMs);
    await restart(world);
    await world.settle();
    failures.clear();
    world.wire.fault = () => undefined;
    world.mailbox.answer = ({ key }) => ({ kind: 'sent', receipt: key });
    model.requests.splice(0);
    await world.advance(2 * hourMs);
    expect(texts(world)).toEqual(['Is a room free?', 'And on Sunday?']);
    expectUnique(world.wire.lines.map(({ key }) => key));
    expect(
      world.mailbox.mails.filter(
        ({ kind, text }) => kind === 'notice' && text.includes('Is a balcony worth $20?'),
      ),
    ).toHaveLength(1);
    expectUnique(mailKeys(world));
    const asked = model.requests.filter(({ steps }) => steps.length === 0).map(({ jorbId }) => jorbId);
    expect(asked.sort()).toEqual([stumbler, waiter]);
    expect(await world.life.store.readOutage()).toBeNull();
    expect(setBacks(world)).toHaveLength(1);
  });

  test('and is set right: the question is reminded of and expires in its own time', async () => {
    const { world, failures } = await openWrongHour();
    world.clock.set(-yearMs);
    failures.clear();
    world.mailbox.answer = ({ key }) => ({ kind: 'sent', receipt: key });
    await world.advance(4 * hourMs);
    expect(world.sql('select status, reminders from approval')).toEqual([
      { status: 'pending', reminders: 1 },
    ]);
    await world.advance(approvalLifetimeMs);
    expect(world.sql('select status from approval')).toEqual([{ status: 'expired' }]);
  });

  test('and is set right: what was sent meanwhile counts for another day, and then no more', async () => {
    const { world, writer, act, failures } = await openWrongHour();
    world.clock.set(-yearMs);
    world.wire.fault = () => undefined;
    failures.clear();
    await world.advance(2 * hourMs);
    await act(writer, sendMessage({ text: 'Is a room free?' }));
    expect(world.wire.lines).toHaveLength(2);
    await world.advance(dayMs);
    await act(writer, sendMessage({ text: 'Is a room free?' }));
    expect(world.wire.lines).toHaveLength(3);
  });

  test('and is set right: the model’s money of the day is there again', async () => {
    const { world, model, act, writer, failures } = await openWrongHour();
    world.sql(
      `insert into model_call (purpose, model, status, reserved_micros, cost_micros, at, closed_at)
      values ('routing', 'script-1', 'settled', 9950000, 9950000, ?, ?)`,
      world.clock.now(),
      world.clock.now(),
    );
    failures.clear();
    await world.advance(2 * hourMs);
    model.requests.splice(0);
    await act(writer);
    expect(model.requests).toEqual([]);
    world.clock.set(-yearMs);
    await world.otherFace.store.moveJorb(writer, 'resume', null, world.clock.now());
    await world.advance(2 * hourMs);
    expect(model.requests).not.toEqual([]);
  });
});

test.each([minuteMs, 40 * minuteMs])('a clock that is set right by %i ms changes no time', async (byMs) => {
  const { world } = await openWrongHour();
  const read = () =>
    world.sql(`select jorb.id, due_at, last_activity_at, ends_at, outbox.available_at, mail.available_at mail_at
      from jorb left join outbox on outbox.jorb_id = jorb.id left join mail order by jorb.id`);
  const before = read();
  world.clock.set(-byMs);
  await world.settle();
  expect(read()).toEqual(before);
  expect(setBacks(world)).toEqual([]);
});

describe('a clock that leaps a year', () => {
  const promised = call('record_promise', {
    made: {
      ...{ by: 'them', with: 'loopback:magic', text: 'to call', source: null },
      due: new Date(Date.UTC(2026, 10, 25, 9)).toISOString(),
    },
    closed: null,
  });

  /** Forty errands: some ask, some wait for a promise, some look again every day, some do nothing. */
  async function openEverything() {
    const opened = await open();
    const { world, create } = opened;
    for (let nth = 0; nth < 10; nth++) {
      await create(`ask ${nth}`, call('ask_owner', { question: `Is ${nth} fine?` }));
      await create(`promise ${nth}`, promised);
      await create(`wake ${nth}`, call('schedule_wake', { at: null, minutes_from_now: 600, reason: 'look' }));
      await create(`wait ${nth}`);
    }
    await world.receive({ from: 'hotel', text: 'We have one.' });
    await world.advance(2 * hourMs);
    return opened;
  }

  test('makes each thing happen once, and then nothing turns round', async () => {
    const { world, model } = await openEverything();
    const before = { mails: world.mailbox.mails.length, audit: count(world, 'audit') };
    model.requests.splice(0);
    world.clock.set(yearMs);
    const leaptAt = world.clock.now();
    await world.settle();
    await world.advance(hourMs);
    expect(world.sql(`select distinct status from approval where asked_at < ?`, leaptAt)).toEqual([
      { status: 'expired' },
    ]);
    expect(
      world.sql(
        `select count(*) asked, count(distinct jorb_id) jorbs from approval where asked_at >= ?`,
        leaptAt,
      ),
    ).toEqual([{ asked: 40, jorbs: 40 }]);
    expect(count(world, `digest where until >= ${leaptAt}`)).toBe(1);
    expect(count(world, `run where schedule = 'handoff' and started_at >= ${leaptAt}`)).toBe(1);
    expect(count(world, `reset where started_at >= ${leaptAt}`)).toBeLessThanOrEqual(1);
    expect(model.requests.filter(({ purpose }) => purpose === 'turn')).toEqual([]);
    const mails = world.mailbox.mails.slice(before.mails);
    expect(mails.filter(({ kind }) => kind === 'digest')).toHaveLength(1);
    expect(mails.length).toBeLessThanOrEqual(mostMailsPerHour + 1);
    expectUnique(mailKeys(world));
    expect(count(world, 'audit') - before.audit).toBeLessThan(40 * 8);
    const rested = count(world, 'audit');
    await world.advance(2 * hourMs);
    expect(count(world, 'audit') - rested).toBeLessThan(10);
  });

  test('and comes back: nothing is asked, mailed or handed over again', async () => {
    const { world, model } = await openEverything();
    world.clock.set(yearMs);
    await world.settle();
    await world.advance(hourMs);
    const before = {
      mails: world.mailbox.mails.length,
      handoffs: count(world, 'handoff'),
      resets: count(world, 'reset'),
    };
    model.requests.splice(0);
    world.clock.set(-yearMs);
    await world.settle();
    await world.advance(2 * hourMs);
    expect(count(world, 'approval')).toBe(50);
    expect(count(world, 'handoff')).toBe(before.handoffs);
    expect(count(world, 'reset')).toBe(before.resets);
    expect(world.mailbox.mails).toHaveLength(before.mails);
    expect(model.requests).toEqual([]);
    // They can be answered for a week, and no answer is no.
    await world.advance(approvalLifetimeMs);
    expect(world.sql('select distinct status from jorb')).toEqual([{ status: 'failed' }]);
    expect(world.sql(`select count(*) yes from approval where status in ('accepted', 'edited')`)).toEqual([
      { yes: 0 },
    ]);
  });
});

function count({ sql }: World, from: string): number {
  return Number(sql(`select count(*) count from ${from}`)[0]?.count);
}
