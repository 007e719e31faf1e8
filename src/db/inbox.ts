import type { InboxStore } from '../domain/message.ts';
import { lazy } from '../lib/lazy.ts';
import type { Db } from './connection.ts';
import { buildAssignMessage, buildListInbox } from './inbox-owner.ts';
import { buildReceiveEvent } from './inbox-receive.ts';
import { buildReleaseBatch, buildRoutes } from './inbox-route.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import type { StoreParts } from './parts.ts';

/**
 * The way of a message from the wire to its jorb, or to the owner. Each operation prepares its statements
 * when it is first called: a process that only reads, or is only looked at, does not pay for the others.
 */
export function buildInboxStore(db: Db, parts: StoreParts): InboxStore {
  const moves = lazy(() => buildJorbMoves(db, parts.audit));
  const receive = lazy(() => buildReceiveEvent(db, parts));
  const release = lazy(() => buildReleaseBatch(db, parts));
  const routes = lazy(() => buildRoutes(db, parts, moves()));
  const list = lazy(() => buildListInbox(db));
  const assign = lazy(() => buildAssignMessage(db, parts.audit, moves()));
  return {
    receiveEvent: (...given) => receive()(...given),
    releaseBatch: (...given) => release()(...given),
    routeBatch: (...given) => routes().routeBatch(...given),
    settleRouting: (...given) => routes().settleRouting(...given),
    postponeRouting: (...given) => routes().postponeRouting(...given),
    listInbox: (page) => list()(page),
    assignMessage: (...given) => assign()(...given),
  };
}
