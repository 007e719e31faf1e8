import { z } from 'zod';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const pause = defineTool({
  name: 'pause',
  description:
    'Stops the errand until the owner resumes it, when nothing more can be done within the plan and the contract. Ends the turn.',
  shape: {
    reason: z
      .string()
      .min(1)
      .max(2000)
      .describe('For the owner: what was found, what is missing, what would help'),
  },
  example: { reason: 'both hotels ask for more than the plan allows; a higher limit would help' },
  toEffect: ({ reason }) => ok({ kind: 'pause', reason }),
});
