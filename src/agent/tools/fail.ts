import { z } from 'zod';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const fail = defineTool({
  name: 'fail',
  description:
    'Ends the errand as impossible, for good. When the owner could still change that, use pause instead.',
  shape: { reason: z.string().min(1).max(2000).describe('For the owner: why it cannot be done at all') },
  example: { reason: 'every hotel is sold out for those nights' },
  toEffect: ({ reason }) => ok({ kind: 'fail', reason }),
});
