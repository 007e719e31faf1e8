import type { Tool } from '@anthropic-ai/sdk/resources/messages';
import type { ToolSpec } from '../../domain/brain.ts';

/** What one request may hold in all its strict tools together; the API refuses the whole request beyond. */
const mostStrictTools = 20;
const mostStrictUnions = 16;

/** Of a strict schema the API takes these and refuses the rest, bounds of numbers and lengths among them. */
const takenKeywords = new Set(
  '$defs $ref additionalProperties anyOf const description enum items properties required type'.split(' '),
);

type Schema = Record<string, unknown>;

/** Strict as far as the limits go, in the order given; a tool past them is described in the same way. */
export function toTools(specs: readonly ToolSpec[], mayBeStrict: boolean): Tool[] {
  let unions = 0;
  return specs.map(({ name, description, parameters }, position) => {
    unions += countUnions(parameters);
    const isStrict = mayBeStrict && position < mostStrictTools && unions <= mostStrictUnions;
    const schema = toStrictSchema(parameters) as Tool.InputSchema;
    return { name, description, input_schema: schema, ...(isStrict && { strict: true }) };
  });
}

/** What the API does not take goes into the description, where the model can still read it. */
function toStrictSchema(schema: Schema): Schema {
  const { oneOf, ...rest } = schema;
  const fields = Object.entries(oneOf === undefined ? rest : { ...rest, anyOf: oneOf });
  const taken = fields.filter(([keyword]) => takenKeywords.has(keyword));
  const others = fields.filter(([keyword]) => !takenKeywords.has(keyword) && keyword !== 'default');
  const bounds = others.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(', ');
  const strict = Object.fromEntries(taken.map(([keyword, value]) => [keyword, toStrictPart(keyword, value)]));
  if (bounds === '') return strict;
  return { ...strict, description: [schema.description, `{${bounds}}`].filter(Boolean).join(' ') };
}

function toStrictPart(keyword: string, value: unknown): unknown {
  if (keyword === 'anyOf') return (value as Schema[]).map(toStrictSchema);
  if (keyword === 'items') return toStrictSchema(value as Schema);
  if (keyword !== 'properties' && keyword !== '$defs') return value;
  const parts = Object.entries(value as Record<string, Schema>);
  return Object.fromEntries(parts.map(([name, part]) => [name, toStrictSchema(part)]));
}

/** Also those within unions: one too many costs the strictness of a tool, one too few the whole request. */
function countUnions(part: unknown): number {
  if (typeof part !== 'object' || part === null) return 0;
  const isUnion = 'anyOf' in part || 'oneOf' in part || ('type' in part && Array.isArray(part.type));
  return Object.values(part).reduce((sum: number, each) => sum + countUnions(each), isUnion ? 1 : 0);
}
