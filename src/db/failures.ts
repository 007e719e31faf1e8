import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../domain/refusal.ts';

const sentences: [code: RegExp, say: (file: string) => string][] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)$/,
    (file) => `the disk of the data folder ${dirname(file)} is full; free some space and try again`,
  ],
  [
    /^(SQLITE_READONLY.*|EACCES|EPERM|EROFS)$/,
    (file) => `${file} cannot be written; JORBS_DATA_DIR must be a folder that this user may write to`,
  ],
  [
    /^(SQLITE_CORRUPT.*|SQLITE_NOTADB)$/,
    (file) => `${file} is damaged or not a Jorbs database; move it away and put a backup in its place`,
  ],
  [
    /^(ENOTDIR|EEXIST)$/,
    (file) =>
      `${dirname(file)} is not a folder; JORBS_DATA_DIR must name a folder, or one that can be created`,
  ],
  [
    /^(SQLITE_CANTOPEN.*|ENOENT|EISDIR|ELOOP|ENAMETOOLONG)$/,
    (file) => `${file} cannot be opened; JORBS_DATA_DIR must be a folder that this user may read and write`,
  ],
  [
    /^(SQLITE_IOERR.*|EIO)$/,
    (file) => `the disk of the data folder ${dirname(file)} does not take or give data; check the disk`,
  ],
];

/** The sentence for what a disk, a folder or a file refuses, or undefined when the error is a mistake of ours. */
export function explainFailure(error: unknown, file: string): Refusal | undefined {
  const code = readCode(error);
  const sentence = code && sentences.find(([pattern]) => pattern.test(code))?.[1];
  return sentence ? new Refusal('unavailable', sentence(file)) : undefined;
}

function readCode(error: unknown): string | undefined {
  if (error instanceof Database.SqliteError) return error.code;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
