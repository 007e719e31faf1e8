import { hashAction, type Payload } from '../domain/action.ts';
import type { Consequence } from '../domain/contract.ts';
import type { Verdict } from '../domain/gate.ts';
import { type EventId, parseId } from '../domain/ids.ts';
import type { PauseCause } from '../domain/jorb.ts';
import { resolveRecipient } from '../domain/recipient.ts';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import type { ActionStatements, NewAction } from './actions.ts';
import type { Ask } from './asking.ts';
import type { AppendAudit } from './audit.ts';
import { done, doneAndEnds, type EffectScene, notDone } from './effect-scene.ts';
import type { FindNewestEvent, OwnsEvent } from './events.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMove, JorbMoves } from './jorb-moves.ts';
import type { QueueMessage } from './queue-message.ts';
import { toId, toRow } from './rows.ts';

export type ProposalEffect = Extract<Effect, { kind: 'send_message' | 'ask_owner' }>;

export type ProposalParts = {
  audit: AppendAudit;
  actions: ActionStatements;
  gate: GateReader;
  queue: QueueMessage;
  ask: Ask;
  moves: JorbMoves;
  ownsEvent: OwnsEvent;
  findNewestEvent: FindNewestEvent;
};

type Proposal = { payload: Payload; label: Consequence; causedBy: number | null; confidence: number };
type Allowed = Extract<Verdict, { kind: 'allow' }>;
type Asked = Extract<Verdict, { kind: 'ask' }>;
type Refused = Pick<
  Extract<Verdict, { kind: 'refuse' }>,
  'rule' | 'text' | 'consequence' | 'findings' | 'pauses'
>;

const overLimit = {
  budget: 'it would pass what this errand may commit in all; agree on less, or ask the owner',
  spend_limit: 'it would pass what may be spent without approval; agree on less, or ask the owner',
};

/** What the agent wants to have an effect outside: judged here, over facts read in the transaction that writes the verdict. */
export function buildProposalEffect(parts: ProposalParts) {
  const { audit, actions, gate, queue, ask, moves } = parts;

  function create(
    scene: EffectScene,
    { payload, causedBy }: Proposal,
    verdict: Pick<NewAction, 'consequence' | 'findings'>,
  ) {
    const { jorbRow, turnRow, decisionRow, now } = scene;
    const { contractVersion } = moves.getJorbRow(jorbRow);
    const hash = hashAction(toId('jorb', jorbRow), contractVersion, payload);
    const { consequence, findings } = verdict;
    const values = {
      jorbRow,
      turnRow,
      decisionRow,
      payload,
      hash,
      contractVersion,
      consequence,
      findings,
      causedBy,
    };
    return { actionRow: actions.createAction(values, now), hash };
  }

  function pause({ jorbRow, now }: EffectScene, move: Pick<JorbMove, 'by' | 'cause' | 'reason'>): void {
    moves.moveJorbRow(jorbRow, { command: 'pause', evidence: [], ...move }, now);
  }

  function refuse(actionRow: number, scene: EffectScene, { rule, text, pauses }: Refused): EffectOutcome {
    const { jorbRow, now } = scene;
    const subject = toId('action', actionRow);
    actions.setActionStatus(actionRow, 'rejected', text);
    audit({ at: now, actor: 'runtime', what: 'action.refused', jorbRow, subject, after: { rule } });
    if (!pauses || moves.getJorbRow(jorbRow).status !== 'running') return notDone(text);
    pause(scene, { by: 'runtime', cause: 'limit', reason: text });
    return { text, isError: true, endsTurn: true };
  }

  function allow(proposal: Proposal, scene: EffectScene, verdict: Allowed): EffectOutcome {
    const { payload, reservation, availableAt } = verdict;
    if (payload.kind !== 'send_message') throw new Error(`the gate lets a ${payload.kind} leave`);
    const { jorbRow, now } = scene;
    const { actionRow, hash } = create(scene, { ...proposal, payload }, verdict);
    const limit = queue({ actionRow, jorbRow, payload, hash, reservation, availableAt, by: 'agent' }, now);
    if (limit)
      return refuse(actionRow, scene, { ...verdict, rule: limit, text: overLimit[limit], pauses: false });
    moves.touchJorb(jorbRow, { progress: false }, now);
    const to = `${payload.to.channel}:${payload.to.address}`;
    const when = availableAt > now ? `, to leave at ${new Date(availableAt).toISOString()}` : '';
    const answer = payload.to.channel === 'web' ? `; its answer comes as a message from ${to}` : '';
    const outcome = done(`${toId('action', actionRow)} is queued for ${to}${when}${answer}`);
    // Nobody reads what goes to a host: the agent may go on meanwhile.
    return { ...outcome, sends: payload.to.channel !== 'web' };
  }

  function askOwner({ causedBy }: Proposal, scene: EffectScene, verdict: Asked): EffectOutcome {
    const { jorbRow, turnRow, decisionRow, now } = scene;
    const { payload, consequence, findings } = verdict;
    const { status, contractVersion } = moves.getJorbRow(jorbRow);
    const question = {
      payload,
      consequence,
      findings,
      contractVersion,
      jorbRow,
      turnRow,
      decisionRow,
      causedBy,
    };
    const { approvalRow } = ask({ ...question, by: 'agent' }, now);
    const approvalId = toId('approval', approvalRow);
    if (status === 'running') {
      const cause: PauseCause = payload.kind === 'ask_owner' ? 'question' : 'approval';
      const reason = `it waits for your answer to ${approvalId}`;
      pause(scene, { by: 'agent', cause, reason });
    }
    return doneAndEnds(
      payload.kind === 'ask_owner'
        ? `the owner is asked (${approvalId}); this errand waits for the answer`
        : `the owner is asked first (${approvalId}), because it is a ${consequence}; exactly this text leaves when they accept`,
    );
  }

  function readProposal(effect: ProposalEffect, { jorbRow }: EffectScene): Proposal {
    if (effect.kind === 'ask_owner') {
      const payload = { kind: 'ask_owner', question: effect.question } as const;
      return { payload, label: 'none', causedBy: null, confidence: 1 };
    }
    const { text, price, label, basedOn, confidence } = effect;
    const to = resolveRecipient(effect.to, gate.readGround(jorbRow).counterparties);
    return {
      payload: { kind: 'send_message', to, text, price },
      label,
      causedBy: findCause(parts, jorbRow, basedOn),
      confidence,
    };
  }

  return (effect: ProposalEffect, scene: EffectScene): EffectOutcome => {
    const { jorbRow, evaluate, now } = scene;
    const proposal = readProposal(effect, scene);
    const { payload, label, confidence } = proposal;
    const to = payload.kind === 'send_message' ? payload.to : null;
    const verdict = evaluate(
      { payload, label, approved: false, confidence },
      gate.readFacts(jorbRow, to, now),
    );
    switch (verdict.kind) {
      case 'allow':
        return allow(proposal, scene, verdict);
      case 'ask':
        return askOwner(
          { ...proposal, causedBy: proposal.causedBy ?? findQuote(parts, jorbRow, payload) },
          scene,
          verdict,
        );
      case 'refuse':
        return refuse(create(scene, proposal, verdict).actionRow, scene, verdict);
    }
  };
}

/** The event that the brain names, if it is one of this jorb. */
function findCause({ ownsEvent }: ProposalParts, jorbRow: number, basedOn: EventId | null): number | null {
  if (basedOn === null || parseId('event', basedOn) === undefined) return null;
  return ownsEvent(jorbRow, toRow(basedOn)) ? toRow(basedOn) : null;
}

/** Without one, the owner is shown the last words of whoever the message is for. */
function findQuote({ findNewestEvent }: ProposalParts, jorbRow: number, payload: Payload): number | null {
  return payload.kind === 'send_message' ? (findNewestEvent(jorbRow, payload.to)?.id ?? null) : null;
}
