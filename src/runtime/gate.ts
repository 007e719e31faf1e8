import type { Approval, ApprovalAnswer, Confirmation } from '../domain/approval.ts';
import type { Fence } from '../domain/fence.ts';
import type { EvaluateGate } from '../domain/gate.ts';
import type { ApprovalId } from '../domain/ids.ts';
import type { Store } from '../domain/store.ts';
import type { Effect, EffectOutcome, TurnStep } from '../domain/turn.ts';
import type { Clock } from '../lib/clock.ts';

export type GateDeps = {
  store: Pick<Store, 'applyEffect' | 'answerApproval'>;
  clock: Clock;
  evaluate: EvaluateGate;
};

export type Proposal = { step: TurnStep; call: number; effect: Effect };

export type OwnerAnswer = {
  id: ApprovalId;
  /** Of the bytes the owner saw. */
  hash: string;
  answer: ApprovalAnswer;
  confirmedBy: Confirmation | null;
};

export type Gate = {
  /** What the agent proposes. The same proposal twice changes nothing and gives the stored outcome. */
  propose(fence: Fence, proposal: Proposal): Promise<EffectOutcome>;
  /** What the owner answers to what the gate asked. The same answer twice is refused. */
  answer(answer: OwnerAnswer): Promise<Approval>;
};

/**
 * The only way to the outbox, for the agent and for the owner alike: nothing else in the program calls
 * these two operations of the store. The policy is evaluated inside the transaction that writes its
 * verdict, over facts read there, so that a stop or another process cannot come in between.
 */
export function buildGate({ store, clock, evaluate }: GateDeps): Gate {
  return {
    propose: (fence, proposal) => store.applyEffect(fence, { ...proposal, evaluate }, clock.now()),
    answer: (answer) => store.answerApproval({ ...answer, evaluate }, clock.now()),
  };
}
