type Schema = Record<string, unknown>;
export type SentTool = { name: string; schema: unknown; strict: boolean };

const typed = ['type', 'anyOf', 'enum', 'const', '$ref'];

/** What a real API refuses about the tools of a request, in words; undefined when it takes them. */
export function checkTools(tools: readonly SentTool[]): string | undefined {
  const names = tools.map(({ name }) => name);
  for (const { name, schema, strict } of tools) {
    if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return `tool name ${name}`;
    if (names.filter((each) => each === name).length > 1) return `two tools named ${name}`;
    if (!isSchema(schema) || schema.type !== 'object') return `${name}: the parameters are no object`;
    const problem = strict ? checkSchema(schema, name) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

/** The strict rules of all wires: closed objects, every property required, and a type everywhere. */
export function checkSchema(schema: unknown, path: string): string | undefined {
  if (!isSchema(schema)) return `${path}: no schema`;
  if (!typed.some((key) => key in schema)) return `${path}: a schema without a type`;
  for (const key of ['oneOf', 'allOf', 'patternProperties', 'propertyNames', '$schema', 'default'])
    if (key in schema) return `${path}: ${key}`;
  return checkObject(schema, path) ?? checkParts(schema, path);
}

function checkObject(schema: Schema, path: string): string | undefined {
  if (![schema.type].flat().includes('object')) return undefined;
  if (schema.additionalProperties !== false) return `${path}: additionalProperties is not false`;
  const properties = Object.keys(isSchema(schema.properties) ? schema.properties : {}).sort();
  const required = Array.isArray(schema.required) ? [...schema.required].sort() : [];
  return properties.join() === required.join() ? undefined : `${path}: required is not every property`;
}

function checkParts(schema: Schema, path: string): string | undefined {
  const maps = [schema.properties, schema.$defs].filter(isSchema);
  const parts = [
    ...maps.flatMap((map) => Object.entries(map)),
    ...('items' in schema ? [['items', schema.items] as const] : []),
    ...[schema.anyOf]
      .flat()
      .flatMap((each, at) => (each === undefined ? [] : [[`anyOf ${at}`, each] as const])),
  ];
  for (const [name, part] of parts) {
    const problem = checkSchema(part, `${path}.${name}`);
    if (problem) return problem;
  }
  return undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
