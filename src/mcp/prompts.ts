import type { GetPromptResult, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { fillPrompt } from '../lib/prompt-files.ts';
import type { Prompts } from './prompt-files.ts';

const errand = z
  .string({ error: 'is missing; it says what the jorb is to get done' })
  .min(1, 'is empty; it says what the jorb is to get done')
  .max(4000, 'may have at most 4000 characters')
  .describe('What is to be done, in the person’s words');

export function registerPrompts(server: McpServer, prompts: Prompts): void {
  server.registerPrompt(
    'plan_jorb',
    {
      title: 'Plan a jorb',
      description: 'Agree on plan, contacts and limits with the person, then create the jorb.',
      argsSchema: z.object({ errand }),
    },
    (values) => sayAsUser(fillPrompt(prompts.plan_jorb, values)),
  );
  server.registerPrompt(
    'brief_me',
    { title: 'Brief me', description: 'What happened since last time, and what needs me.' },
    () => sayAsUser(prompts.brief_me),
  );
  server.registerPrompt(
    'review_approvals',
    { title: 'Review approvals', description: 'Go through what waits for my yes or no, one by one.' },
    () => sayAsUser(prompts.review_approvals),
  );
}

function sayAsUser(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
