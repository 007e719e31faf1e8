import { z } from 'zod';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const retrieveData = defineTool({
  name: 'retrieve_data',
  description:
    'Looks into what this errand has kept: older messages and facts that are not shown at the beginning of the turn. Gives the newest 20 with their ids, shortened.',
  shape: {
    from: z.enum(['facts', 'messages']),
    words: z.string().min(1).max(200).describe('Each of these words has to occur, in any order'),
  },
  example: { from: 'messages', words: 'breakfast price' },
  toEffect: ({ from, words }) => ok({ kind: 'retrieve_data', from, words }),
});
