import { describe, expect, test } from 'vitest';
import type { Digest } from '../../src/domain/digest.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { ask, type Pipeline, refuse, sendTo, spend, startPipeline } from './pipeline-driver.ts';
import { buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

type Digester = {
  pipeline: Pipeline;
  /** Composes the digest of a date and gives back what it told; undefined when it told nothing. */
  compose(date: string, sendsEmpty?: boolean): Promise<Digest | undefined>;
};

type Start = () => Promise<Digester>;

export function describeDigests(open: OpenStore): void {
  const start: Start = async () => {
    const pipeline = await startPipeline(await open());
    const compose: Digester['compose'] = async (date, sendsEmpty = false) => {
      let told: Digest | undefined;
      const render = (digest: Digest) => {
        told = digest;
        return { subject: `digest of ${digest.date}`, text: 'text', html: '<p>html</p>' };
      };
      await pipeline.store.composeDigest(pipeline.fence, { date, render, sendsEmpty }, pipeline.now);
      return told;
    };
    return { pipeline, compose };
  };
  describeOncePerDate(start);
  describeCoverage(start);
  describeContents(start);
  describeBounds(start);
}

const textsOf = (digest: Digest | undefined) =>
  (digest?.stories ?? []).flatMap(({ messages }) => messages.map(({ text }) => text.text));

function describeOncePerDate(start: Start): void {
  describe('the digest of a date', () => {
    test('is there once, with one mail, however often it is asked for', async () => {
      const { pipeline, compose } = await start();
      const { store, fence } = pipeline;
      await pipeline.createJorb();
      expect(await compose('2026-11-20')).toMatchObject({ since: null, activity: { created: 1 } });
      await pipeline.createJorb();
      const again = { date: '2026-11-20', render: () => expect.fail('it was there'), sendsEmpty: true };
      expect(await store.composeDigest(fence, again, pipeline.now)).toEqual({ kind: 'known', needs: 0 });
      const mail = await store.claimMail(fence, pipeline.now);
      expect(mail).toMatchObject({ kind: 'digest', subject: 'digest of 2026-11-20' });
      expect(mail?.key).toMatch(/^digest-2026-11-20\./);
      expect(await store.claimMail(fence, pipeline.now)).toBeUndefined();
    });

    test('is one mail when two ask at the same time', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      const told = await Promise.all([compose('2026-11-20'), compose('2026-11-20')]);
      expect(told.filter((each) => each !== undefined)).toHaveLength(1);
    });

    test('is not written by a runtime whose place was taken', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      await pipeline.store.raiseEpoch('another', pipeline.now);
      await expect(compose('2026-11-20')).rejects.toThrow('is over');
      expect(await pipeline.store.readDigest(null)).toBeUndefined();
    });

    test('is kept as it was mailed, with what became of the mail', async () => {
      const { pipeline, compose } = await start();
      const { store, fence } = pipeline;
      await pipeline.createJorb();
      await compose('2026-11-20');
      const mail = await store.claimMail(fence, pipeline.now);
      if (!mail) throw new Error('no mail is due');
      const sentAt = pipeline.now + minuteMs;
      await store.settleMail(fence, mail.id, { kind: 'sent', receipt: '250 queued' }, sentAt, sentAt);
      const { needs, since, until } = { needs: 0, since: null, until: pipeline.now };
      const kept = { date: '2026-11-20', text: 'text', html: '<p>html</p>', needs, since, until };
      const digest = await store.readDigest('2026-11-20');
      expect(digest).toMatchObject({
        ...kept,
        mail: { id: mail.id, status: 'sent', receipt: '250 queued', sentAt },
      });
      expect(await store.readDigest(null)).toEqual(digest);
      expect(await store.readDigest('2026-11-19')).toBeUndefined();
      expect(await store.listDigests(5)).toEqual([{ date: '2026-11-20', needs: 0 }]);
    });
  });

  describe('a day on which nothing happened', () => {
    test('has no digest, and the mark stays', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      await compose('2026-11-20');
      const mail = await pipeline.store.claimMail(pipeline.fence, pipeline.now);
      if (!mail) throw new Error('no mail is due');
      const sent = { kind: 'sent', receipt: '250' } as const;
      await pipeline.store.settleMail(pipeline.fence, mail.id, sent, pipeline.now, pipeline.now);
      pipeline.fence = await pipeline.store.raiseEpoch('after a restart', pipeline.now);
      pipeline.now += dayMs;
      expect(await compose('2026-11-21')).toBeUndefined();
      await pipeline.deliver('A room is free.');
      pipeline.now += dayMs;
      expect(await compose('2026-11-22')).toMatchObject({ since: testEpoch, activity: { received: 1 } });
    });

    test('has one where the owner wants it', async () => {
      const { compose } = await start();
      expect(await compose('2026-11-20', true)).toMatchObject({ needs: 0, stories: [], active: [] });
    });

    test('has one while something waits for the owner', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
      await compose('2026-11-20');
      const next = await compose('2026-11-21');
      expect(next).toMatchObject({ needs: 1, approvals: [{ id: 'approval_1' }], stories: [] });
    });
  });
}

function describeCoverage(start: Start): void {
  describe('digests that follow one another', () => {
    test('tell each message, decision of a turn, call of a model and payment exactly once', async () => {
      const { pipeline, compose } = await start();
      const id = await pipeline.createJorb();
      const told: (Digest | undefined)[] = [];
      for (let day = 1; day <= 5; day += 1) {
        await pipeline.deliver(`in ${day}`);
        await pipeline.takeTurn([sendTo('magic', `out ${day}`)], spend(100));
        await pipeline.send();
        await call(pipeline, `model-${day}`);
        told.push(await compose(`2026-11-2${day}`));
        pipeline.now += dayMs;
      }
      const days = [1, 2, 3, 4, 5];
      expect(told.map(textsOf)).toEqual(days.map((day) => [`in ${day}`, `out ${day}`]));
      expect(told.map((each) => each?.activity)).toEqual(
        days.map((day) => ({ ...noActivity, received: 1, sent: 1, created: day === 1 ? 1 : 0 })),
      );
      expect(told.map((each) => each?.costs.models)).toMatchObject(
        days.map((day) => [{ model: `model-${day}` }]),
      );
      expect(told.map((each) => each?.costs.settled)).toEqual(
        days.map(() => [{ minor: 100, currency: 'USD' }]),
      );
      expect(told.map((each) => each?.costs.jorbs)).toMatchObject(
        days.map(() => [
          { id, received: 1, sent: [{ channel: 'loopback', count: 1 }], purchases: [{ state: 'settled' }] },
        ]),
      );
      const decisions = told.flatMap((each) =>
        each?.stories.flatMap((story) => story.decisions.map((one) => one.id)),
      );
      // Not where a message belongs, which the only open jorb says.
      expect(decisions).toHaveLength(5);
      expect(new Set(decisions).size).toBe(5);
    });

    test('leave nothing out between them while others write', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      const days = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'];
      const work = Array.from({ length: 12 }, async (_, index) => {
        if (index % 4 === 0) return compose(days[index / 4] ?? '');
        await pipeline.deliver(`message ${index}`);
        return undefined;
      });
      const told = [...(await Promise.all(work)), await compose('2026-11-24', true)];
      expect(told.flatMap(textsOf).sort()).toEqual(
        [1, 2, 3, 5, 6, 7, 9, 10, 11].map((index) => `message ${index}`).sort(),
      );
    });

    test('go on from the last one, whatever date the clock gives it', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      await pipeline.deliver('in the far future');
      pipeline.now += 365 * dayMs;
      await compose('2027-11-20');
      pipeline.now -= 365 * dayMs;
      await pipeline.deliver('now');
      expect(textsOf(await compose('2026-11-21'))).toEqual(['now']);
      await pipeline.deliver('tomorrow');
      expect(textsOf(await compose('2026-11-22'))).toEqual(['tomorrow']);
      expect(await pipeline.store.listDigests(2)).toMatchObject([
        { date: '2026-11-22' },
        { date: '2026-11-21' },
      ]);
    });
  });
}

const noActivity = {
  received: 0,
  sent: 0,
  created: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  refused: 0,
  asked: 0,
};

/** A model is asked about the first jorb. */
async function call({ store, fence, now }: Pipeline, model: string): Promise<void> {
  const limits = { dayMicros: 1_000_000, jorbMicros: 1_000_000 };
  const asked = { purpose: 'turn', jorbId: 'jorb_1', turnId: null, model, worstMicros: 900, limits } as const;
  const reserved = await store.reserveModelCall(fence, asked, now);
  if (reserved.kind === 'refused') throw new Error('there is room for it');
  const usage = { inputTokens: 100, cachedTokens: 40, writtenTokens: 0, outputTokens: 7 };
  await store.settleModelCall(fence, reserved.id, { usage, costMicros: 250, error: null }, now);
}

function describeContents(start: Start): void {
  describe('a digest', () => {
    test('says what is asked to the letter, and counts what needs the owner', async () => {
      const { pipeline, compose } = await start();
      const id = await pipeline.createJorb();
      await pipeline.deliver('$289 a night. Shall I book?');
      const price = { minor: 1156_00, currency: 'USD', quantity: 4, per: 'night' };
      await pipeline.takeTurn([sendTo('magic', 'Yes,\nplease book.', { price })], ask);
      await pipeline.deliver('Hello?', { from: 'stranger' });
      const limited = await pipeline.createJorb({ name: 'Limited' });
      await pipeline.takeTurn([sendTo('hotel', 'Again?')], refuse({ pauses: true }));
      const told = await compose('2026-11-20');
      expect(told).toMatchObject({
        needs: 3,
        approvals: [
          {
            id: 'approval_1',
            jorb: { id },
            asked: { kind: 'send', text: { text: 'Yes,\nplease book.', length: 17 }, price, name: 'Magic' },
            quote: { from: 'Magic', text: { text: '$289 a night. Shall I book?' } },
          },
        ],
        unmatched: [{ text: { text: 'Hello?' }, channel: 'loopback', address: 'stranger' }],
        active: [
          { id: limited, status: 'paused', pauseCause: 'limit' },
          { id, approvals: ['approval_1'] },
        ],
      });
      expect(told?.highlights.map(({ text }) => text)).toContain('paused: “too many messages this hour”');
    });

    test('tells how jorbs ended, with what proves it', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb({ name: 'Done' });
      const { id: proof } = await pipeline.deliver('Confirmed.');
      await pipeline.takeTurn([{ kind: 'complete', outcome: 'Booked the Grand.', evidence: [proof] }]);
      await pipeline.createJorb({ name: 'Lost' });
      await pipeline.takeTurn([{ kind: 'fail', reason: 'Sold out.' }]);
      const told = await compose('2026-11-20');
      expect(told?.ended).toMatchObject([
        { id: 'jorb_2', status: 'failed', reason: 'Sold out.', evidence: [] },
        {
          ...{ id: 'jorb_1', status: 'complete', reason: 'Booked the Grand.' },
          evidence: [{ id: proof, from: 'Magic (loopback:magic)', text: { text: 'Confirmed.' } }],
        },
      ]);
      expect((await compose('2026-11-21'))?.ended ?? []).toEqual([]);
    });

    test('tells what did not arrive, or may not have', async () => {
      const { pipeline, compose } = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn(['one', 'two', 'three'].map((text) => sendTo('magic', text)));
      await pipeline.send();
      await pipeline.send({ kind: 'unknown', error: 'the line broke' });
      await pipeline.send({ kind: 'failed', error: 'no such number' });
      const told = await compose('2026-11-20');
      expect(told?.problems).toMatchObject([
        { kind: 'failed', text: { text: 'three' }, error: 'no such number' },
        { kind: 'unknown', text: { text: 'two' }, error: 'the line broke' },
      ]);
      expect(told?.stories[0]?.messages.map(({ status }) => status)).toEqual(['sent', 'unknown', 'failed']);
      expect(told?.needs).toBe(1);
    });

    test('says that everything is stopped, and that the model is down', async () => {
      const { pipeline, compose } = await start();
      await pipeline.store.stopEverything('on holiday', pipeline.now);
      const failure = { error: 'it is busy', retryAfterMs: null, random: 0, isProbe: false };
      await pipeline.store.noteOutage(pipeline.fence, failure, pipeline.now);
      expect(await compose('2026-11-20')).toMatchObject({
        stopped: { reason: 'on holiday' },
        outage: { error: 'it is busy' },
      });
    });
  });
}

function describeBounds(start: Start): void {
  test('a digest stays bounded, and says what it leaves out', async () => {
    const { pipeline, compose } = await start();
    for (let index = 0; index < 45; index += 1) {
      pipeline.now += 1;
      const id = await pipeline.createJorb({ name: `jorb ${index}` });
      const steering = buildSteering({ guidance: 'Later.', widening: buildWidening() });
      await pipeline.store.steerJorb(id, steering, pipeline.now);
      await pipeline.deliver(`message ${index}`, { from: 'stranger' });
    }
    const id = await pipeline.createJorb({ name: 'busy' });
    const [first] = (await pipeline.store.listInbox({ limit: 1, offset: 0 })).items;
    await pipeline.store.assignMessage(first?.event.id ?? 'event_1', id, pipeline.now);
    for (let index = 0; index < 30; index += 1) await pipeline.deliver(`more ${index}`, { from: 'stranger' });
    const long = 'x'.repeat(50_000);
    await pipeline.deliver(long, { from: 'stranger' });
    const told = await compose('2026-11-20');
    const lengths = [told?.approvals, told?.active, told?.unmatched].map((list) => list?.length);
    expect(lengths).toEqual([20, 40, 0]);
    expect(told?.more).toMatchObject({ approvals: 25, active: 6, unmatched: 0, stories: 6 });
    expect(told?.stories).toHaveLength(1);
    // 45 were assigned, 31 came after.
    expect(told?.stories[0]).toMatchObject({ id, moreMessages: 66 });
    expect(told?.stories[0]?.messages.at(-1)?.text).toMatchObject({ length: 50_000 });
    expect(told?.stories[0]?.messages.at(-1)?.text.text.length).toBeLessThan(2001);
  });
}
