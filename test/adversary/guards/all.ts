/** Every guard that the suite answers for. The kill matrix takes each out in turn and expects a case to fail. */
import { answers } from './answers.ts';
import { calendar } from './calendar.ts';
import { compartments } from './compartments.ts';
import { consequence } from './consequence.ts';
import { crashes, departures, loops } from './departures.ts';
import { gateChecks, shape, stopAndRecipient } from './gate.ts';
import type { Guard } from './guard.ts';
import { rates, spend } from './limits.ts';
import { written } from './rows.ts';
import { time } from './time.ts';

export const guards: readonly Guard[] = [
  ...gateChecks,
  ...shape,
  ...stopAndRecipient,
  ...consequence,
  ...spend,
  ...rates,
  ...answers,
  ...departures,
  ...compartments,
  ...loops,
  ...crashes,
  ...time,
  ...calendar,
  ...written,
];
