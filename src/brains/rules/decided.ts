import type { EventId } from '../../domain/ids.ts';
import { type Call, callPause, callWake } from './calls.ts';
import type { Ranked } from './choose-offer.ts';
import type { Milestone } from './phases.ts';
import { listNames, reportStanding, reportWait } from './report.ts';
import type { ContactState, State } from './state.ts';
import type { Waiting } from './waiting.ts';

/** What a turn comes to: at most one call that ends it, why, and how far the errand is. */
export type Decided = {
  calls: Call[];
  because: string[];
  basedOn: EventId[];
  confidence: number;
  reached: Milestone;
};

export function giveUp(state: State, ranked: readonly Ranked[], silent: readonly ContactState[]): Decided {
  const { triggers, now, contract } = state.context;
  if (triggers.includes('resumed') && silent.length > 0) {
    const wakeAt = now + contract.followUpMs;
    return waitForAnswers(state, silent, wakeAt);
  }
  const lead =
    silent.length > 0
      ? `${listNames(silent)} did not answer, although I asked again.`
      : 'Nothing that was offered can be taken.';
  return {
    ...stop(state, `${lead} ${reportStanding(state, ranked)}`, 0.8),
    reached: silent.length > 0 ? 'asked' : 'answered',
  };
}

export function waitFor(state: State, { expected, overdue, wakeAt }: Waiting): Decided {
  const at = wakeAt ?? state.context.now + state.context.contract.followUpMs;
  return waitForAnswers(state, [...overdue, ...expected], at);
}

function waitForAnswers(state: State, contacts: readonly ContactState[], wakeAt: number): Decided {
  const names = listNames(contacts);
  const because = [reportWait(names, wakeAt)];
  return wait(state, { wakeAt, wakeFor: `whether ${names} answered`, because, reached: 'asked' });
}

export function wait(
  state: State,
  {
    wakeAt,
    wakeFor,
    because,
    reached,
  }: { wakeAt: number; wakeFor: string; because: string[]; reached: Milestone },
): Decided {
  const at = Math.max(wakeAt, state.context.now + 1);
  return {
    calls: [callWake(at, wakeFor)],
    because,
    basedOn: [],
    confidence: 0.9,
    reached,
  };
}

export function stop(state: State, reason: string, confidence: number): Decided {
  const basedOn = state.known.flatMap(({ source }) => (source === null ? [] : [source])).slice(-10);
  return { calls: [callPause(reason)], because: [reason], basedOn, confidence, reached: 'none' };
}
