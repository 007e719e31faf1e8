import { expect, test } from 'vitest';
import { buildRulesBrain } from '../../src/brains/rules/rules-brain.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { createJorb } from '../../src/runtime/owner/create-jorb.ts';
import { getJorb } from '../../src/runtime/owner/get-jorb.ts';
import { openWorld } from '../support/world.ts';

const hotelErrand = {
  name: 'Hotel for GDC',
  plan:
    'Find a hotel near Moscone Center in San Francisco for GDC, March 17 to 21, at most $350 a night. ' +
    'Ask before you book.',
  contacts: [
    { name: 'Magic', address: 'magic', ask: 'Ask about Hotel Nikko and Marriott Union Square.' },
    { name: 'Hotel Zetta', address: '+14155550101' },
  ],
  contract: { offer_limit: { amount: '350', per: 'night' }, currency: 'USD' },
};

test('an errand of days runs to its end in milliseconds, over a crash a day', async () => {
  const world = await openWorld({ brain: buildRulesBrain(), debounceMs: 60 * secondMs });
  const { detail } = await createJorb(world.owner, hotelErrand);
  expect(detail.jorb.status).toBe('running');
  await world.settle();
  expect(world.wire.lines.map(({ to }) => to).sort()).toEqual(['+14155550101', 'magic']);

  await world.advance(12 * hourMs);
  await world.receive({ from: '+14155550101', text: 'Sorry, we are sold out for those dates.' });
  await world.advance(5 * minuteMs);
  await world.crash();
  await world.advance(8 * hourMs);
  await world.receive({ text: 'Hi! Hotel Nikko has a king for $289/night.' });
  await world.receive({ text: 'Marriott is sold out. Want me to book Nikko?' });
  await world.advance(5 * minuteMs);

  const [approval] = await world.owner.store.listPendingApprovals({ jorbId: null, limit: 10 });
  expect(approval?.action.payload).toMatchObject({
    kind: 'send_message',
    to: { channel: 'loopback', address: 'magic' },
    price: { minor: 4 * 28_900, currency: 'USD', quantity: 4, per: 'night' },
  });
  const sent = world.wire.lines.length;
  await world.crash();
  await world.advance(2 * dayMs);
  expect(world.wire.lines).toHaveLength(sent);

  await answerApproval(world.owner, {
    id: approval?.id ?? '',
    hash: approval?.hash ?? '',
    answer: { kind: 'accept' },
    confirmedBy: 'terminal',
  });
  await world.advance(minuteMs);
  expect(world.wire.lines.slice(sent).map(({ text }) => text)).toEqual([
    expect.stringContaining('accepts this offer'),
  ]);
  await world.receive({ text: 'Done! Booked, confirmation number NK-4711.' });
  await world.advance(5 * minuteMs);

  const end = await getJorb(world.owner, detail.jorb.id);
  expect(end.jorb).toMatchObject({ status: 'complete', evidence: expect.arrayContaining(['event_4']) });
  expect(end.spent.committed).toEqual({ minor: 115_600, currency: 'USD' });
});
