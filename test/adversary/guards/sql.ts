import { type Guard, guard } from './guard.ts';

/** A trigger that never fires. */
export function trigger(name: string, head: string, file = 'drizzle/0001_guards.sql'): Guard {
  const on = `CREATE TRIGGER \`${name}\` ${head}`;
  return guard(`trigger ${name}`, 'what was written stays', file, `${on} BEGIN`, `${on} WHEN 0 BEGIN`);
}

/** A trigger with a condition that never holds. */
export function conditional(
  name: string,
  by: string,
  head: string,
  condition: string,
  file = 'drizzle/0001_guards.sql',
): Guard {
  const on = `CREATE TRIGGER \`${name}\` ${head} WHEN`;
  return guard(`trigger ${name}`, by, file, `${on} ${condition}`, `${on} 0 AND ${condition}`);
}

export function unique(name: string, by: string, on: string, file = 'drizzle/0000_init.sql'): Guard {
  const rest = `INDEX \`${name}\` ON ${on}`;
  return guard(`index ${name}`, by, file, `CREATE UNIQUE ${rest}`, `CREATE ${rest}`);
}
