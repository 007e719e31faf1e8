import { formatInstant } from '../../domain/render/instant.ts';
import { renderKey } from '../../domain/render/marked-quote.ts';
import { renderPayload } from '../../domain/render/payload.ts';
import { indentWithin, ownLine, ownQuote } from '../../domain/render/words.ts';
import type { AgentApproval, PastAction, TurnContext } from '../../domain/turn.ts';
import { isOnItsWay } from './history.ts';
import { listNewest, section } from './sections.ts';

const sizes = { pending: 2000, answered: 2500, before: 1500, trouble: 1500, onTheirWay: 800, guidance: 4500 };

const troubles: readonly PastAction['status'][] = ['rejected', 'expired', 'failed', 'unknown'];

/** What became of what the agent proposed, and what the owner said: each answer once as news, then as the past. */
export function renderProposals({ approvals, actions, transcript, guidance }: TurnContext): string[] {
  const pending = approvals.filter(({ status }) => status === 'pending');
  const answered = approvals.filter(({ status }) => status !== 'pending');
  const news = answered.filter(({ isNew }) => isNew);
  const before = answered.filter(({ isNew }) => !isNew);
  const onTheirWay = transcript.filter((entry) => entry.direction === 'out' && isOnItsWay(entry));
  const failed = actions.filter(({ status }) => troubles.includes(status));
  const line = (approval: AgentApproval) => renderLine(approval, 240);
  return [
    ...section(
      'On their way, not delivered yet',
      listNewest(
        onTheirWay.map(
          (out) => `[${out.id}] ${out.status}, to ${renderKey(out)}: ${ownQuote(out.text, 200)}`,
        ),
        sizes.onTheirWay,
        'messages',
      ),
    ),
    ...section(
      'Refused, failed or uncertain',
      listNewest(failed.map(renderTrouble), sizes.trouble, 'actions'),
    ),
    ...section('Waiting for the owner', listNewest(pending.map(line), sizes.pending, 'approvals')),
    ...section(
      'What the owner answered before',
      listNewest(before.map(renderBefore), sizes.before, 'answers'),
    ),
    ...section(
      'What the owner answered now',
      listNewest(news.map(renderAnswer(news.length)), sizes.answered, 'answers'),
    ),
    ...section(
      'New words of the owner',
      listNewest(guidance.map(renderGuidance(guidance.length)), sizes.guidance, 'words'),
    ),
  ];
}

/** `[approval_3] pending: write to loopback:magic for $1,156.00: “We take it.”` */
function renderLine({ id, status, payload }: AgentApproval, most: number): string {
  return `[${id}] ${status}: ${renderPayload(payload, most)}`;
}

function renderBefore(approval: AgentApproval): string {
  const words = approval.answerText;
  return `${renderLine(approval, 100)}${words === null ? '' : `; the owner’s words: ${ownQuote(words, 300)}`}`;
}

function renderAnswer(count: number): (approval: AgentApproval) => string {
  const share = Math.floor(sizes.answered / count) - 200;
  return (approval) => {
    const words = approval.answerText;
    const line = renderLine(approval, Math.max(60, Math.min(240, share / 2)));
    if (words === null) return line;
    return `${line}\nThe owner’s words:\n${indentWithin(words, Math.max(100, share - 240))}`;
  };
}

function renderGuidance(count: number): (words: TurnContext['guidance'][number]) => string {
  const share = Math.max(200, Math.floor(sizes.guidance / count) - 40);
  return ({ text, at }) => `${formatInstant(at)}:\n${indentWithin(text, share)}`;
}

function renderTrouble({ id, status, payload, refusal }: PastAction): string {
  const why = refusal === null ? '' : `; why: ${ownLine(refusal, 240)}`;
  return `[${id}] ${status}: ${renderPayload(payload, 100)}${why}`;
}
