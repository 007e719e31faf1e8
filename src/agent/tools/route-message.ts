import { z } from 'zod';
import type { ToolSpec } from '../../domain/brain.ts';
import type { RoutingChoice, RoutingQuestion } from '../../domain/routing.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { formatIssues, toToolSpec } from './define-tool.ts';

const schema = z.strictObject({
  jorb: z
    .string()
    .min(1)
    .max(40)
    .nullable()
    .describe('The jorb that the message belongs to, such as "jorb_4", one of those listed; null for none'),
  confidence: z.number().min(0).max(1).describe('How sure you are, 0 to 1; when low, the owner is asked'),
  reason: z.string().min(1).max(500).describe('Why, in one sentence for the owner'),
});

/** The router's only tool: what a model says with it is a choice, and the thresholds decide what comes of it. */
export const routeMessage: ToolSpec = toToolSpec({
  name: 'route_message',
  description: 'Says which of the listed jorbs the message belongs to, or that it belongs to none of them.',
  schema,
});

/** The choice, or the sentence that tells the model how to mend its call. Never throws, whatever it is given. */
export function readRoute(
  given: unknown,
  { candidates }: Pick<RoutingQuestion, 'candidates'>,
): Result<RoutingChoice, string> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) return err(formatIssues(parsed.error));
  const { jorb, confidence, reason } = parsed.data;
  if (jorb === null) return ok({ jorbId: null, confidence, reason });
  const chosen = candidates.find(({ id }) => id === jorb);
  if (chosen) return ok({ jorbId: chosen.id, confidence, reason });
  const listed = candidates.map(({ id }) => id).join(', ');
  return err(`jorb: "${jorb}" is not among those listed (${listed}); name one of them, or null for none`);
}
