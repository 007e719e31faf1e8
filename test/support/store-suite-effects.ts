import { describe, expect, test } from 'vitest';
import { hashAction } from '../../src/domain/action.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { allow, ask, type Pipeline, refuse, sendTo, spyOn, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

export function describeEffects(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeProposing(start);
  describeFacts(start);
}

type Start = () => Promise<Pipeline>;

async function sentTexts({ store }: Pipeline, id: `jorb_${number}`): Promise<string[]> {
  const { entries } = await store.readTranscript(id, { order: 'oldest', limit: 50, offset: 0 });
  return entries.filter(({ direction }) => direction === 'out').map(({ text }) => text);
}

function describeProposing(start: Start): void {
  describe('what the agent proposes', () => {
    test('is queued once, with the exact bytes that were decided', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      const first = await turn.apply(sendTo('magic', 'hello'), allow, 0);
      const again = await turn.apply(sendTo('magic', 'hello'), allow, 0);
      expect(first).toEqual({
        text: 'action_1 is queued for loopback:magic',
        sends: true,
        isError: false,
        endsTurn: false,
      });
      expect(again).toEqual(first);
      expect(await sentTexts(pipeline, id)).toEqual(['hello']);
      const action = await pipeline.store.getAction('action_1');
      expect(action).toMatchObject({
        jorbId: id,
        turnId: turn.claimed.id,
        status: 'queued',
        contractVersion: 1,
      });
      expect(action?.hash).toBe(hashAction(id, 1, action?.payload ?? { kind: 'ask_owner', question: '' }));
    });

    test('leaves in the form the gate gave it, when the gate says', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const [outcome] = await pipeline.takeTurn([sendTo('magic', 'hello')], ({ payload }, facts) => ({
        ...(allow({ payload, label: 'message', approved: false, confidence: 1 }, facts) as Extract<
          ReturnType<typeof allow>,
          { kind: 'allow' }
        >),
        payload: {
          kind: 'send_message',
          to: { channel: 'loopback', address: 'magic' },
          text: 'HELLO',
          price: null,
        },
        availableAt: facts.now + hourMs,
      }));
      expect(outcome?.text).toContain(new Date(pipeline.now + hourMs).toISOString());
      expect(await pipeline.depart()).toBeUndefined();
      pipeline.now += hourMs;
      expect(await pipeline.depart()).toMatchObject({ text: 'HELLO' });
    });

    test.each([
      ['loopback:hotel', 'hotel'],
      ['LOOPBACK:@Hotel', 'hotel'],
      ['hotel', 'hotel'],
      ['grand hotel', 'hotel'],
      ['+1 (415) 555-0101', '+14155550101'],
      ['someone', 'someone'],
      ['no such address!', 'no such address!'],
    ])('to %j goes to the gate as %j', async (to, address) => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo(to, 'hello')], refuse());
      expect((await pipeline.store.getAction('action_1'))?.payload).toMatchObject({ to: { address } });
    });

    test('asks the owner instead and waits, and what follows in the turn is refused', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.deliver('it costs 300');
      const turn = await pipeline.openTurn();
      const effect = sendTo('magic', 'I take it', { label: 'purchase' });
      const outcome = await turn.apply(effect, ask, 0);
      expect(outcome).toMatchObject({
        isError: false,
        endsTurn: true,
        text: expect.stringContaining('approval_1'),
      });
      expect(await turn.apply(effect, ask, 0)).toEqual(outcome);
      const { seen, evaluate } = spyOn(refuse({ rule: 'jorb_status' }));
      expect(await turn.apply(sendTo('hotel', 'hello'), evaluate, 1)).toMatchObject({ isError: true });
      expect(seen).toMatchObject([
        { jorb: { status: 'paused', pauseCause: 'approval' }, pendingApprovals: { jorb: 1, owner: 1 } },
      ]);
      expect(await sentTexts(pipeline, id)).toEqual([]);
      const [approval, ...others] = await pipeline.store.listPendingApprovals({ jorbId: id, limit: 5 });
      expect(others).toEqual([]);
      expect(approval).toMatchObject({
        recipientName: 'Magic',
        quote: { from: 'Magic', text: 'it costs 300' },
        action: { status: 'awaiting_approval', payload: { text: 'I take it' } },
        jorb: { id, status: 'paused' },
      });
    });

    test('asks the owner a question and waits for the answer', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const [outcome] = await pipeline.takeTurn([{ kind: 'ask_owner', question: 'Smoking?' }], ask);
      expect(outcome).toMatchObject({ isError: false, endsTurn: true });
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        status: 'paused',
        pauseCause: 'question',
      });
    });

    test('is kept with the rule and the text when it is refused', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const [outcome] = await pipeline.takeTurn([sendTo('magic', 'hello')], refuse({ text: 'not now' }));
      expect(outcome).toEqual({ text: 'not now', isError: true, endsTurn: false });
      expect(await pipeline.store.getAction('action_1')).toMatchObject({
        status: 'rejected',
        refusal: 'not now',
      });
      expect((await pipeline.store.getJorb(id))?.jorb.status).toBe('running');
      expect((await pipeline.store.takeBrief(true, pipeline.now)).activity.refused).toBe(1);
    });

    test('pauses the jorb when more tries would not mend it', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const [outcome] = await pipeline.takeTurn(
        [sendTo('magic', 'hello')],
        refuse({ pauses: true, text: 'enough' }),
      );
      expect(outcome).toMatchObject({ isError: true, endsTurn: true });
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        pauseCause: 'limit',
        reason: 'enough',
      });
    });

    test('names the message that led to it only when that is one of the jorb', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const mine = await pipeline.deliver('hello');
      const foreign = await pipeline.deliver('hello', { from: 'stranger' });
      await pipeline.takeTurn([
        sendTo('magic', 'one', { basedOn: mine.id }),
        sendTo('magic', 'two', { basedOn: foreign.id }),
        sendTo('magic', 'three', { basedOn: 'event_99' }),
      ]);
      const causes = await Promise.all(
        (['action_1', 'action_2', 'action_3'] as const).map((id) => pipeline.store.getAction(id)),
      );
      expect(causes.map((action) => action?.causedBy)).toEqual([mine.id, null, null]);
    });
  });
}

function describeFacts(start: Start): void {
  describe('what the gate judges by', () => {
    test('is read from the rows: sends, last words, stop, profile, opt-out', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('hotel', 'two')]);
      await pipeline.send();
      pipeline.now += minuteMs;
      await pipeline.receive('289 a night', { silenceMs: minuteMs });
      await pipeline.receive('shall I book?', { silenceMs: minuteMs });
      pipeline.now += 10 * minuteMs;
      await pipeline.release();
      await pipeline.route();
      await pipeline.store.setProfileField('name', 'Ada', pipeline.now);
      await pipeline.deliver('STOP', { from: 'hotel' });
      const { seen, evaluate } = spyOn(refuse());
      await pipeline.takeTurn(
        [sendTo('magic', 'three'), sendTo('hotel', 'four'), sendTo('who', 'five')],
        evaluate,
      );
      const [magic, hotel, who] = seen;
      expect(magic).toMatchObject({
        stopped: false,
        ownerName: 'Ada',
        profile: [{ field: 'name', value: 'Ada' }],
        jorb: { status: 'running', pauseCause: null },
        recentSends: [
          { address: 'hotel', text: 'two' },
          { address: 'magic', text: 'one' },
        ],
        recipient: { everSent: 1, lastInbound: '289 a night\nshall I book?', optedOut: false },
        pendingApprovals: { jorb: 0, owner: 0 },
      });
      expect(hotel).toMatchObject({ recipient: { everSent: 1, lastInbound: 'STOP', optedOut: true } });
      expect(hotel?.counterparties).toMatchObject([{ optedOut: false }, { optedOut: true }]);
      expect(who).toMatchObject({ recipient: { everSent: 0, lastInbound: null, optedOut: false } });
    });

    test('forgets sends after a day, and never that there were some', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'old')]);
      await pipeline.send();
      pipeline.now += dayMs + 1;
      await pipeline.deliver('hello');
      const { seen, evaluate } = spyOn(allow);
      await pipeline.takeTurn([sendTo('magic', 'new'), sendTo('magic', 'newer')], evaluate);
      expect(seen.map(({ recentSends }) => recentSends.map(({ text }) => text))).toEqual([[], ['new']]);
      expect(seen[0]?.recipient.everSent).toBe(1);
      expect((await pipeline.store.getJorb(id))?.sent).toBe(1);
    });

    test('counts as progress what is new, and not the same again', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const fact = { kind: 'store_data', key: 'price', value: '289', sourceEventId: null } as const;
      const times: (number | undefined)[] = [];
      for (const effects of [[], [fact], [fact], [{ kind: 'advance_phase' } as const]]) {
        pipeline.now += minuteMs;
        await pipeline.deliver('hello');
        const { seen, evaluate } = spyOn(refuse());
        await pipeline.takeTurn([...effects, sendTo('magic', 'hi')], evaluate);
        times.push(seen[0] && pipeline.now - seen[0].lastProgressAt);
      }
      expect(times).toEqual([minuteMs, 0, minuteMs, 0]);
    });
  });
}
