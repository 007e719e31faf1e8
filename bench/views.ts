import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Store } from '../src/domain/store.ts';
import { buildNewJorb } from '../test/support/store.ts';
import { openBenchStore, withFolder } from './folder.ts';
import { median, milliseconds, type Row, time } from './measure.ts';

const messagesPerJorb = 50;
const repetitions = 60;

const reads: [string, (store: Store) => Promise<unknown>][] = [
  ['brief', (store) => store.takeBrief(true, Date.now())],
  [
    'list_jorbs',
    (store) => store.listJorbs({ statuses: ['planning', 'running', 'paused'], limit: 20, offset: 0 }),
  ],
  ['get_jorb', (store) => store.getJorb('jorb_5')],
];

/** The three reads the owner waits for, with a hundred times the jorbs. */
export function measureViews(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const few = await fill(join(folder, 'few'), 10);
    const many = await fill(join(folder, 'many'), 1000);
    const rows: Row[] = [];
    for (const [name, read] of reads) {
      const seconds: { few: number[]; many: number[] } = { few: [], many: [] };
      for (let n = 0; n < repetitions; n += 1) {
        seconds.few.push(await time(() => read(few)));
        seconds.many.push(await time(() => read(many)));
      }
      const ratio = median(seconds.many) / median(seconds.few);
      rows.push({
        what: `\`${name}\` at 1,000 jorbs × ${messagesPerJorb} messages`,
        ours: milliseconds(median(seconds.many) * 1000),
        floor: `${milliseconds(median(seconds.few) * 1000)}, at 10 jorbs`,
        ratio,
        target: '≤ 2×',
        met: ratio <= 2,
      });
    }
    await few.close();
    await many.close();
    return rows;
  });
}

/** Jorbs through the store; their messages, for speed, by rows that the store could have written. */
async function fill(dataDir: string, jorbs: number): Promise<Store> {
  const store = await openBenchStore(dataDir);
  const start = Date.now() - 3_600_000;
  for (let n = 0; n < jorbs; n += 1)
    await store.createJorb(buildNewJorb({ name: `Errand ${n + 1}` }), start + n);

  const raw = new Database(join(dataDir, 'jorbs.db'));
  const conversation = raw.prepare("INSERT INTO conversation (address_id, account) VALUES (?, 'local')");
  const batch = raw.prepare(
    `INSERT INTO batch (conversation_id, status, opened_at, release_at, released_at, routed_at, route_reason)
     VALUES (?, 'released', @at, @at, @at, @at, 'bench')`,
  );
  const event = raw.prepare(
    `INSERT INTO event (channel, account, external_id, conversation_id, batch_id, text, received_at, status, jorb_id)
     VALUES ('loopback', 'local', @externalId, @conversation, @batch, 'We have a room at $289 a night.', @at, 'handled', @jorb)`,
  );
  const audit = raw.prepare(
    `INSERT INTO audit (at, actor, what, jorb_id, subject, hash) VALUES (@at, 'runtime', 'message.received', @jorb, @subject, @subject)`,
  );
  const [address] = raw.prepare('SELECT id FROM address LIMIT 1').all() as { id: number }[];
  raw.transaction(() => {
    const conversationId = conversation.run(address?.id).lastInsertRowid;
    for (let n = 0; n < jorbs * messagesPerJorb; n += 1) {
      const at = start + n;
      const jorb = (n % jorbs) + 1;
      const batchId = batch.run(conversationId, { at }).lastInsertRowid;
      const eventId = event.run({
        externalId: `e${n}`,
        conversation: conversationId,
        batch: batchId,
        at,
        jorb,
      });
      audit.run({ at, jorb, subject: `event_${eventId.lastInsertRowid}` });
    }
  })();
  raw.close();
  return store;
}
