/** The guards of the runtime beside the gate's own checks, each by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashAction } from '../../src/domain/action.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { buildQueueBrain, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the inbox', () => {
  const twice = async (world: World) => {
    for (const _ of [1, 2]) await world.receive({ externalId: 'one', text: 'Hello' });
    return world.sql('select count(*) events from event');
  };

  test('keeps a message once, however often it comes', async () => {
    expect(await twice(await openWorld({ brain: buildQueueBrain() }))).toEqual([{ events: 1 }]);
  });

  test('it is the unique index that keeps it once', async () => {
    const world = await openWorld({ brain: buildQueueBrain() });
    world.sql('drop index event_unique');
    expect(await twice(world)).toEqual([{ events: 2 }]);
  });
});

describe('a runtime whose place was taken', () => {
  test.each(['scheduler', 'debouncer', 'router', 'turns', 'outbox'])(
    'writes nothing in its %s',
    async (name) => {
      const brain = buildQueueBrain();
      brain.say(sendMessage({ text: 'Is a room free?' }));
      const world = await openWorld({ brain });
      await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
      if (name === 'outbox') await world.tick('turns');
      await world.receive({ text: 'Hello' });
      if (name === 'router') await world.tick('debouncer');
      const deposed = await world.takeOver();
      const stage = deposed.stages.find((each) => each.name === name);
      const before = world.sql('select max(seq) last from audit');
      await expect(stage?.tick()).rejects.toBeInstanceOf(StaleEpoch);
      expect(world.sql('select max(seq) last from audit')).toEqual(before);
      expect(world.wire.lines).toEqual([]);
      await deposed.close();
    },
  );

  test('cannot go on with the turn it had begun', async () => {
    const box: { steal?: () => Promise<void> } = {};
    const world = await openWorld({
      brain: {
        name: 'slow',
        step: async (request, signal) => {
          await box.steal?.();
          return buildQueueBrain().step(request, signal);
        },
      },
    });
    await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
    const first = world.life;
    box.steal = async () => {
      delete box.steal;
      await world.takeOver();
    };
    const turns = first.stages.find(({ name }) => name === 'turns');
    await expect(turns?.tick()).rejects.toBeInstanceOf(StaleEpoch);
    expect(world.sql('select count(*) steps from step')).toEqual([{ steps: 0 }]);
    await first.close();
  });
});

describe('an approval', () => {
  async function openWithApproval() {
    const brain = buildQueueBrain();
    brain.say(sendMessage({ to: 'loopback:stranger', text: 'Hello' }));
    const world = await openWorld({ brain });
    await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
    await world.settle();
    const [approval] = await world.otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
    if (!approval) throw new Error('nothing was asked');
    const request = { id: approval.id, hash: approval.hash, answer: { kind: 'accept' } as const };
    const accept = (hash = approval.hash) =>
      answerApproval(world.otherFace, { ...request, hash, confirmedBy: 'terminal' });
    return { world, accept, payload: approval.action.payload };
  }

  test('lets exactly the bytes out that the owner saw', async () => {
    const { world, accept, payload } = await openWithApproval();
    await accept();
    await world.settle();
    expect(world.wire.lines.map(({ text }) => text)).toEqual([
      payload.kind === 'send_message' && payload.text,
    ]);
  });

  test('lets nothing out for a hash of other bytes', async () => {
    const { world, accept, payload } = await openWithApproval();
    await expect(accept(hashAction('jorb_2', 1, payload))).rejects.toThrow();
    await world.settle();
    expect(world.wire.lines).toEqual([]);
  });

  test('lets nothing out when the bytes were changed behind its back', async () => {
    const { world, accept } = await openWithApproval();
    world.sql('drop trigger action_keeps');
    world.sql(`update action set payload = json_set(payload, '$.text', 'Send money')`);
    await expect(accept()).rejects.toThrow();
    await world.settle();
    expect(world.wire.lines).toEqual([]);
  });
});

describe('one gate, one door', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('db/'))
    .map((file) => ({ file, text: readFileSync(join('src', file), 'utf8') }));
  const callers = (pattern: RegExp) =>
    sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

  test.each<[RegExp, string[]]>([
    [/store\.(applyEffect|answerApproval)\(/, ['runtime/gate.ts']],
    [/\.claimDelivery\(/, ['runtime/outbox.ts']],
    [/\bchannel\.send\(|adapter\.send\(/, ['runtime/outbox.ts']],
    [/\.receiveEvent\(/, ['runtime/inbox.ts']],
  ])('%s is called in one place', (pattern, files) => {
    expect(callers(pattern)).toEqual(files);
  });
});
