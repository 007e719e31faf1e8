/** What makes a yes the owner's. */
import { type Guard, guard, never, policy } from './guard.ts';

export const answers: Guard[] = [
  guard(
    'hash: what it covers',
    'a yes for one errand',
    'src/domain/action.ts',
    'canonicalJson({ jorbId, contractVersion, payload } as unknown as Json)',
    'canonicalJson({ contractVersion, payload } as unknown as Json)',
  ),
  guard(
    'answer: the hash that was shown',
    'a hash of other bytes',
    'src/db/approval-check.ts',
    'if (hash !== row.approval.hash) {',
    never,
  ),
  guard(
    'answer: the hash recomputed',
    'bytes that were changed after they were asked',
    'src/db/approval-check.ts',
    'if (recomputed !== approval.hash || recomputed !== action.hash || action.jorbId !== approval.jorbId) {',
    never,
  ),
  guard(
    'answer: its time',
    'a yes after its time',
    'src/db/approval-check.ts',
    'if (ground.now >= approval.expiresAt) {',
    never,
  ),
  guard(
    'answer: the contract in force',
    'a question that outlived',
    'src/db/approval-check.ts',
    'if (approval.contractVersion !== ground.contractVersion)',
    'if (false as boolean)',
  ),
  guard(
    'answer: only once',
    'what was declined stays',
    'src/db/approval-check.ts',
    `if (status === 'pending') return;`,
    'return;',
  ),
  guard(
    'answer: somebody confirmed it',
    'the store takes no yes',
    'src/db/approval-check.ts',
    'if (confirmedBy === null) {',
    never,
  ),
  guard(
    'answer: the road counts',
    'a yes by elicitation',
    'src/runtime/owner/answer-approval.ts',
    `if (answer.kind !== 'decline') checkConfirmed(context.confirm, request.confirmedBy);`,
  ),
  guard(
    'answer: the gate once more',
    'a yes does not reach one',
    `${policy}/recipient.ts`,
    'if (facts.recipient.optedOut || known?.optedOut) {',
    never,
  ),
  guard(
    'contract: questions fall with it',
    'a question falls with the contract',
    'src/db/contracts.ts',
    'voiding.expireApprovals(',
    '((...given: unknown[]) => given)(',
  ),
  {
    name: 'host: a model is no human',
    by: 'approves nothing',
    edits: [
      {
        file: 'src/runtime/owner/prepare-answer.ts',
        find: "const needsHuman = answer.kind !== 'decline' && confirm !== 'host';",
        replace: 'const needsHuman = false as boolean;',
      },
      {
        file: 'src/runtime/owner/answer-approval.ts',
        find: "if (answer.kind !== 'decline') checkConfirmed(context.confirm, request.confirmedBy);",
        replace: '',
      },
    ],
  },
  guard(
    'host: a yes is heard once',
    'heard once',
    'src/mcp/confirmations.ts',
    'heard.set(sealed.nonce, sealed.expiresAt);',
  ),
  guard(
    'host: a yes to this call',
    'heard once',
    'src/mcp/confirmations.ts',
    'if (sealed.digest !== digestCall(call)) {',
    never,
  ),
  guard(
    'host: a wider contract is asked',
    'widens no limit',
    'src/domain/widening.ts',
    'return { inForce, widening: findings.length > 0 ? { contract: requested, findings } : null };',
    'return { inForce: requested, widening: null };',
  ),
];
