import { type Id, parseId } from '../domain/ids.ts';
import { Refusal } from '../domain/refusal.ts';

/** The public id of a row. */
export function toId<Kind extends string>(kind: Kind, row: number): Id<Kind> {
  return `${kind}_${row}`;
}

export function toIdOrNull<Kind extends string>(kind: Kind, row: number | null): Id<Kind> | null {
  return row === null ? null : toId(kind, row);
}

/** The row of a public id. Ids are checked where they come in, so a malformed one is a mistake of ours. */
export function toRow(id: Id<string>): number {
  const kind = id.slice(0, id.lastIndexOf('_'));
  if (!parseId(kind, id)) throw new Error(`"${id}" is not an id`);
  return Number(id.slice(kind.length + 1));
}

/** The row of a public id that stands in the audit: it was made by `toId`, so it is not checked again. */
export function rowOfSubject(subject: string): number {
  return Number(subject.slice(subject.lastIndexOf('_') + 1));
}

export function toRowOrNull(id: Id<string> | null): number | null {
  return id === null ? null : toRow(id);
}

export function found<T>(row: T | undefined, id: string, kind: string): T {
  if (row === undefined) throw new Refusal('not_found', `there is no ${kind} ${id}`, 'id');
  return row;
}
