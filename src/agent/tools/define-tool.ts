import { z } from 'zod';
import type { ToolSpec } from '../../domain/brain.ts';
import type { Effect, TurnContext } from '../../domain/turn.ts';
import { lazy } from '../../lib/lazy.ts';
import { err, type Result } from '../../lib/result.ts';
import { shorten } from '../../lib/text.ts';

/**
 * Something the agent may propose. A tool turns arguments into an effect and does nothing itself: it has
 * no transport, no credential, and no way to approve or to change a contract.
 */
export type AgentTool = {
  name: string;
  /** Written for a model: what it does and when to use it. */
  description: string;
  schema: z.ZodObject;
  /** The tool as a brain sees it: made once, when it is first shown. */
  spec: () => ToolSpec;
  /** Arguments as they should be, shown to a brain whose own were not right. */
  example?: unknown;
  /** The effect, or the sentence that tells the brain how to mend its call. Never throws, whatever it is given. */
  prepare(given: unknown, context: TurnContext): Result<Effect, string>;
};

type ToolDefinition<Shape extends z.ZodRawShape> = {
  name: string;
  description: string;
  /** Every key required, nullable instead of optional, both bounds on numbers: the rules of all three wires. */
  shape: Shape;
  example?: z.infer<z.ZodObject<Shape, z.core.$strict>>;
  toEffect(given: z.infer<z.ZodObject<Shape, z.core.$strict>>, context: TurnContext): Result<Effect, string>;
};

/** The arguments are parsed strictly before `toEffect` sees them. */
export function defineTool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): AgentTool {
  const { name, description, shape, example, toEffect } = definition;
  const schema = z.strictObject(shape);
  return {
    name,
    description,
    schema,
    spec: lazy(() => toToolSpec({ name, description, schema })),
    ...(example !== undefined && { example }),
    prepare(given, context) {
      const parsed = schema.safeParse(given);
      return parsed.success ? toEffect(parsed.data, context) : err(formatIssues(parsed.error));
    },
  };
}

/** The same JSON for every provider. */
export function toToolSpec({
  name,
  description,
  schema,
}: Pick<AgentTool, 'name' | 'description' | 'schema'>): ToolSpec {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema);
  return { name, description, parameters };
}

/** What a brain is told when its call cannot be carried out as written. */
export function formatIssues(error: z.ZodError): string {
  const issues = error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return shorten(issues.join('; '), 1000);
}
