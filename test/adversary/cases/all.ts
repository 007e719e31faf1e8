import type { AdversaryCase } from '../case.ts';
import { answerCases } from './answers.ts';
import { approvalCases } from './approvals.ts';
import { calendarCases } from './calendar.ts';
import { compartmentCases } from './compartments.ts';
import { crashCases } from './crashes.ts';
import { labelCases } from './labels.ts';
import { ledgerCases } from './ledger.ts';
import { loopCases } from './loops.ts';
import { moneyCases } from './money.ts';
import { powerCases } from './powers.ts';
import { recipientCases } from './recipients.ts';
import { seamCases } from './seams.ts';
import { textCases } from './texts.ts';
import { timeCases } from './time.ts';
import { webCases } from './web.ts';

export const allCases: readonly AdversaryCase[] = [
  ...labelCases,
  ...moneyCases,
  ...approvalCases,
  ...answerCases,
  ...recipientCases,
  ...compartmentCases,
  ...powerCases,
  ...textCases,
  ...loopCases,
  ...crashCases,
  ...ledgerCases,
  ...seamCases,
  ...timeCases,
  ...calendarCases,
  ...webCases,
];
