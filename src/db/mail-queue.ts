import type { NewMail } from '../domain/mail.ts';
import { randomTokens, type Tokens } from '../lib/ids.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { mail as table } from './tables/mail.ts';

/** Queues one mail to the owner, inside the caller's transaction. Returns its row. */
export type QueueMail = (mail: NewMail, now: number) => number;

/** A key must never repeat, even in a data folder that was made anew: hence random. */
export function buildQueueMail(db: Db, tokens: Tokens = randomTokens): QueueMail {
  const insert = db
    .insert(table)
    .values({
      kind: slot('kind'),
      key: slot('key'),
      subject: slot('subject'),
      text: slot('text'),
      html: slot('html'),
      status: 'queued',
      queuedAt: slot('now'),
      availableAt: slot('now'),
    })
    .returning({ id: table.id })
    .prepare();
  return ({ name, ...mail }, now) => insert.get({ ...mail, key: `${name}.${tokens.key()}`, now }).id;
}
