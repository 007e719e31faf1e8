import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';

type Direction = 'input' | 'output';

/** What a host learns nothing from. Ours are all objects that close themselves, and bounded. */
const saysNothing: Record<Direction, readonly string[]> = {
  input: ['$schema'],
  output: ['$schema', 'additionalProperties', 'propertyNames', 'minimum', 'maximum'],
};

/**
 * A tool's schema as hosts see it. Checking is left to `defineTool`: the SDK's own message lists every
 * issue in zod's words, and ours is one sentence. It is converted when it is first listed.
 */
export function listSchema(schema: z.ZodType, direction: Direction): StandardSchemaWithJSON {
  let listed: Record<string, unknown> | undefined;
  const convert = () =>
    (listed ??= pruneNode(z.toJSONSchema(schema, { io: direction, target: 'draft-2020-12' }), direction));
  return {
    '~standard': {
      version: 1,
      vendor: 'jorbs',
      validate: (value) => ({ value }),
      jsonSchema: { input: convert, output: convert },
    },
  };
}

/**
 * Lists an object without its fields, which are checked all the same. Every host pays for what is
 * listed in each conversation, and the fields' names say in the answer what they hold.
 */
export function listTersely<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ terse: true });
}

function pruneNode(node: object, direction: Direction): Record<string, unknown> {
  const isTerse = 'terse' in node;
  const kept = Object.entries(node).filter(([key]) => {
    if (saysNothing[direction].includes(key)) return false;
    if (key === 'pattern' && 'format' in node) return false;
    return isTerse ? key === 'type' || key === 'description' : true;
  });
  return splitTypes(Object.fromEntries(kept.map(([key, value]) => [key, pruneValue(value, direction)])));
}

/** Some hosts map schemas onto a dialect with one type for each: a list of types becomes a choice of schemas. */
function splitTypes(node: Record<string, unknown>): Record<string, unknown> {
  const { type, description, ...rest } = node;
  if (!Array.isArray(type)) return node;
  const choices = type.map((one: unknown) => (one === 'null' ? { type: one } : { type: one, ...rest }));
  return { ...(description !== undefined && { description }), anyOf: choices };
}

function pruneValue(value: unknown, direction: Direction): unknown {
  if (Array.isArray(value)) return value.map((item) => pruneValue(item, direction));
  return typeof value === 'object' && value !== null ? pruneNode(value, direction) : value;
}
