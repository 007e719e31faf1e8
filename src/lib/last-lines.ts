import { constants } from 'node:fs';
import { openRegularFile, readCode, readEnd } from './regular-file.ts';

export type LastLines = { lines: string[]; hasMore: boolean };

/**
 * The last lines of a file, at most so many and so many bytes, however long it is. What is not UTF-8 is shown
 * as such. Undefined when there is no file. Throws what `openRegularFile` throws.
 */
export async function readLastLines(
  file: string,
  most: { lines: number; bytes: number },
): Promise<LastLines | undefined> {
  const end = await readFileEnd(file, most.bytes);
  if (end === undefined) return undefined;
  const isCut = end.size > end.bytes.length;
  const bytes = isCut ? dropBrokenStart(end.bytes) : end.bytes;
  const lines = bytes.toString('utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.slice(-most.lines), hasMore: isCut || lines.length > most.lines };
}

async function readFileEnd(file: string, most: number) {
  try {
    const handle = await openRegularFile(file, constants.O_RDONLY);
    try {
      return await readEnd(handle, most);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (readCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Begins with a whole line; where there is one line only, with a whole character. */
function dropBrokenStart(bytes: Buffer): Buffer {
  const start = bytes.indexOf(0x0a) + 1;
  if (start > 0 && start < bytes.length) return bytes.subarray(start);
  const character = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes.subarray(Math.max(0, character));
}
