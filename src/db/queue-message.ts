import type { SendPayload } from '../domain/action.ts';
import type { Reservation } from '../domain/gate.ts';
import type { Actor } from '../domain/jorb.ts';
import { randomTokens, type Tokens } from '../lib/ids.ts';
import type { ActionStatements } from './actions.ts';
import { buildFindOrCreateAddress } from './addresses.ts';
import type { AppendAudit } from './audit.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { LedgerStatements } from './ledger.ts';
import { toId } from './rows.ts';
import { outbox } from './tables/gate.ts';

export type MessageToQueue = {
  actionRow: number;
  jorbRow: number;
  payload: SendPayload;
  hash: string;
  reservation: Reservation | null;
  availableAt: number;
  by: Actor;
};

/**
 * Queues one action for the wire, inside the caller's transaction: money first, then the outbox row with
 * its key. Returns the limit that was in the way, and has then written nothing; undefined when queued.
 */
export type QueueMessage = (message: MessageToQueue, now: number) => 'budget' | 'spend_limit' | undefined;

export type QueueParts = { audit: AppendAudit; actions: ActionStatements; ledger: LedgerStatements };

/** A key must never repeat, even in a data folder that was made anew: hence the random part. */
export function buildQueueMessage(
  db: Db,
  { audit, actions, ledger }: QueueParts,
  tokens: Tokens = randomTokens,
): QueueMessage {
  const findOrCreateAddress = buildFindOrCreateAddress(db);
  const insert = db
    .insert(outbox)
    .values({
      actionId: slot('actionRow'),
      jorbId: slot('jorbRow'),
      addressId: slot('addressRow'),
      key: slot('key'),
      text: slot('text'),
      hash: slot('hash'),
      status: 'queued',
      queuedAt: slot('now'),
      availableAt: slot('availableAt'),
    })
    .prepare();

  return ({ actionRow, jorbRow, payload, hash, reservation, availableAt, by }, now) => {
    const limit = reservation && ledger.reserve({ actionRow, jorbRow, reservation, now });
    if (limit) return limit;
    const addressRow = findOrCreateAddress(payload.to);
    const actionId = toId('action', actionRow);
    const key = `${actionId}-${tokens.key()}`;
    const { lastInsertRowid } = insert.run({
      actionRow,
      jorbRow,
      addressRow,
      key,
      text: payload.text,
      hash,
      availableAt,
      now,
    });
    actions.setActionStatus(actionRow, 'queued');
    audit({
      at: now,
      actor: by,
      what: 'action.queued',
      jorbRow,
      subject: actionId,
      after: { outbox: toId('outbox', Number(lastInsertRowid)), hash },
    });
    return undefined;
  };
}
