import { formatInstant } from '../../domain/render/instant.ts';
import { ownQuote } from '../../domain/render/words.ts';
import type { TurnContext } from '../../domain/turn.ts';
import { renderProposals } from './proposals.ts';
import { section } from './sections.ts';
import { renderPhases, renderPromises, renderWake } from './this-turn.ts';

/** What holds now, for the writer of a handoff, with the clock: the last block of its prompt. */
export function renderHandoffState(context: TurnContext): string {
  const { now, jorb, phases } = context;
  const { status, reason, summary } = jorb;
  const why = reason === null ? '' : `, ${ownQuote(reason, 300)}`;
  return [
    [
      '# The state now',
      `now: ${formatInstant(now)}`,
      `status: ${status}${why}`,
      renderWake(jorb, now),
      ...(summary === null ? [] : [`where it stands: ${ownQuote(summary, 500)}`]),
    ].join('\n'),
    ...section('Phases of the plan', renderPhases(phases)),
    ...section('Promises still open, the first due first', renderPromises(context)),
    ...renderProposals(context),
    'Now write the handoff, with write_handoff.',
  ].join('\n\n');
}
