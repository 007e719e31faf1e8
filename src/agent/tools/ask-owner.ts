import { z } from 'zod';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const askOwner = defineTool({
  name: 'ask_owner',
  description:
    'Asks the owner a question that neither the plan nor the transcript answers. The errand waits for the answer and this turn ends.',
  shape: { question: z.string().min(1).max(2000).describe('One question, complete without the transcript') },
  example: { question: 'The hotel wants to know whether you smoke. What shall I tell them?' },
  toEffect: ({ question }) => ok({ kind: 'ask_owner', question }),
});
