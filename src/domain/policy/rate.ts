import { dayMs, hourMs, minuteMs } from '../../lib/duration.ts';
import { squeeze } from '../../lib/text.ts';
import type { SendPayload } from '../action.ts';
import type { GateFacts } from '../gate.ts';
import { type Check, refuse, refuseAndPause } from './check.ts';
import { dropFirstContactLine } from './first-contact.ts';
import { computeAvailableAt } from './quiet-hours.ts';

const loopMs = 10 * minuteMs;
const loopSends = 6;
const sendsWithoutProgress = 8;

/**
 * Check 6: how much was written already, by the rows of the last 24 hours in windows that roll. What
 * the owner approved counts and is held to the same caps. Quiet hours delay, they do not refuse.
 */
export const checkRate: Check = ({ facts }, draft) => {
  const { payload } = draft;
  if (payload.kind !== 'send_message') return draft;
  const { perHour, perDay, perRecipientDay } = facts.contract.messages;
  const toRecipient = listSendsTo(payload, facts);
  const within = (sends: readonly { at: number }[], ms: number) =>
    sends.filter(({ at }) => at > facts.now - ms).length;

  if (within(facts.recentSends, hourMs) >= perHour) {
    return refuseAndPause(
      draft,
      'hourly_rate',
      `the jorb may send ${perHour} messages an hour and has sent as many; wait, or ask the owner`,
    );
  }
  if (within(facts.recentSends, dayMs) >= perDay) {
    return refuseAndPause(
      draft,
      'daily_rate',
      `the jorb may send ${perDay} messages a day and has sent as many; wait, or ask the owner`,
    );
  }
  if (within(toRecipient, loopMs) >= loopSends) {
    return refuseAndPause(
      draft,
      'bot_loop',
      `${loopSends} messages went to this recipient within ten minutes, which looks like two machines talking; wait for the owner`,
    );
  }
  if (toRecipient.filter(({ at }) => at > facts.lastProgressAt).length >= sendsWithoutProgress) {
    return refuseAndPause(
      draft,
      'no_progress',
      `${sendsWithoutProgress} messages went to this recipient and nothing came of them; wait for the owner`,
    );
  }
  if (within(toRecipient, dayMs) >= perRecipientDay) {
    return refuseAndPause(
      draft,
      'recipient_rate',
      `the jorb may send one recipient ${perRecipientDay} messages a day and has sent as many; wait, or ask the owner`,
    );
  }
  const repetition = findRepetition(payload, toRecipient, facts);
  if (repetition !== undefined) return refuse(draft, 'repetition', repetition);
  return { ...draft, availableAt: computeAvailableAt(facts.contract.quietHours, facts.now) };
};

function listSendsTo({ to }: SendPayload, { recentSends }: GateFacts): GateFacts['recentSends'] {
  return recentSends.filter(({ channel, address }) => channel === to.channel && address === to.address);
}

/** Why the same thing may not be said again yet. */
function findRepetition(
  payload: SendPayload,
  sends: GateFacts['recentSends'],
  facts: GateFacts,
): string | undefined {
  if (payload.to.channel === 'web') return findSameRequest(payload, sends, facts);
  const text = dropFirstContactLine(payload, facts);
  const isSaid = sends.some(
    ({ at, text: sent }) =>
      at > facts.now - dayMs && isSame(text, dropFirstContactLine({ ...payload, text: sent }, facts)),
  );
  return isSaid
    ? 'the same text went to this recipient within the last 24 hours; say something new or wait for the answer'
    : undefined;
}

/** To look again later is what a GET is for; a POST does again what it did. */
function findSameRequest(
  { text }: SendPayload,
  sends: GateFacts['recentSends'],
  { now }: GateFacts,
): string | undefined {
  const [ms, time] = text.startsWith('GET ') ? [hourMs, 'hour'] : [dayMs, '24 hours'];
  return sends.some((sent) => sent.at > now - ms && sent.text === text)
    ? `the same request went to this host within the last ${time}; its answer comes as a message, ask again later`
    : undefined;
}

/** A text of signs alone has nothing left when squeezed: its signs are compared. */
function isSame(a: string, b: string): boolean {
  const squeezed = squeeze(a);
  return squeezed === '' ? a.trim() === b.trim() : squeezed === squeeze(b);
}
