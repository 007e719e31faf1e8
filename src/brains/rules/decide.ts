import { awaitConfirmation, findTaken } from './await-confirmation.ts';
import { callComplete } from './calls.ts';
import { type Ranked, rankOffers } from './choose-offer.ts';
import { concludePurchase, isChosen } from './conclude-purchase.ts';
import { type Decided, giveUp, stop, waitFor } from './decided.ts';
import { reportAnswers, reportStanding } from './report.ts';
import type { State } from './state.ts';
import { readWaiting } from './waiting.ts';

/** Concludes from the whole picture how the errand goes on. Always leaves a wake, a question or an ending. */
export function decide(state: State): Decided {
  const ranked = rankOffers(state.offers, state.plan, {
    contract: state.context.contract,
    wishes: state.context.jorb.plan,
  });
  const unclear = state.commands.find((command) => command.kind === 'unclear');
  if (unclear?.kind === 'unclear') {
    const reason = `I cannot follow "${unclear.text}". I understand: book NAME, skip NAME, ask NAME: question, continue.`;
    return stop(state, `${reason} ${reportStanding(state, ranked)}`, 0.4);
  }
  const taken = findTaken(state);
  // The owner may turn to another offer while one is accepted: the gate then asks about that one.
  const turnsAway = state.commands.some(
    (command) => command.kind === 'accept' && taken && !isChosen(state, taken.offer, command.target),
  );
  if (taken && !turnsAway) return awaitConfirmation(state, taken);
  if (state.context.triggers.includes('deadline')) {
    return stop(state, `The deadline has come. ${reportStanding(state, ranked)}`, 0.9);
  }
  return state.plan.kind === 'inquiry' ? concludeInquiry(state, ranked) : concludePurchase(state, ranked);
}

function concludeInquiry(state: State, ranked: readonly Ranked[]): Decided {
  const waiting = readWaiting(state);
  const isOpen = waiting.expected.length + waiting.overdue.length > 0;
  if (isOpen) return waitFor(state, waiting);
  const answered = state.contacts.filter(({ hasAnswered }) => hasAnswered);
  if (waiting.silent.length > 0 || answered.length === 0) return giveUp(state, ranked, waiting.silent);
  const { outcome, evidence } = reportAnswers(state);
  return {
    calls: [callComplete(outcome, evidence)],
    because: ['Everyone has answered, and nothing was to be bought or booked.', outcome],
    basedOn: evidence,
    confidence: 0.9,
    reached: 'confirmed',
  };
}
