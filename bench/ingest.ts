import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openBenchStore, withFolder } from './folder.ts';
import { median, pair, perSecond, type Row } from './measure.ts';

const rounds = 7;
const messages = 384;

/** A durable message with its batch, its audit and its place in a conversation, against one bare insert. */
export function measureIngest(): Promise<Row[]> {
  return withFolder(async (folder) => [
    await measureArriving(join(folder, 'together'), {
      together: 32,
      what: 'ingest, durable, 32 arriving together',
    }),
    await measureArriving(join(folder, 'alone'), { together: 1, what: 'ingest, durable, one at a time' }),
  ]);
}

async function measureArriving(
  folder: string,
  { together, what }: { together: number; what: string },
): Promise<Row> {
  const store = await openBenchStore(folder);
  const bare = new Database(join(folder, 'bare.db'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec('CREATE TABLE message (id INTEGER PRIMARY KEY, external_id TEXT UNIQUE, body TEXT) STRICT');
  const insert = bare.prepare('INSERT INTO message (external_id, body) VALUES (?, ?)');
  const text = 'Hotel Nikko has a king for $289 a night. Shall I hold it?';
  const receive = (externalId: string, from: string) => {
    const inbound = { channel: 'loopback' as const, account: 'local', externalId, from, text };
    return store.receiveEvent(
      { ...inbound, inReplyTo: null, sentAt: null, grade: 'none' },
      30_000,
      Date.now(),
    );
  };

  const seconds = await pair(
    rounds,
    async (round) => {
      for (let first = 0; first < messages; first += together) {
        const arriving = Array.from({ length: together }, (_, n) => first + n);
        await Promise.all(arriving.map((n) => receive(`${round}-${n}`, `guest-${n % 50}`)));
      }
    },
    (round) => {
      for (let n = 0; n < messages; n += 1) insert.run(`${round}-${n}`, text);
    },
  );
  bare.close();
  await store.close();

  const ours = messages / median(seconds.ours);
  const floor = messages / median(seconds.floor);
  const ratio = ours / floor;
  return {
    what,
    ours: perSecond(ours),
    floor: `${perSecond(floor)}, bare inserts`,
    ratio,
    target: '≥ 0.85×',
    met: ratio >= 0.85,
  };
}
