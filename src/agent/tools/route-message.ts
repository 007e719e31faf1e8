import { z } from 'zod';
import type { ToolSpec } from '../../domain/brain.ts';
import { renderLine, straightenQuotes } from '../../domain/render/quote.ts';
import type { RoutingChoice, RoutingQuestion } from '../../domain/routing.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { formatIssues, toToolSpec } from './define-tool.ts';

const longestReason = 500;

const schema = z.strictObject({
  jorb: z
    .string()
    .min(1)
    .max(40)
    .nullable()
    .describe('The jorb that the message belongs to, such as "jorb_4", one of those listed; null for none'),
  confidence: z.number().min(0).max(1).describe('How sure you are, 0 to 1; when low, the owner is asked'),
  reason: z.string().min(1).max(longestReason).describe('Why, in one sentence for the owner'),
});

/** The router's only tool: what a model says with it is a choice, and the thresholds decide what comes of it. */
export const routeMessage: ToolSpec = toToolSpec({
  name: 'route_message',
  description: 'Says which of the listed jorbs the message belongs to, or that it belongs to none of them.',
  schema,
});

/** The choice, or a line that says what is wrong with it and one that tells the model how to mend it. Never throws, whatever it is given. */
export function readRoute(
  given: unknown,
  { candidates }: Pick<RoutingQuestion, 'candidates'>,
): Result<RoutingChoice, string> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) return err(`its choice cannot be read\n${formatIssues(parsed.error)}`);
  const { jorb, confidence } = parsed.data;
  // It stands between quotation marks of ours in what the owner reads, and a stranger may have led to it.
  const reason = renderLine(straightenQuotes(parsed.data.reason), longestReason);
  if (jorb === null) return ok({ jorbId: null, confidence, reason });
  const chosen = candidates.find(({ id }) => id === jorb);
  if (chosen) return ok({ jorbId: chosen.id, confidence, reason });
  const listed = candidates.map(({ id }) => id).join(', ');
  return err(`it chose "${jorb}", which is not among those listed\nName one of ${listed}, or null for none.`);
}
