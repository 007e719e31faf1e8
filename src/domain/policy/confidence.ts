import { formatShare } from '../../lib/share.ts';
import type { Check } from './check.ts';

/** Before check 7: whether the agent is sure enough to do it without a question, as far as the contract lets it. */
export const checkConfidence: Check = ({ request, thresholds }, draft) => {
  const { approved, confidence } = request;
  // Written so that what is no number is not sure.
  if (draft.payload.kind !== 'send_message' || approved || confidence >= thresholds.autoExecute) return draft;
  const because = `the agent is only ${formatShare(confidence || 0)} sure that you would want this`;
  return {
    ...draft,
    asks: true,
    findings: [...draft.findings, { rule: 'confidence', consequence: 'none', because }],
  };
};
