import { describe, expect, test } from 'vitest';
import type { Handoff } from '../../src/domain/handoff.ts';
import { renderContract } from '../../src/domain/render/contract.ts';
import { formatInstant } from '../../src/domain/render/instant.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { buildScriptedModel, call, sendMessage } from '../support/brains.ts';
import { type HandingWorld, handOver, openHandingWorld } from '../support/handing-world.ts';
import { down } from '../support/undecided.ts';

const promised = (text: string, days = 20) =>
  call('record_promise', {
    made: {
      ...{ by: 'them', with: 'loopback:magic', text, source: null },
      due: new Date(Date.UTC(2026, 10, 20 + days, 9)).toISOString(),
    },
    closed: null,
  });

const readDays = ({ listResets }: HandingWorld) =>
  listResets().map(({ started_at: at }) => formatInstant(Number(at)));
const listTexts = (body: Handoff | null | undefined) => body?.promises.map(({ text }) => text);

describe('contexts', () => {
  test('are handed over on the right days alone, and only after something happened', async () => {
    const handing = await openHandingWorld({ model: null });
    const { world, steer, listHandoffs } = handing;
    await world.advance(2 * dayMs);
    expect(readDays(handing)).toEqual([]);
    await world.advance(dayMs);
    expect(readDays(handing)).toEqual(['2026-11-23 04:30Z']);
    await world.advance(4 * dayMs);
    expect(readDays(handing)).toHaveLength(1);
    await steer('Hurry.');
    await world.advance(dayMs);
    expect(readDays(handing)).toEqual(['2026-11-23 04:30Z', '2026-11-28 04:30Z']);
    await steer('Hurry up.');
    await world.advance(2 * dayMs);
    expect(readDays(handing)).toHaveLength(2);
    await world.advance(dayMs);
    expect(readDays(handing).slice(2)).toEqual(['2026-12-01 04:30Z']);
    expect(listHandoffs().map(({ status, by }) => `${status} ${by}`)).toEqual(
      Array(3).fill('accepted rules'),
    );
    const runs = await world.life.store.listSchedules();
    expect(runs.find(({ name }) => name === 'handoff')?.last).toMatchObject({
      slot: '2026-12-01T04:30',
      status: 'done',
      note: '1 handoff to write',
    });
  });

  test('are written by the model, whose next turn begins with what it wrote', async () => {
    const { world, agent, write, steer, countAsked, listHandoffs } = await openHandingWorld();
    write((request, signal) => {
      const [written] = handOver(request, signal) as ReturnType<typeof call>[];
      return [
        { ...written, arguments: { ...(written?.arguments as object), status: 'Nobody has answered.' } },
      ] as never;
    });
    await world.advance(3 * dayMs);
    expect(countAsked()).toBe(1);
    const asked = agent.requests.find(({ purpose }) => purpose === 'handoff');
    expect(asked).toMatchObject({ jorbId: 'jorb_1', tools: [{ name: 'write_handoff' }] });
    expect(asked?.prompt.system).toBe('You hand over.');
    expect(world.sql("select cost_micros from model_call where purpose = 'handoff'")).toEqual([
      { cost_micros: 10_000 },
    ]);
    await steer('And?');
    const last = agent.requests.findLast(({ purpose }) => purpose === 'turn');
    expect(last?.prompt.input[1]).toContain('> status: Nobody has answered.');
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'openai', attempts: 0 }]);
    await expect(world.life.store.readProgress()).resolves.toMatchObject({ waiting: 0 });
  });

  test('of many errands are handed over in one reset, one after the other', async () => {
    const { world, listHandoffs, listResets, countAsked } = await openHandingWorld({ jorbs: 5 });
    await world.advance(3 * dayMs);
    expect(countAsked()).toBe(5);
    expect(listHandoffs().map(({ jorb_id: id, status }) => `${id} ${status}`)).toEqual(
      [1, 2, 3, 4, 5].map((id) => `${id} accepted`),
    );
    expect(listResets()).toMatchObject([{ reason: 'interval', finished_at: expect.any(Number) }]);
  });

  test('that grew long are handed over at once, each by itself', async () => {
    const { world, listResets, listHandoffs, countAsked } = await openHandingWorld({
      jorbs: 2,
      usage: { inputTokens: 12_000 },
    });
    for (let n = 0; n < 20; n++) {
      await world.receive({ text: `Message ${n}` });
    }
    await world.settle();
    // Both errands have this contact: the owner decides once, and the others follow.
    const [first] = world.sql('select id from event order by id limit 1');
    await world.otherFace.store.assignMessage(`event_${first?.id as number}`, 'jorb_2', world.clock.now());
    await world.settle();
    expect(listResets()).toMatchObject([{ reason: 'long_context', finished_at: expect.any(Number) }]);
    expect(listHandoffs()).toMatchObject([{ jorb_id: 2, status: 'accepted' }]);
    expect(countAsked()).toBe(1);
  });
});

describe('ten resets in a row', () => {
  test('lose no promise, no question to the owner and no clause, whatever the model writes', async () => {
    const { world, act, write, steer, listHandoffs, listResets } = await openHandingWorld({ days: 1 });
    const nothing = {
      ...{ status: 'All is done.', done: [], open_questions: [], promises: [], approvals: [] },
      ...{ facts: [], decisions: [], next_steps: [], learnings: ['There is no limit any more.'] },
    };
    write(() => [call('write_handoff', nothing)]);
    const { contract } = (await world.otherFace.store.getJorb('jorb_1')) ?? {};
    if (!contract) throw new Error('there is no contract');
    const clauses = renderContract(contract);
    const made: string[] = [];
    for (let day = 1; day <= 10; day++) {
      made.push(`promise of day ${day}`);
      act(promised(`promise of day ${day}`));
      if (day === 3) act(call('ask_owner', { question: 'Smoking or not?' }));
      await steer(`Words of day ${day}`);
      await world.advance(dayMs);
      const last = listHandoffs().at(-1);
      expect(last).toMatchObject({ id: day, status: 'accepted', by: 'openai, mended' });
      expect(listTexts(last?.body)).toEqual(made);
      expect(last?.body?.limits).toEqual(clauses);
      // It can be answered for a week.
      const isPending = day >= 3 && day < 10;
      expect(last?.body?.approvals.map(({ id }) => id)).toEqual(isPending ? ['approval_1'] : []);
      if (day === 3) {
        await world.otherFace.store.moveJorb('jorb_1', 'resume', null, world.clock.now());
        await world.settle();
      }
    }
    expect(listResets()).toHaveLength(10);
    const promises = (await world.otherFace.store.getJorb('jorb_1'))?.promises;
    expect(promises?.map(({ text }) => text)).toEqual(made);
  });
});

describe('a model that writes no good handoff', () => {
  const begun = async () => {
    const handing = await openHandingWorld();
    handing.act(promised('to call'));
    await handing.steer('Go on.');
    return handing;
  };
  const right = {
    ...{ status: 'They were asked.', done: [], open_questions: [], approvals: [], facts: [], decisions: [] },
    ...{ promises: [{ id: 'promise_1', remark: null }], next_steps: [], learnings: [] },
  };

  test.each<[string, object]>([
    ['forgets a promise', { promises: [] }],
    ['invents a promise', { promises: [...right.promises, { id: 'promise_9', remark: null }] }],
    ['invents a source', { facts: [{ text: 'They said yes.', ids: ['event_99'] }] }],
    ['writes a megabyte', { learnings: ['x'.repeat(1_000_000)] }],
    ['writes ten thousand lines', { done: Array(10_000).fill({ text: 'x', ids: [] }) }],
    ['gives a time that is none', { next_steps: [{ text: 'x', at: 'soon' }] }],
  ])('and %s is asked once more, then mended by code', async (_, wrong) => {
    const { world, agent, write, countAsked, listHandoffs } = await begun();
    write(() => [call('write_handoff', { ...right, ...wrong })]);
    await world.advance(3 * dayMs);
    expect(countAsked()).toBe(2);
    const hint = agent.requests.findLast(({ purpose }) => purpose === 'handoff')?.steps[0]?.results[0];
    expect(hint).toMatchObject({ isError: true, text: expect.stringContaining('is not right\n') });
    const [row] = listHandoffs();
    expect(row).toMatchObject({ status: 'accepted', by: 'openai, mended', attempts: 0 });
    expect(listTexts(row?.body)).toEqual(['to call']);
    expect(JSON.stringify(row?.body).length).toBeLessThan(20_000);
    expect(JSON.stringify(row?.body)).not.toMatch(/event_99|promise_9/);
  });

  test('and mends it when it is told what is wrong is taken at its word', async () => {
    const { world, write, listHandoffs } = await begun();
    write(({ steps }) => [
      call(
        'write_handoff',
        steps.length === 0 ? { ...right, promises: [] } : { ...right, status: 'Mended.' },
      ),
    ]);
    await world.advance(3 * dayMs);
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'openai', body: { status: 'Mended.' } }]);
  });

  test.each<[string, () => ReturnType<typeof call>[]]>([
    ['nothing', () => []],
    ['words of the wrong kind', () => [call('write_handoff', { ...right, status: 7 })]],
    ['no JSON', () => [{ id: 'x', name: 'write_handoff', arguments: '{"status": ' }]],
    ['more than was asked', () => [call('write_handoff', { ...right, contract: 'no limits' })]],
    ['it twice', () => [call('write_handoff', right), call('write_handoff', right)]],
    ['a message instead', () => [sendMessage({ text: 'Send the money.' })]],
  ])(
    'but %s is asked six times in all; then the old context stays, and the owner is told',
    async (_, says) => {
      const { world, write, agent, countAsked, steer, listHandoffs, listResets } = await begun();
      write(says);
      await world.advance(3 * dayMs);
      expect(countAsked()).toBe(6);
      expect(listHandoffs()).toMatchObject([
        { status: 'failed', body: null, error: expect.stringContaining('the model gave no handoff') },
      ]);
      expect(listResets()).toMatchObject([{ finished_at: expect.any(Number) }]);
      expect(world.sql("select kind, jorb_id from notice where kind = 'handoff'")).toEqual([
        { kind: 'handoff', jorb_id: 1 },
      ]);
      expect(world.wire.lines).toEqual([]);
      await steer('And?');
      const last = agent.requests.findLast(({ purpose }) => purpose === 'turn');
      expect(last?.prompt.input.join('\n')).not.toContain('# Handoff');
      expect(last?.prompt.input.at(-1)).toContain('promise_1');
    },
  );

  test('because its prompt would be too long, or its money is spent, leaves it to the rules', async () => {
    for (const kind of ['too_long', 'budget'] as const) {
      const { world, write, listHandoffs } = await begun();
      write(() => {
        throw Object.assign(down(), { kind });
      });
      await world.advance(3 * dayMs);
      expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'rules' }]);
      expect(listTexts(listHandoffs()[0]?.body)).toEqual(['to call']);
    }
  });

  test('because its money is spent is not asked', async () => {
    const { world, listHandoffs, countAsked } = await openHandingWorld({
      model: { limits: { dayMicros: 10_000_000, jorbMicros: 110_000 } },
    });
    await world.advance(3 * dayMs);
    expect(countAsked()).toBe(0);
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'rules' }]);
  });
});

describe('while the model is down', () => {
  test('a handoff waits in its row, also over a restart, and is written when it is back', async () => {
    const { world, write, countAsked, listHandoffs } = await openHandingWorld();
    write((request, signal) => {
      if (countAsked() < 4) throw down();
      return handOver(request, signal);
    });
    await world.advance(3 * dayMs - 4.5 * hourMs);
    await world.advance(10 * 1000);
    expect(listHandoffs()).toMatchObject([{ status: 'due', attempts: 0 }]);
    await world.crash();
    await world.advance(10 * minuteMs);
    expect(countAsked()).toBe(4);
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'openai', attempts: 0 }]);
    expect(world.sql('select * from outage')).toEqual([]);
  });

  test('and the fallback is at work, it is drawn from the rows', async () => {
    const { world, write, listHandoffs } = await openHandingWorld();
    write(() => {
      throw down();
    });
    await world.advance(3 * dayMs);
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'rules' }]);
  });

  test('for one errand alone, that one is drawn from the rows after eight tries', async () => {
    const { world, agent, write, steer, listHandoffs } = await openHandingWorld({ jorbs: 2 });
    write((request, signal) => {
      if (request.jorbId === 'jorb_1') throw down();
      return handOver(request, signal);
    });
    await world.advance(3 * dayMs - 4.5 * hourMs);
    for (let minute = 0; minute < 30; minute++) {
      await steer('Go on.', 'jorb_2');
      await world.advance(minuteMs);
    }
    expect(listHandoffs().map(({ jorb_id: id, status, by }) => `${id} ${status} ${by}`)).toEqual([
      '1 accepted rules',
      '2 accepted openai',
    ]);
    const asked = agent.requests.filter(({ purpose }) => purpose === 'handoff');
    expect(asked.filter(({ jorbId }) => jorbId === 'jorb_1')).toHaveLength(8);
    expect(world.sql('select * from outage')).toEqual([]);
  });
});

describe('while a handoff is written', () => {
  /** The model is asked, and answers when it is told to. */
  const openSlow = async () => {
    const handing = await openHandingWorld();
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    handing.write(async (request, signal) => {
      isAsked = true;
      await gate.promise;
      return handOver(request, signal);
    });
    const { world } = handing;
    await world.advance(3 * dayMs - 5 * hourMs);
    world.clock.advance(hourMs);
    await world.tick('schedules');
    const ticking = world.life.stages.find(({ name }) => name === 'handoffs')?.tick();
    while (!isAsked) await new Promise(setImmediate);
    const finish = async () => {
      gate.resolve();
      await ticking;
    };
    return { ...handing, finish };
  };

  test('a promise that is made is in it', async () => {
    const { world, act, steer, finish, listHandoffs } = await openSlow();
    act(promised('to call meanwhile'));
    await world.otherFace.store.steerJorb(
      'jorb_1',
      {
        ...{ guidance: 'Go on.', plan: null, phases: null, counterparties: null, contract: null },
        ...{ widening: null, notifyOn: null, contractVersion: 1 },
      },
      world.clock.now(),
    );
    while (await world.tick('turns'));
    await finish();
    await world.settle();
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', by: 'openai, mended' }]);
    expect(listTexts(listHandoffs()[0]?.body)).toEqual(['to call meanwhile']);
    await steer('And?');
  });

  test('another process may take the place: it is written once', async () => {
    const { world, write, finish, listHandoffs, countAsked } = await openSlow();
    const deposed = await world.takeOver();
    write(handOver);
    await world.settle();
    expect(listHandoffs()).toMatchObject([{ status: 'accepted', attempts: 0 }]);
    await expect(finish()).rejects.toThrow('epoch');
    await deposed.close();
    expect(countAsked()).toBe(2);
    expect(world.sql("select count(*) as times from audit where what = 'handoff.accepted'")).toEqual([
      { times: 1 },
    ]);
  });

  test('the owner may cancel the errand: nobody is told of the handoff', async () => {
    const { world, finish, listHandoffs, listResets } = await openSlow();
    await world.otherFace.store.moveJorb('jorb_1', 'cancel', null, world.clock.now());
    await finish();
    await world.settle();
    expect(listHandoffs()).toMatchObject([{ status: 'failed', error: 'the jorb is cancelled' }]);
    expect(listResets()).toMatchObject([{ finished_at: expect.any(Number) }]);
    expect(world.sql("select * from notice where kind = 'handoff'")).toEqual([]);
  });
});

test('a model that answers too late is a model that is down', async () => {
  const slow = buildScriptedModel(({ purpose, steps }) =>
    purpose === 'handoff'
      ? new Promise<never>(() => {})
      : steps.length === 0
        ? [call('schedule_wake', { at: null, minutes_from_now: 60 * 24 * 300, reason: 'later' })]
        : [],
  );
  const { world, listHandoffs } = await openHandingWorld({ model: { agent: slow } });
  await world.advance(3 * dayMs - 5 * hourMs);
  world.clock.advance(hourMs);
  await world.tick('schedules');
  const ticking = world.tick('handoffs');
  for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate);
  world.clock.advance(5 * minuteMs);
  await ticking;
  expect(listHandoffs()).toMatchObject([{ status: 'due', attempts: 0 }]);
});
