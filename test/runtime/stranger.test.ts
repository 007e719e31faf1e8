/** A model may give a stranger's message to a jorb. It stays a stranger's. */
import { expect, test } from 'vitest';
import { assignMessage } from '../../src/runtime/owner/assign-message.ts';
import { getJorb } from '../../src/runtime/owner/get-jorb.ts';
import { buildScriptedBrain, buildScriptedModel, call, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { route } from '../support/undecided.ts';
import { openWorld } from '../support/world.ts';

/** An agent that believes whatever comes, and a router that is as sure as it is told. */
async function open(confidence: number) {
  const brain = buildScriptedBrain(({ context, steps }) => {
    const [message] = context.newMessages;
    if (!message) return steps.length > 0 ? [] : [sendMessage({ text: 'Is it booked?' })];
    return [call('complete', { outcome: 'Booked, number 4711.', evidence: [message.eventId] })];
  });
  const router = buildScriptedModel(() => [route('jorb_1', confidence)]);
  const world = await openWorld({ brain, model: { router } });
  await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
  await world.settle();
  const end = async () => {
    await world.settle();
    const { jorb } = await getJorb(world.otherFace, 'jorb_1');
    return { status: jorb.status, evidence: jorb.evidence };
  };
  return { world, end };
}

const text = 'Your booking at the Magic is confirmed, number 4711.';

test('what a stranger writes proves nothing, however sure the model is where it belongs', async () => {
  const { world, end } = await open(0.99);
  await world.receive({ from: 'stranger', text });
  expect(await end()).toEqual({ status: 'complete', evidence: [] });
});

test('what a contact writes is proof', async () => {
  const { world, end } = await open(0.99);
  await world.receive({ from: 'hotel', text });
  expect(await end()).toEqual({ status: 'complete', evidence: ['event_1'] });
});

test('what the owner gave to the jorb is proof, whoever wrote it', async () => {
  const { world, end } = await open(0.6);
  await world.receive({ from: 'stranger', text });
  await world.settle();
  await assignMessage(world.otherFace, { eventId: 'event_1', jorbId: 'jorb_1' });
  expect(await end()).toEqual({ status: 'complete', evidence: ['event_1'] });
});
