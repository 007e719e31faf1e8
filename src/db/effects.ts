import type { Effect, EffectOutcome } from '../domain/turn.ts';
import { buildActions } from './actions.ts';
import { buildAsk } from './asking.ts';
import type { AppendAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { buildEndingEffect } from './effect-ending.ts';
import { buildMemoryEffect } from './effect-memory.ts';
import { buildProposalEffect } from './effect-proposal.ts';
import type { EffectScene } from './effect-scene.ts';
import { buildFindNewestEvent, buildMayProve, buildOwnsEvent } from './events.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { LedgerStatements } from './ledger.ts';
import { buildQueueMessage } from './queue-message.ts';

export type EffectParts = {
  audit: AppendAudit;
  moves: JorbMoves;
  gate: GateReader;
  ledger: LedgerStatements;
};

/** Writes one effect of the agent, inside the transaction that stores its outcome, and says what came of it. */
export type ApplyOne = (effect: Effect, scene: EffectScene) => EffectOutcome;

export function buildApplyOne(db: Db, { audit, moves, gate, ledger }: EffectParts): ApplyOne {
  const ownsEvent = buildOwnsEvent(db);
  const actions = buildActions(db);
  const propose = buildProposalEffect({
    audit,
    actions,
    gate,
    moves,
    ownsEvent,
    queue: buildQueueMessage(db, { audit, actions, ledger }),
    ask: buildAsk(db, audit),
    findNewestEvent: buildFindNewestEvent(db),
  });
  const end = buildEndingEffect(moves, buildMayProve(db));
  const remember = buildMemoryEffect(db, { audit, moves, gate, ownsEvent });

  return (effect, scene) => {
    switch (effect.kind) {
      case 'send_message':
      case 'ask_owner':
        return propose(effect, scene);
      case 'pause':
      case 'complete':
      case 'fail':
        return end(effect, scene);
      case 'advance_phase':
      case 'update_plan':
      case 'store_data':
      case 'retrieve_data':
      case 'schedule_wake':
      case 'record_promise':
        return remember(effect, scene);
    }
  };
}
