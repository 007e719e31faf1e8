import { expect, onTestFinished, test } from 'vitest';
import type { ChannelAdapter } from '../../src/domain/channel.ts';
import type { Delivery, Inbound } from '../../src/domain/message.ts';

/** One message as its receiver sees it. */
export type Received = { to: string; text: string };

export type ChannelUnderTest = {
  adapter: ChannelAdapter;
  /** An address that the wire delivers to, normalized. */
  address: string;
  /** What arrived at the other end, in order. */
  received(): Received[];
  /** Makes the wire refuse the next messages in a way that passes, then heals it; absent where it cannot be done. */
  breakWire?: () => () => void;
  /** The same wire after the process that used it was killed: nothing of its memory is left. */
  restart(): ChannelAdapter;
  /** Someone writes to us; absent where inbound messages do not come through the adapter. */
  write?: (message: { id: string; from: string; text: string }) => Promise<void>;
};

/** What every adapter owes the outbox and the inbox, whatever its wire. */
export function describeChannel(open: () => Promise<ChannelUnderTest> | ChannelUnderTest): void {
  const start = async () => {
    const channel = await open();
    const inbound: Inbound[] = [];
    await channel.adapter.start(async (message) => void inbound.push(message));
    onTestFinished(() => channel.adapter.stop());
    const send = (delivery: Delivery, adapter = channel.adapter) =>
      adapter.send(delivery, new AbortController().signal);
    return { ...channel, inbound, send };
  };

  test('delivers the exact text, once, and gives a receipt', async () => {
    const { address, send, received } = await start();
    const text = 'Zwei Zeilen\nund "Zitate" \\ – 👋🏽 é\u2028\u0000.';
    expect(await send(buildDelivery(address, { text }))).toMatchObject({ kind: 'sent' });
    expect(received()).toEqual([{ to: address, text }]);
  });

  test('delivers in the order it was asked to', async () => {
    const { address, send, received } = await start();
    for (const text of ['one', 'two', 'three']) await send(buildDelivery(address, { text, key: text }));
    expect(received().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  test('never says of a message it sent that it did not', async () => {
    const { address, adapter, send, restart } = await start();
    const sent = await send(buildDelivery(address, { key: 'a' }));
    const receipt = sent.kind === 'sent' ? sent.receipt : '';
    for (const asked of [adapter, restart()]) {
      const found = await asked.lookup(buildDelivery(address, { key: 'a' }));
      expect([{ kind: 'sent', receipt }, { kind: 'unknown' }]).toContainEqual(found);
    }
  });

  test('never says of a message it did not send that it did', async () => {
    const { address, adapter, send, restart } = await start();
    await send(buildDelivery(address, { key: 'a' }));
    for (const asked of [adapter, restart()])
      expect((await asked.lookup(buildDelivery(address, { key: 'b' }))).kind).not.toBe('sent');
  });

  test('hands nothing over once the signal is aborted', async () => {
    const { address, adapter, received } = await start();
    expect(await adapter.send(buildDelivery(address), AbortSignal.abort())).toMatchObject({ kind: 'retry' });
    expect(received()).toEqual([]);
  });

  test('hands nothing over after stop, and starts again', async () => {
    const { address, adapter, send, received } = await start();
    await adapter.stop();
    await adapter.stop();
    expect(await send(buildDelivery(address))).toMatchObject({ kind: 'retry' });
    expect(received()).toEqual([]);
    await adapter.start(async () => {});
    expect(await send(buildDelivery(address))).toMatchObject({ kind: 'sent' });
  });

  test('stops before it was started', async () => {
    const { adapter } = await open();
    await adapter.stop();
  });

  test('says "retry" only of what is proven not to be on the wire', async () => {
    const { address, adapter, send, received, breakWire } = await start();
    if (!breakWire) return;
    const heal = breakWire();
    const outcome = await send(buildDelivery(address, { key: 'a' }));
    heal();
    if (outcome.kind !== 'retry') return expect(outcome.kind).not.toBe('sent');
    expect(received()).toEqual([]);
    expect((await adapter.lookup(buildDelivery(address, { key: 'a' }))).kind).not.toBe('sent');
    expect(await send(buildDelivery(address, { key: 'a' }))).toMatchObject({ kind: 'sent' });
    expect(received()).toHaveLength(1);
  });

  test('hands inbound messages over with their ids', async () => {
    const { adapter, inbound, write } = await start();
    if (!write) return;
    await write({ id: 'm1', from: 'someone', text: 'hello' });
    expect(inbound).toMatchObject([{ channel: adapter.kind, account: adapter.account, text: 'hello' }]);
  });
}

export function buildDelivery(address: string, change: Partial<Delivery> = {}): Delivery {
  return {
    id: 'outbox_1',
    actionId: 'action_1',
    jorbId: 'jorb_1',
    channel: 'loopback',
    address,
    key: 'key-1',
    text: 'hello',
    status: 'sending',
    attempts: 1,
    availableAt: 0,
    sentAt: null,
    error: null,
    ...change,
  };
}
