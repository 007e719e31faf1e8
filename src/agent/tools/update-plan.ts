import { z } from 'zod';
import { longestTitle, mostPhases } from '../../domain/mend-phases.ts';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const updatePlan = defineTool({
  name: 'update_plan',
  description:
    "Replaces the phases when what was learned changes how to reach the owner's goal. The plan in the owner's words stays as it is, and so do the phases that are done; advance_phase ends one.",
  shape: {
    phases: z
      .array(
        z.strictObject({
          title: z.string().min(1).max(longestTitle),
          status: z.enum(['done', 'active', 'pending']),
        }),
      )
      .max(mostPhases)
      .describe('All phases from now on: those done as they are, then the active one, then those to come'),
  },
  example: {
    phases: [
      { title: 'Ask three hotels', status: 'active' },
      { title: 'Compare', status: 'pending' },
    ],
  },
  toEffect: ({ phases }) => ok({ kind: 'update_plan', phases }),
});
