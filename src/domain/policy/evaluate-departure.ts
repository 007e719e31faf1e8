import type { Departure, DepartureFacts, EvaluateDeparture } from '../gate.ts';
import { computeAvailableAt } from './quiet-hours.ts';
import { isCounterparty } from './recipient.ts';

/**
 * Whether a message that was queued may still leave: the owner may have stopped, paused, cancelled or
 * changed the contract since. Told apart are what waits and what has lost its ground for good.
 */
export const evaluateDeparture: EvaluateDeparture = (facts) => {
  const { now, stopped, jorb, contract } = facts;
  if (jorb.status === 'cancelled' || jorb.status === 'failed') {
    return { kind: 'drop', rule: 'jorb_status', reason: `the jorb is ${jorb.status}` };
  }
  const lost = findLostGround(facts);
  if (lost) return lost;
  if (stopped) return { kind: 'hold', until: null, reason: 'the owner has stopped everything' };
  if (jorb.status === 'planning' || (jorb.status === 'paused' && jorb.pauseCause === 'owner')) {
    return { kind: 'hold', until: null, reason: 'the owner has paused the jorb' };
  }
  const availableAt = computeAvailableAt(contract.quietHours, now);
  if (availableAt > now) return { kind: 'hold', until: availableAt, reason: 'the recipient has quiet hours' };
  return { kind: 'go' };
};

function findLostGround({ to, contract, counterparties, approved }: DepartureFacts): Departure | undefined {
  const optedOut = counterparties.some(
    ({ channel, address, optedOut }) => optedOut && channel === to.channel && address === to.address,
  );
  if (to.optedOut || optedOut) {
    return { kind: 'drop', rule: 'opt_out', reason: 'the recipient asked not to be written to' };
  }
  const treatment = contract.treatment.new_recipient;
  const mayBeNew = treatment === 'allow' || (approved && treatment !== 'refuse');
  if (isCounterparty(contract, to) || mayBeNew) return undefined;
  return { kind: 'drop', rule: 'recipient', reason: 'the recipient is no longer a contact of the jorb' };
}
