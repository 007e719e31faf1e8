import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { explainFailure } from '../../src/db/failures.ts';

const file = '/data/jorbs.db';

test.each([
  ['SQLITE_FULL', 'the disk of the data folder /data is full; free some space and try again'],
  [
    'SQLITE_READONLY_DBMOVED',
    `${file} cannot be written; JORBS_DATA_DIR must be a folder that this user may write to`,
  ],
  [
    'SQLITE_CORRUPT',
    `${file} is damaged or not a Jorbs database; move it away and put a backup in its place`,
  ],
  ['SQLITE_IOERR_WRITE', 'the disk of the data folder /data does not take or give data; check the disk'],
])('%s is said in one sentence', (code, message) => {
  const refusal = explainFailure(new Database.SqliteError('raw', code), file);
  expect(refusal).toMatchObject({ name: 'Refusal', code: 'unavailable', message });
});

test('a mistake of ours is not explained away', () => {
  expect(explainFailure(new Database.SqliteError('raw', 'SQLITE_CONSTRAINT_CHECK'), file)).toBeUndefined();
  expect(explainFailure(new TypeError('oops'), file)).toBeUndefined();
});
