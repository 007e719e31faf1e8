import { expect, test } from 'vitest';
import type { Brain } from '../../src/domain/brain.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { buildScriptedBrain, call, sendMessage } from '../support/brains.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

/** Asks two contacts, buys what is offered once the owner agrees, ends when it is confirmed. Remembers nothing. */
function buildBuyer(): Brain {
  return buildScriptedBrain(({ context, steps }) => {
    if (steps.length > 0) return [];
    const { triggers, newMessages } = context;
    if (triggers.includes('started')) {
      return [
        sendMessage({ text: 'Is a room free?' }),
        call('no_such_tool', {}),
        sendMessage({ to: 'loopback:hotel', text: 'Is a room free with you?' }),
        call('schedule_wake', { at: null, minutes_from_now: 600, reason: 'ask again' }),
      ];
    }
    if (triggers.includes('wake')) return [sendMessage({ to: 'loopback:hotel', text: 'Any news?' })];
    const [message] = newMessages;
    if (message?.text.includes('$289')) {
      const price = { amount: '289.00', currency: 'USD', quantity: 1, per: null };
      const text = 'Yes, please book it for $289.00.';
      return [
        call('store_data', { key: 'offer', value: '$289', source: message.eventId }),
        sendMessage({ text, price, consequence: 'purchase', basedOn: message.eventId }),
      ];
    }
    if (message) return [call('complete', { outcome: 'Booked.', evidence: [message.eventId] })];
    return [];
  });
}

/** The same errand each time, whatever dies on the way. */
async function runErrand(world: World): Promise<void> {
  const { otherFace, clock } = world;
  await otherFace.store.createJorb(buildNewJorb(), clock.now());
  await world.settle();
  await world.receive({ externalId: 'offer', text: 'We have a king for $289.' });
  await world.advance(hourMs);
  const [approval] = await otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
  if (!approval) throw new Error('nothing was asked');
  const answer = { id: approval.id, hash: approval.hash, answer: { kind: 'accept' } as const };
  const answered = () => world.sql(`select 1 from approval where status = 'accepted'`).length > 0;
  while (!answered()) {
    await world.attempt(() => answerApproval(world.owner, { ...answer, confirmedBy: 'terminal' }));
  }
  await world.advance(12 * hourMs);
  await world.receive({ externalId: 'confirmation', text: 'Confirmed.' });
  await world.settle();
}

/** What the world and the owner see of it in the end. */
function readResult({ wire, sql }: World) {
  return {
    wire: wire.lines.map(({ to, text, at }) => `${at} ${to} ${text}`),
    jorb: sql('select status, reason, evidence, wake_at from jorb'),
    events: sql('select external_id, status from event order by id'),
    actions: sql('select hash, status, consequence from action order by id'),
    outbox: sql('select status, text from outbox order by id'),
    facts: sql('select key, value from fact'),
    money: sql('select minor, status from ledger'),
    turns: sql('select status from turn order by id'),
    decisions: sql('select count(*) count from decision'),
    sent: sql(`select count from audit_count where what = 'message.sent'`),
  };
}

async function runWith(diesAt: (point: string) => boolean) {
  const world = await openWorld({ brain: buildBuyer() });
  world.diesAt = diesAt;
  await runErrand(world);
  const result = readResult(world);
  await world.close();
  return { result, crashes: world.crashes };
}

/** Every point that the errand passes, with how often. */
async function countPasses() {
  const passes = new Map<string, number>();
  const { result } = await runWith((point) => {
    passes.set(point, (passes.get(point) ?? 0) + 1);
    return false;
  });
  return { result, passes };
}

test('the errand passes every failpoint that it is to die at, and ends well', async () => {
  const { result, passes } = await countPasses();
  expect(result).toMatchObject({
    jorb: [{ status: 'complete', evidence: '["event_2"]' }],
    events: [{ status: 'handled' }, { status: 'handled' }],
    outbox: [{ status: 'sent' }, { status: 'sent' }, { status: 'sent' }, { status: 'sent' }],
    money: [{ minor: 28_900, status: 'settled' }],
  });
  const onlyAfterACrash = /\.(looked_up|recovered)$/;
  const here = [...listKilledBy('process'), ...listKilledBy('errand')];
  expect(here.filter((point) => !(passes.has(point) || onlyAfterACrash.test(point)))).toEqual([]);
});

test('wherever its process dies, at the first pass or the last, the result is the same', {
  timeout: 120_000,
}, async () => {
  const { result: expected, passes } = await countPasses();
  for (const [point, count] of passes) {
    for (const nth of new Set([1, count])) {
      const { result, crashes } = await runWith(dieOnce((reached) => reached === point, nth));
      expect({ point, nth, crashes, result }).toEqual({ point, nth, crashes: 1, result: expected });
    }
  }
});
