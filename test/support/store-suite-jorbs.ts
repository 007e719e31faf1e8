import { describe, expect, test } from 'vitest';
import { maxOpenMs } from '../../src/domain/extension.ts';
import { jorbStatuses, openStatuses } from '../../src/domain/jorb.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import type { Store } from '../../src/domain/store.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { ask, sendTo, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const now = testEpoch;

async function create(store: Store, overrides: Partial<NewJorb> = {}, at = now) {
  return (await store.createJorb(buildNewJorb(overrides), at)).jorb;
}

export function describeJorbs(open: OpenStore): void {
  describeCreation(open);
  describeReading(open);
  describeSteering(open);
}

function describeCreation(open: OpenStore): void {
  describe('creating a jorb', () => {
    test('keeps everything that was agreed', async () => {
      const store = await open();
      const input = buildNewJorb();
      const { jorb, created, approvalId } = await store.createJorb(input, now);
      expect({ created, approvalId }).toEqual({ created: true, approvalId: null });
      expect(jorb).toMatchObject({ id: 'jorb_1', status: 'running', contractVersion: 1, createdAt: now });
      const detail = await store.getJorb(jorb.id);
      expect(detail).toMatchObject({
        jorb,
        contract: input.contract,
        phases: [
          { title: 'Ask', status: 'active' },
          { title: 'Book', status: 'pending' },
        ],
        pendingApprovals: [],
        spent: { committed: { minor: 0, currency: 'USD' }, reserved: { minor: 0, currency: 'USD' } },
        received: 0,
        sent: 0,
      });
      expect(detail?.counterparties.map(({ id: _, ...rest }) => rest)).toEqual(
        input.counterparties.map((each) => ({ ...each, optedOut: false })),
      );
    });

    test('makes a turn due when it starts, and none when it does not', async () => {
      const store = await open();
      const fence = await store.raiseEpoch('test', now);
      expect(await create(store, { start: false })).toMatchObject({ status: 'planning' });
      const options = { staleMs: hourMs };
      expect(await store.getNextDueAt(fence, options, now)).toBeUndefined();
      await create(store, {}, now + 5);
      expect(await store.getNextDueAt(fence, options, now)).toBe(now + 5);
    });

    test('gives the same jorb for the same key and request, and writes nothing', async () => {
      const store = await open();
      const input = buildNewJorb({ idempotencyKey: 'key', widening: buildWidening() });
      const first = await store.createJorb(input, now);
      const second = await store.createJorb(input, now + 1000);
      expect(second).toEqual({ ...first, created: false });
      expect(await store.listJorbs({ statuses: jorbStatuses, limit: 10, offset: 0 })).toMatchObject({
        total: 1,
      });
    });

    test('refuses a key that was used for another request', async () => {
      const store = await open();
      await store.createJorb(buildNewJorb({ idempotencyKey: 'key' }), now);
      const other = buildNewJorb({ idempotencyKey: 'key', requestHash: 'other' });
      await expect(store.createJorb(other, now)).rejects.toMatchObject({
        name: 'Refusal',
        code: 'conflict',
        field: 'idempotency_key',
      });
    });

    test('makes one jorb of the same request sent many times at once', async () => {
      const store = await open();
      const input = buildNewJorb({ idempotencyKey: 'key' });
      const results = await Promise.all(Array.from({ length: 8 }, () => store.createJorb(input, now)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map(({ jorb }) => jorb.id)).size).toBe(1);
    });

    test('waits for the owner when the contract is wider than may be set, under the narrower one', async () => {
      const store = await open();
      const widening = buildWidening();
      const { jorb, approvalId } = await store.createJorb(buildNewJorb({ widening }), now);
      expect(jorb.status).toBe('planning');
      const detail = await store.getJorb(jorb.id);
      expect(detail).toMatchObject({ contract: buildNewJorb().contract, pendingApprovals: [approvalId] });
      expect(approvalId && (await store.getApproval(approvalId))).toMatchObject({
        status: 'pending',
        contractVersion: 1,
        action: {
          status: 'awaiting_approval',
          consequence: 'purchase',
          payload: { kind: 'change_contract', contract: widening.contract, startAfter: true },
        },
      });
    });

    test('lets one contact be in several jorbs', async () => {
      const store = await open();
      const [first, second] = [await create(store), await create(store)];
      const [one, other] = [await store.getJorb(first.id), await store.getJorb(second.id)];
      expect(one?.counterparties).toEqual(other?.counterparties);
    });
  });
}

function describeReading(open: OpenStore): void {
  describe('reading jorbs', () => {
    test('lists the latest activity first, page by page, by status', async () => {
      const store = await open();
      for (let index = 0; index < 7; index += 1) {
        const { id } = await create(store, { start: index % 2 === 0 }, now + index);
        if (index === 2) await store.moveJorb(id, 'cancel', null, now + 100);
      }
      const list = async (offset: number, limit = 4) => {
        const page = await store.listJorbs({ statuses: openStatuses, limit, offset });
        return { ids: page.jorbs.map(({ id }) => id), total: page.total };
      };
      expect(await list(0)).toEqual({ ids: ['jorb_7', 'jorb_6', 'jorb_5', 'jorb_4'], total: 6 });
      expect(await list(4)).toEqual({ ids: ['jorb_2', 'jorb_1'], total: 6 });
      const closed = await store.listJorbs({ statuses: ['cancelled'], limit: 4, offset: 0 });
      expect(closed.jorbs.map(({ id }) => id)).toEqual(['jorb_3']);
    });

    test('knows no jorb that is not there', async () => {
      const store = await open();
      expect(await store.getJorb('jorb_9')).toBeUndefined();
      const refused = { code: 'not_found', message: 'there is no jorb jorb_9' };
      const page = { order: 'newest', limit: 5, offset: 0 } as const;
      await expect(store.readTranscript('jorb_9', page)).rejects.toMatchObject(refused);
      const decisions = { jorbId: 'jorb_9', status: null, since: null, limit: 5, offset: 0 } as const;
      await expect(store.listDecisions(decisions)).rejects.toMatchObject(refused);
      await expect(store.moveJorb('jorb_9', 'pause', null, now)).rejects.toMatchObject(refused);
      await expect(store.steerJorb('jorb_9', buildSteering(), now)).rejects.toMatchObject(refused);
    });

    test('pages the transcript from either end without a gap', async () => {
      const pipeline = await startPipeline(await open());
      const { store } = pipeline;
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'message 0')]);
      for (let index = 1; index < 5; index += 1) {
        pipeline.now += 1;
        await pipeline.deliver(`message ${index}`);
      }
      const read = async (order: 'newest' | 'oldest', offset: number) => {
        const page = await store.readTranscript(id, { order, limit: 2, offset });
        return { texts: page.entries.map(({ text }) => text), total: page.total, next: page.nextOffset };
      };
      expect(await read('newest', 0)).toEqual({ texts: ['message 4', 'message 3'], total: 5, next: 2 });
      expect(await read('newest', 4)).toEqual({ texts: ['message 0'], total: 5, next: null });
      expect(await read('oldest', 2)).toEqual({ texts: ['message 2', 'message 3'], total: 5, next: 4 });
      const { entries } = await store.readTranscript(id, { order: 'oldest', limit: 2, offset: 0 });
      const at = { channel: 'loopback', address: 'magic', contactName: 'Magic' };
      expect(entries).toEqual([
        { ...at, direction: 'out', id: 'outbox_1', text: 'message 0', at: now, status: 'queued' },
        { ...at, direction: 'in', id: 'event_1', text: 'message 1', at: now + 1, status: 'routed' },
      ]);
      expect(await store.getJorb(id)).toMatchObject({ received: 4, sent: 0 });
    });

    test('puts a message that was held back where it was sent', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'held back')]);
      pipeline.now += hourMs;
      await pipeline.deliver('came before');
      pipeline.now += hourMs;
      await pipeline.send();
      const { entries } = await pipeline.store.readTranscript(id, { order: 'newest', limit: 1, offset: 0 });
      expect(entries).toMatchObject([{ text: 'held back', at: pipeline.now, status: 'sent' }]);
    });
  });
}

function describeSteering(open: OpenStore): void {
  describe('steering a jorb', () => {
    const staleMs = 30 * 24 * hourMs;

    test('replaces plan and phases and gives a running jorb a turn', async () => {
      const store = await open();
      const fence = await store.raiseEpoch('test', now);
      const { id } = await create(store, { start: false });
      await store.steerJorb(id, buildSteering({ plan: 'Ask for two rooms.', phases: ['Wait'] }), now + 1);
      expect(await store.getJorb(id)).toMatchObject({
        jorb: { plan: 'Ask for two rooms.', status: 'planning', lastActivityAt: now + 1 },
        phases: [{ title: 'Wait', status: 'active' }],
        contract: { deadlineAt: null },
      });
      expect(await store.getNextDueAt(fence, { staleMs }, now)).toBeUndefined();
      await store.moveJorb(id, 'start', null, now + 2);
      await store.steerJorb(id, buildSteering({ guidance: 'Be brief.' }), now + 3);
      expect(await store.getNextDueAt(fence, { staleMs }, now)).toBe(now + 2);
    });

    test('makes each changed contract a version that counterparties and deadline follow', async () => {
      const store = await open();
      const fence = await store.raiseEpoch('test', now);
      const { id } = await create(store, { start: false });
      const contract = {
        ...buildNewJorb().contract,
        counterparties: [
          { channel: 'loopback' as const, address: 'third' },
          { channel: 'loopback' as const, address: 'magic' },
        ],
        deadlineAt: now + hourMs,
      };
      const third = { channel: 'loopback' as const, address: 'third', name: 'Third', ask: 'And you?' };
      const { jorb } = await store.steerJorb(id, buildSteering({ contract, counterparties: [third] }), now);
      expect(jorb.contractVersion).toBe(2);
      const detail = await store.getJorb(id);
      expect(detail?.contract).toEqual(contract);
      expect(detail?.counterparties.map(({ name, ask }) => ({ name, ask }))).toEqual([
        { name: 'Third', ask: 'And you?' },
        { name: 'Magic', ask: null },
      ]);
      await store.moveJorb(id, 'start', null, now);
      expect(await store.wakeJorbs(fence, now + hourMs)).toBe(1);
    });

    test('refuses a change that was made for another version of the contract', async () => {
      const store = await open();
      const { id } = await create(store);
      const { contract } = buildNewJorb();
      await store.steerJorb(id, buildSteering({ contract }), now);
      const late = store.steerJorb(id, buildSteering({ contract, plan: 'Other.' }), now);
      await expect(late).rejects.toMatchObject({ name: 'Refusal', code: 'conflict' });
      expect(await store.getJorb(id)).toMatchObject({
        jorb: { contractVersion: 2, plan: buildNewJorb().plan },
      });
    });

    test('voids the questions asked under the contract before', async () => {
      const store = await open();
      const { jorb, approvalId } = await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      await store.steerJorb(jorb.id, buildSteering({ contract: buildNewJorb().contract }), now + 1);
      expect(approvalId && (await store.getApproval(approvalId))).toMatchObject({
        status: 'expired',
        voidReason: 'the contract changed to version 2',
        answeredAt: now + 1,
        action: { status: 'expired' },
      });
    });

    test('asks for what is wider under the version that is then in force', async () => {
      const store = await open();
      const { id } = await create(store);
      const steering = buildSteering({ contract: buildNewJorb().contract, widening: buildWidening() });
      const { jorb, approvalId } = await store.steerJorb(id, steering, now);
      expect(jorb).toMatchObject({ status: 'running', contractVersion: 2 });
      expect(approvalId && (await store.getApproval(approvalId))).toMatchObject({
        status: 'pending',
        contractVersion: 2,
        action: { payload: { startAfter: false } },
      });
    });

    test('lets the agent think again when another contract took its question away', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
      const { contract } = buildNewJorb();
      const { jorb } = await pipeline.store.steerJorb(id, buildSteering({ contract }), now);
      expect(jorb).toMatchObject({ status: 'running', pauseCause: null });
      expect(await pipeline.claim()).toMatchObject({
        context: { triggers: ['approval'], approvals: [{ status: 'expired', isNew: true }] },
      });
    });

    test('leaves a paused jorb paused', async () => {
      const store = await open();
      const fence = await store.raiseEpoch('test', now);
      const { id } = await create(store);
      await store.moveJorb(id, 'pause', null, now);
      const { jorb } = await store.steerJorb(id, buildSteering({ guidance: 'Go on.' }), now);
      expect(jorb).toMatchObject({ status: 'paused', pauseCause: 'owner' });
      expect(await store.getNextDueAt(fence, { staleMs }, now)).toBe(now + maxOpenMs);
    });

    test('refuses a finished jorb', async () => {
      const store = await open();
      const { id } = await create(store);
      await store.moveJorb(id, 'cancel', null, now);
      const steered = store.steerJorb(id, buildSteering({ guidance: 'Go on.' }), now);
      await expect(steered).rejects.toMatchObject({
        code: 'conflict',
        message: 'jorb_1 is cancelled; only an open jorb can be steered',
      });
    });
  });
}
