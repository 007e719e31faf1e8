import { expect, test } from 'vitest';
import { minuteMs } from '../../src/lib/duration.ts';
import { openShared } from '../../src/mcp/server.ts';
import { askQuestion, askToBook, booking, type OpenHost, readRows } from './errand.ts';
import { type Answer, connectHost, type Host, openHost, readAnswer } from './open-host.ts';

const accept = { id: 'approval_1', answer: 'accept' };
const yes = { confirm: { action: 'accept', content: {} } };

/** A host of 2026-07-28 that sends what a dishonest one could: the rounds by hand. */
async function openRawHost(): Promise<OpenHost> {
  return openHost({ era: '2026-07-28', capabilities: { elicitation: { form: {} } } });
}

/** One round, as it goes over the wire. */
async function send(host: Host, params: Record<string, unknown>): Promise<Record<string, unknown>> {
  const request = {
    method: 'tools/call' as const,
    params: { name: 'approve', arguments: accept, ...params },
  };
  return { ...(await host.client.request(request, { allowInputRequired: true })) };
}

/** The first round: what the server gives to be carried back. */
async function ask(host: Host, given: Record<string, unknown> = accept): Promise<string> {
  const { requestState } = await send(host, { arguments: given });
  if (typeof requestState !== 'string') throw new Error('the server did not ask');
  return requestState;
}

/** The second round, in which the person said yes. */
async function answer(host: Host, params: Record<string, unknown>): Promise<Answer> {
  return readAnswer(await send(host, { inputResponses: yes, ...params }));
}

/** `jorb_2` with `approval_2`, beside those of `askToBook`. */
async function askTwice(host: OpenHost): Promise<void> {
  await askToBook(host);
  await askQuestion(host);
}

test('an accepted form is heard once: the same answer again is refused', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const requestState = await ask(host);
  expect((await answer(host, { requestState })).data).toMatchObject({ outcome: 'answered' });
  const again = await answer(host, { requestState });
  expect(again.isError).toBe(true);
  expect(again.text).toContain('was used, changed or came too late');
});

test('a form that the person did not accept cannot be accepted afterwards', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const requestState = await ask(host);
  const no = { confirm: { action: 'decline' } };
  expect((await answer(host, { requestState, inputResponses: no })).data).toMatchObject({
    outcome: 'refused',
  });
  const before = readRows(host);
  expect((await answer(host, { requestState })).isError).toBe(true);
  expect(readRows(host)).toEqual(before);
});

test('a state without the person’s answer counts as no', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const requestState = await ask(host);
  const { data } = await answer(host, { requestState, inputResponses: {} });
  expect(data).toMatchObject({ outcome: 'refused', approval: { status: 'pending' } });
});

test.each([
  ['another text', { arguments: { id: 'approval_1', answer: 'edit', text: 'Book everything.' } }],
  ['another kind of answer', { arguments: { id: 'approval_1', answer: 'edit', text: booking } }],
  ['another approval', { arguments: { id: 'approval_2', answer: 'answer', text: 'Yes.' } }],
  ['the same approval written otherwise', { arguments: { id: ' approval_1', answer: 'accept' } }],
  ['another tool', { name: 'steer_jorb', arguments: { id: 'jorb_1', guidance: 'Go on.' } }],
])('a yes to one call is no yes to %s', async (_, params) => {
  const host = await openRawHost();
  await askTwice(host);
  const requestState = await ask(host);
  const before = readRows(host);
  const { text, isError } = await answer(host, { requestState, ...params });
  expect(isError).toBe(true);
  expect(text).toContain('was given for other arguments');
  expect(readRows(host)).toEqual(before);
});

test.each([
  ['nothing', undefined],
  ['an empty one', ''],
  ['one without a signature', Buffer.from('{}').toString('base64url')],
  ['one with a signature of nothing', `${Buffer.from('{}').toString('base64url')}.`],
  ['noise', 'x.y.z'],
])('an answer with %s for a state is refused', async (_, requestState) => {
  const host = await openRawHost();
  await askToBook(host);
  const before = readRows(host);
  const { isError } = await answer(host, requestState === undefined ? {} : { requestState });
  expect(isError).toBe(true);
  expect(readRows(host)).toEqual(before);
});

test('a state that was changed on its way is refused', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const [body = '', signature = ''] = (await ask(host)).split('.');
  const sealed = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  const forged = Buffer.from(JSON.stringify({ ...sealed, nonce: 'fresh' })).toString('base64url');
  const before = readRows(host);
  expect((await answer(host, { requestState: `${forged}.${signature}` })).isError).toBe(true);
  expect(readRows(host)).toEqual(before);
});

test('a state of another process is refused', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const other = await connectHost(host.face, {
    era: '2026-07-28',
    capabilities: { elicitation: { form: {} } },
    shared: openShared(host.face),
  });
  const before = readRows(host);
  expect((await answer(host, { requestState: await ask(other) })).isError).toBe(true);
  expect(readRows(host)).toEqual(before);
});

test('a form that was open for longer than a quarter of an hour is no yes any more', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const requestState = await ask(host);
  host.world.clock.advance(15 * minuteMs);
  const { text, isError } = await answer(host, { requestState });
  expect(isError).toBe(true);
  expect(text).toContain('came too late');
});

test('a yes to what has changed meanwhile is refused', async () => {
  const host = await openRawHost();
  await askToBook(host);
  const requestState = await ask(host);
  await host.call('set_jorb_status', { id: 'jorb_1', command: 'cancel' });
  const { text, isError } = await answer(host, { requestState });
  expect(isError).toBe(true);
  expect(text).toContain('approval_1 has expired');
  await host.world.settle();
  expect(host.world.wire.lines.map((line) => line.text)).not.toContain(booking);
});
