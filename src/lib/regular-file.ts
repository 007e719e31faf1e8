import { constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** The path leads to something that is not a file, or by a way that is not ours. */
export class NoRegularFile extends Error {
  override readonly name = 'NoRegularFile';
}

// O_NONBLOCK: a pipe must not hang. Windows has neither of them, and no such pipes.
const carefully = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a file that a person named. A link is followed, since they may have put it there; one that somebody
 * else put there (into a folder that many may write) is not. What is opened is a regular file, so that nothing
 * hangs on a pipe or touches a device. Throws `NoRegularFile` or what the system says.
 */
export async function openRegularFile(file: string, flags: number): Promise<FileHandle> {
  await checkPath(file);
  const handle = await open(file, flags | carefully, 0o600);
  try {
    // Looked at again: the path may lead elsewhere by now.
    if (!(await handle.stat()).isFile()) throw new NoRegularFile('it is not a regular file');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function checkPath(file: string): Promise<void> {
  const link = await ifPresent(lstat(file));
  if (link === undefined) return;
  const user = process.getuid?.();
  if (link.isSymbolicLink() && user !== undefined && link.uid !== user && link.uid !== 0) {
    throw new NoRegularFile('it is a link that another user made');
  }
  const target = await ifPresent(stat(file));
  if (target?.isDirectory()) throw new NoRegularFile('it is a folder');
  if (target && !target.isFile())
    throw new NoRegularFile('it is a pipe, a socket or a device and not a file');
}

async function ifPresent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (readCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The last bytes of an open file, at most so many, and how long it is. */
export async function readEnd(handle: FileHandle, most: number): Promise<{ bytes: Buffer; size: number }> {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(Math.min(size, most));
  let length = 0;
  while (length < bytes.length) {
    const position = size - bytes.length + length;
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, position);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return { bytes: bytes.subarray(0, length), size };
}

/** Of the operating system, such as ENOSPC. */
export function readCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

const sentences: Record<string, string> = {
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file and not a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENXIO: 'it is a pipe, a socket or a device and not a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: 'the file must not grow any larger',
  EROFS: 'its disk can only be read',
  EIO: 'the disk failed',
};

/** What kept a file from being used, for a person; undefined when it was not the file. */
export function describeFileError(error: unknown): string | undefined {
  if (error instanceof NoRegularFile) return error.message;
  const code = readCode(error);
  return code === undefined ? undefined : (sentences[code] ?? `the system reported ${code}`);
}
