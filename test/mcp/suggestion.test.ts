import { expect, test } from 'vitest';
import { hotel } from './errand.ts';
import { openHost } from './open-host.ts';

test('what a model would have chosen is told with the message, as its words, in the inbox and the brief', async () => {
  const { call, world } = await openHost();
  await call('create_jorb', hotel);
  await world.receive({ from: 'stranger', text: 'The room is yours.' });
  await world.settle();
  const reason = 'it speaks of a room\u202e';
  world.sql('update batch set suggested_jorb_id = 1, suggested_confidence = 0.7, route_reason = ?', reason);
  const suggestion = { jorb_id: 'jorb_1', confidence: 0.7, reason_of_model: 'it speaks of a room⟨U+202E⟩' };

  const inbox = await call('list_inbox');
  expect(inbox.data).toMatchObject({
    items: [{ event_id: 'event_1', suggestion, reason: expect.stringContaining('not sure enough') }],
  });
  const brief = await call('brief');
  expect(brief.data).toMatchObject({ unmatched: [{ suggestion }] });
  for (const { text } of [inbox, brief]) {
    expect(text).toContain(
      'may belong to jorb_1 “Hotel for GDC” (70 %: “it speaks of a room⟨U+202E⟩”); assign_message event_1 jorb_1 gives it there',
    );
  }
});
