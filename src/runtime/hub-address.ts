import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type HubPlace = {
  /** Absolute and without links: every face of the folder must come to the same address. */
  dataDir: string;
  platform: NodeJS.Platform;
  temporaryDir: string;
  /** Of the user; -1 where the platform has none. */
  userId: number;
};

/** A socket's name must fit in a fixed field of the kernel, with a byte to end it. */
const longestPath = { linux: 107, other: 103 };

export type HubAddress = {
  address: string;
  /** A folder that must be ours alone before the address is used; null when it is the data folder. */
  folder: string | null;
};

/** Where the runtime of a data folder listens. */
export function computeHubAddress({ dataDir, platform, temporaryDir, userId }: HubPlace): HubAddress {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 32);
  if (platform === 'win32') return { address: `\\\\.\\pipe\\jorbs-${name}`, folder: null };
  const address = join(dataDir, 'runtime.sock');
  const limit = platform === 'linux' ? longestPath.linux : longestPath.other;
  if (Buffer.byteLength(address) <= limit) return { address, folder: null };
  const folder = join(temporaryDir, `jorbs-${userId}`);
  return { address: join(folder, `${name}.sock`), folder };
}

/**
 * Makes the folder, or checks that the one that is there is ours and closed to others: the temporary
 * folder is everyone's. False when it is not to be trusted.
 */
export function prepareHubFolder(folder: string, userId: number): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false;
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === userId && (found.mode & 0o077) === 0;
}
