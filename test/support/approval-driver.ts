import type { Approval, ApprovalAnswer, Confirmation } from '../../src/domain/approval.ts';
import type { EvaluateGate } from '../../src/domain/gate.ts';
import type { Store } from '../../src/domain/store.ts';
import { allow, ask, type Pipeline, sendTo } from './pipeline-driver.ts';

export type Start = () => Promise<Pipeline>;
export type Asked = { pipeline: Pipeline; approval: Approval; store: Store };

/** A jorb that is paused because its agent wants to take an offer. */
export async function startAsked(start: Start, to = 'magic'): Promise<Asked> {
  const pipeline = await start();
  await pipeline.createJorb();
  await pipeline.deliver('289 a night');
  await pipeline.takeTurn([sendTo(to, 'I take it', { label: 'purchase' })], ask);
  return { pipeline, approval: await onlyPending(pipeline), store: pipeline.store };
}

export async function onlyPending({ store }: Pipeline): Promise<Approval> {
  const [approval, ...others] = await store.listPendingApprovals({ jorbId: null, limit: 5 });
  if (!approval || others.length > 0) throw new Error('there is not one approval');
  return approval;
}

type Answering = { confirmedBy?: Confirmation | null; evaluate?: EvaluateGate; hash?: string };

export function answer(
  { pipeline, approval }: Omit<Asked, 'store'>,
  given: ApprovalAnswer,
  how: Answering = {},
) {
  const { confirmedBy = 'terminal', evaluate = allow, hash = approval.hash } = how;
  const request = { id: approval.id, hash, answer: given, confirmedBy, evaluate };
  return pipeline.store.answerApproval(request, pipeline.now);
}

export const accept = { kind: 'accept' } as const;
export const isPending = async ({ store, approval }: Asked) =>
  (await store.getApproval(approval.id))?.status === 'pending';
