import { sql } from 'drizzle-orm';
import { type AnySQLiteColumn, check, integer } from 'drizzle-orm/sqlite-core';

/** Counts up and is never used again, even after a row is gone. */
export const rowId = () => integer('id').primaryKey({ autoIncrement: true });

/** Milliseconds since the epoch. */
export const instant = (name: string) => integer(name);

/** Only these words fit into the column. Null passes where the column allows it. */
export function oneOf(name: string, column: AnySQLiteColumn, words: readonly string[]) {
  const list = words.map((word) => `'${word}'`).join(', ');
  return check(name, sql`${column} in (${sql.raw(list)})`);
}

export function isJson(name: string, column: AnySQLiteColumn) {
  return check(name, sql`json_valid(${column})`);
}
