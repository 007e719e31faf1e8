import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/domain/channel.ts';
import { type Fence, StaleEpoch } from '../../src/domain/fence.ts';
import type { MailKind } from '../../src/domain/mail.ts';
import type { Store } from '../../src/domain/store.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';

/** A store, and how a digest or a notice queues a mail in it. */
export type OpenMailStore = () => Promise<{
  store: Store;
  queue: (name: string, kind: MailKind, now: number) => void;
}>;

const sent: SendOutcome = { kind: 'sent', receipt: '250 ok' };

async function start(open: OpenMailStore) {
  const { store, queue } = await open();
  let fence: Fence = await store.raiseEpoch('test', testEpoch);
  return {
    store,
    get fence() {
      return fence;
    },
    queue: (name: string, { now = testEpoch, kind = 'digest' }: { now?: number; kind?: MailKind } = {}) =>
      queue(name, kind, now),
    claim: (now = testEpoch) => store.claimMail(fence, now),
    settle: (id: `mail_${number}`, outcome: SendOutcome, now = testEpoch) =>
      store.settleMail(fence, id, outcome, now + minuteMs, now),
    async takeOver() {
      const stale = fence;
      fence = await store.raiseEpoch('other', testEpoch);
      return stale;
    },
    async news() {
      const entries = await store.listActivity(null, 0, 50);
      return entries
        .map(({ what, subject }) => `${what} ${subject}`)
        .filter((line) => line.startsWith('mail.'));
    },
  };
}

export function describeMails(open: OpenMailStore): void {
  describe('mails to the owner', () => {
    test('are taken once each, the longest waiting first, under keys that never repeat', async () => {
      const mails = await start(open);
      mails.queue('notice-2', { now: testEpoch + 1, kind: 'notice' });
      mails.queue('digest-2026-11-20');
      expect(await mails.claim(testEpoch - 1)).toBeUndefined();
      const first = await mails.claim(testEpoch + 1);
      const second = await mails.claim(testEpoch + 1);
      expect(first).toMatchObject({ id: 'mail_2', kind: 'digest', status: 'sending', attempts: 1 });
      expect(first).toMatchObject({ subject: 'subject', text: 'text', html: 'html', queuedAt: testEpoch });
      expect(first?.key).toMatch(/^digest-2026-11-20\.[0-9a-f]{32}$/);
      expect(second).toMatchObject({ id: 'mail_1', kind: 'notice' });
      expect(await mails.claim(testEpoch + 1)).toBeUndefined();
    });

    test('are not held by the stop switch', async () => {
      const mails = await start(open);
      mails.queue('digest-1');
      await mails.store.stopEverything(null, testEpoch);
      expect(await mails.store.getNextDueAt(mails.fence, { staleMs: minuteMs }, testEpoch)).toBe(testEpoch);
      expect(await mails.claim()).toMatchObject({ id: 'mail_1' });
    });

    test('are due again when they may be tried again, with the same key', async () => {
      const mails = await start(open);
      mails.queue('digest-1');
      const first = await mails.claim();
      await mails.settle('mail_1', { kind: 'retry', error: 'greylisted' });
      expect(await mails.claim()).toBeUndefined();
      const due = testEpoch + minuteMs;
      expect(await mails.store.getNextDueAt(mails.fence, { staleMs: minuteMs }, testEpoch)).toBe(due);
      expect(await mails.claim(due)).toMatchObject({ key: first?.key, attempts: 2, error: 'greylisted' });
      await mails.settle('mail_1', sent, due);
      expect(await mails.claim(due + minuteMs)).toBeUndefined();
      expect(await mails.news()).toEqual(['mail.sent mail_1']);
    });

    test.each<[SendOutcome, string]>([
      [sent, 'sent'],
      [{ kind: 'unknown', error: 'it broke off' }, 'unknown'],
      [{ kind: 'failed', error: 'no such user' }, 'failed'],
    ])('have one end, which stands: %j', async (outcome, what) => {
      const mails = await start(open);
      mails.queue('digest-1');
      await mails.claim();
      await mails.settle('mail_1', outcome);
      for (const late of [sent, { kind: 'retry', error: 'late' } as const])
        await mails.settle('mail_1', late);
      expect(await mails.claim(testEpoch + minuteMs)).toBeUndefined();
      expect(await mails.news()).toEqual([`mail.${what} mail_1`]);
      expect(await mails.store.getNextDueAt(mails.fence, { staleMs: minuteMs }, testEpoch)).toBeUndefined();
    });

    test('that a runtime left on their way are asked about by the next, and by no other', async () => {
      const mails = await start(open);
      mails.queue('digest-1');
      mails.queue('digest-2');
      await mails.claim();
      expect(await mails.store.listUncertainMails(mails.fence)).toEqual([]);
      const stale = await mails.takeOver();
      await expect(mails.store.claimMail(stale, testEpoch)).rejects.toBeInstanceOf(StaleEpoch);
      await expect(mails.store.listUncertainMails(stale)).rejects.toBeInstanceOf(StaleEpoch);
      const late = mails.store.settleMail(stale, 'mail_1', sent, testEpoch, testEpoch);
      await expect(late).rejects.toBeInstanceOf(StaleEpoch);
      expect(await mails.store.listUncertainMails(mails.fence)).toMatchObject([
        { id: 'mail_1', status: 'sending' },
      ]);
      expect(await mails.claim()).toMatchObject({ id: 'mail_2' });
      await mails.settle('mail_1', { kind: 'unknown', error: 'the process ended' });
      expect(await mails.store.listUncertainMails(mails.fence)).toEqual([]);
      expect(await mails.claim(testEpoch + minuteMs)).toBeUndefined();
    });

    test('that nobody queued are a mistake of ours', async () => {
      const mails = await start(open);
      await expect(mails.settle('mail_9', sent)).rejects.toThrow('there is no mail_9');
    });
  });

  describe('what the status tells of mails', () => {
    const nothing = { queued: 0, unknown: 0, failed: 0, lastSentAt: null, error: null };

    test('is nothing at first, then what waits, and why', async () => {
      const mails = await start(open);
      expect(await mails.store.readMailStatus()).toEqual(nothing);
      mails.queue('digest-1');
      expect(await mails.store.readMailStatus()).toEqual({ ...nothing, queued: 1 });
      await mails.claim();
      expect(await mails.store.readMailStatus()).toEqual({ ...nothing, queued: 1 });
      await mails.settle('mail_1', { kind: 'retry', error: 'greylisted' });
      expect(await mails.store.readMailStatus()).toEqual({ ...nothing, queued: 1, error: 'greylisted' });
    });

    test('is what went wrong, until a later one has arrived', async () => {
      const mails = await start(open);
      for (const name of ['digest-1', 'digest-2']) mails.queue(name);
      mails.queue('notice-3', { kind: 'notice' });
      await mails.claim();
      await mails.settle('mail_1', { kind: 'unknown', error: 'it broke off' });
      await mails.claim();
      await mails.settle('mail_2', { kind: 'failed', error: 'no such user' });
      const wrong = { ...nothing, unknown: 1, failed: 1 };
      expect(await mails.store.readMailStatus()).toEqual({ ...wrong, queued: 1, error: 'no such user' });
      await mails.claim();
      await mails.settle('mail_3', sent, testEpoch + 7);
      expect(await mails.store.readMailStatus()).toEqual({ ...wrong, lastSentAt: testEpoch + 7 });
    });

    test('is what went wrong after the last that arrived', async () => {
      const mails = await start(open);
      for (const name of ['digest-1', 'digest-2']) mails.queue(name);
      await mails.claim();
      await mails.settle('mail_1', sent);
      await mails.claim();
      await mails.settle('mail_2', { kind: 'failed', error: 'no such user' });
      expect(await mails.store.readMailStatus()).toEqual({
        ...nothing,
        failed: 1,
        lastSentAt: testEpoch,
        error: 'no such user',
      });
    });
  });
}
