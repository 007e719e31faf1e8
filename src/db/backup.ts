import { closeSync, openSync, rmSync } from 'node:fs';
import { Refusal } from '../domain/refusal.ts';
import { type Db, retryBusy } from './connection.ts';

/**
 * A copy of one moment, readable by its owner alone. Other processes go on writing meanwhile; this one
 * is busy for as long as it takes. A failed one leaves no file.
 */
export async function backUp(db: Db, file: string): Promise<void> {
  createTarget(file);
  try {
    await retryBusy(file, () => db.$client.prepare('vacuum into ?').run(file));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** Created before SQLite writes it, so that it is never readable by others and never one that was there. */
function createTarget(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new Refusal('conflict', `${file} is there already; name a file that does not exist`, 'file');
    }
    throw new Refusal(
      'invalid',
      `${file} cannot be created; name a file in a folder that you may write to`,
      'file',
    );
  }
}
