import type { InboxStore } from '../domain/store.ts';
import type { Db } from './connection.ts';
import { buildAssignMessage, buildListInbox } from './inbox-owner.ts';
import { buildReceiveEvent } from './inbox-receive.ts';
import { buildReleaseBatch, buildRouteBatch } from './inbox-route.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import type { StoreParts } from './parts.ts';

/** The way of a message from the wire to its jorb, or to the owner. */
export function buildInboxStore(db: Db, parts: StoreParts): InboxStore {
  const moves = buildJorbMoves(db, parts.audit);
  return {
    receiveEvent: buildReceiveEvent(db, parts),
    releaseBatch: buildReleaseBatch(db, parts),
    routeBatch: buildRouteBatch(db, parts, moves),
    listInbox: buildListInbox(db),
    assignMessage: buildAssignMessage(db, parts.audit, moves),
  };
}
