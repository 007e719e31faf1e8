import type { Finding } from '../action.ts';
import { type Check, type Draft, refuseAndPause } from './check.ts';

export const mostPendingOfJorb = 3;
export const mostPendingOfOwner = 20;

/** Check 7: whether the owner has to be asked, and whether they are asked too much already. */
export const checkApproval: Check = ({ request, facts }, draft) => {
  const asked = withOwnQuestion(draft);
  if (!asked.asks || request.approved) return { ...asked, asks: false };
  if (asked.payload.kind === 'change_contract') return asked;
  const { jorb, owner } = facts.pendingApprovals;
  if (jorb >= mostPendingOfJorb) {
    return refuseAndPause(
      asked,
      'pending_approvals',
      `${mostPendingOfJorb} questions of this jorb wait for the owner; wait for their answers`,
    );
  }
  if (owner >= mostPendingOfOwner) {
    return refuseAndPause(
      asked,
      'pending_approvals',
      `${mostPendingOfOwner} questions wait for the owner; wait for their answers`,
    );
  }
  return asked;
};

/** What is a question by its kind. */
function withOwnQuestion(draft: Draft): Draft {
  const ask = (finding: Finding): Draft => ({ ...draft, asks: true, findings: [...draft.findings, finding] });
  switch (draft.payload.kind) {
    case 'send_message':
      return draft;
    case 'ask_owner':
      return ask({
        rule: 'question',
        consequence: 'none',
        because: 'the agent needs an answer from the owner',
      });
    case 'change_contract':
      return ask({ rule: 'widening', consequence: 'none', because: 'only the owner can widen the contract' });
  }
}
