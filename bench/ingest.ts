import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openBenchStore, withFolder } from './folder.ts';
import { median, pair, perSecond, type Row } from './measure.ts';

const rounds = 7;
const messages = 400;

/** A durable message with its batch, its audit and its place in a conversation, against one bare insert. */
export function measureIngest(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const store = await openBenchStore(join(folder, 'ours'));
    const bare = new Database(join(folder, 'bare.db'));
    bare.pragma('journal_mode = WAL');
    bare.pragma('synchronous = FULL');
    bare.exec('CREATE TABLE message (id INTEGER PRIMARY KEY, external_id TEXT UNIQUE, body TEXT) STRICT');
    const insert = bare.prepare('INSERT INTO message (external_id, body) VALUES (?, ?)');
    const text = 'Hotel Nikko has a king for $289 a night. Shall I hold it?';

    const seconds = await pair(
      rounds,
      async (round) => {
        for (let n = 0; n < messages; n += 1) {
          await store.receiveEvent(
            {
              channel: 'loopback',
              account: 'local',
              externalId: `${round}-${n}`,
              from: `guest-${n % 50}`,
              text,
              inReplyTo: null,
              sentAt: null,
            },
            30_000,
            Date.now(),
          );
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
    return [
      {
        what: 'ingest of a message, durable',
        ours: perSecond(ours),
        floor: `${perSecond(floor)}, bare insert`,
        ratio,
        target: '≥ 0.85×',
        met: ratio >= 0.85,
      },
    ];
  });
}
