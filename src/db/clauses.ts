import { type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A value that is given when the prepared statement runs. */
export function slot<Name extends string>(name: Name): Placeholder<Name> {
  return sql.placeholder(name);
}

/** The same where a statement sets a column: JSON has to be given as text there. */
export function given(name: string): SQL {
  return sql`${sql.placeholder(name)}`;
}

/** Compares with a literal: SQLite uses a partial index only when it can read the word in the statement. */
export function isWord(column: SQLWrapper, word: string): SQL {
  return sql`${column} = ${sql.raw(quote(word))}`;
}

export function isOneOf(column: SQLWrapper, words: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(words.map(quote).join(', '))})`;
}

/**
 * The table by way of one of its indexes. SQLite has no figures on how many rows of each status there are
 * and would often read all of one status instead; named, an index that does not fit fails at once. The
 * columns to select are given as SQL.
 */
export function via(table: SQLiteTable, index: string): SQL {
  return sql`${table} indexed by ${sql.raw(index)}`;
}

/** The row of the public id in a column of the audit, where it is one of that kind. */
export function rowIn(column: SQLWrapper, kind: string): SQL<number> {
  return sql<number>`cast(substr(${column}, ${sql.raw(String(kind.length + 2))}) as integer)`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
