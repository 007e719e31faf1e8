import { dayMs, hourMs, minuteMs } from '../../../src/lib/duration.ts';
import type { Stage } from '../stage.ts';
import { listSent } from './wire-lines.ts';

/** The most that any agent may send one recipient in ten minutes, whatever the contract. */
const burst = 6;

/** Messages as they left, in windows that roll, against the contract that was in force. */
export function checkRates(stage: Stage): string[] {
  const sent = listSent(stage);
  return sent.flatMap(({ at, jorbId, to, contract, what }, index) => {
    const before = sent.slice(0, index + 1).filter((other) => other.jorbId === jorbId);
    const within = (ms: number) => before.filter((other) => other.at > at - ms);
    const toOne = (ms: number) => within(ms).filter((other) => other.to === to).length;
    const { perHour = 0, perDay = 0, perRecipientDay = 0 } = contract?.messages ?? {};
    return [
      ...(within(hourMs).length > perHour ? [`${what} is the ${within(hourMs).length}th of an hour`] : []),
      ...(within(dayMs).length > perDay ? [`${what} is the ${within(dayMs).length}th of a day`] : []),
      ...(toOne(dayMs) > perRecipientDay ? [`${what} is the ${toOne(dayMs)}th of a day to them`] : []),
      ...(toOne(10 * minuteMs) > burst
        ? [`${what} is the ${toOne(10 * minuteMs)}th of ten minutes to them`]
        : []),
    ];
  });
}
