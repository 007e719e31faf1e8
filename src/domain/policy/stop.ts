import type { Payload } from '../action.ts';
import type { JorbStatus } from '../jorb.ts';
import { type Check, refuse } from './check.ts';

/**
 * Check 2: the stop switch and the jorb's status. What the owner approved may be queued while the jorb
 * is paused, since asking paused it. A contract is no effect: it may change while all is stopped.
 */
export const checkStop: Check = ({ request, facts }, draft) => {
  const { kind } = draft.payload;
  if (facts.stopped && kind !== 'change_contract') {
    return refuse(draft, 'stop', 'the owner has stopped everything; nothing is sent until they resume');
  }
  const { status } = facts.jorb;
  if (listStatuses(kind, request.approved).includes(status)) return draft;
  return refuse(draft, 'jorb_status', `the jorb is ${status}; only a running jorb can do this`);
};

function listStatuses(kind: Payload['kind'], approved: boolean): readonly JorbStatus[] {
  if (kind === 'change_contract') return ['planning', 'running', 'paused'];
  return approved ? ['running', 'paused'] : ['running'];
}
