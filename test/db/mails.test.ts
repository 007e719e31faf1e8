import { describe, expect, onTestFinished, test } from 'vitest';
import { buildQueueMail } from '../../src/db/mail-queue.ts';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import { testEpoch } from '../support/clock.ts';
import { makeTestFolder } from '../support/folder.ts';
import { migrationsDir } from '../support/migrated.ts';
import { describeMails } from '../support/store-suite-mails.ts';

async function open() {
  const db = await openDatabase({ dataDir: makeTestFolder(), migrationsDir });
  const store = buildStore(db);
  onTestFinished(() => store.close());
  const queueMail = buildQueueMail(db);
  const content = { subject: 'subject', text: 'text', html: 'html' };
  const queue = (name: string, kind: 'digest' | 'notice', now: number) => {
    queueMail({ name, kind, ...content }, now);
  };
  return { db, store, queue };
}

describe('the SQLite store', () => {
  describeMails(open);
});

test('what was queued cannot be changed, and what has ended cannot begin again, whatever the code says', async () => {
  const { db, store, queue } = await open();
  const fence = await store.raiseEpoch('test', testEpoch);
  queue('digest-1', 'digest', testEpoch);
  expect(() => db.$client.exec(`update mail set text = 'other'`)).toThrow('a queued mail is never changed');
  await store.claimMail(fence, testEpoch);
  await store.settleMail(fence, 'mail_1', { kind: 'sent', receipt: 'r' }, testEpoch, testEpoch);
  const again = `update mail set status = 'queued', sent_at = null, receipt = null`;
  expect(() => db.$client.exec(again)).toThrow('a mail that has ended does not begin again');
});
