import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeFileError, openRegularFile, readCode, readEnd } from './regular-file.ts';
import { err, ok, type Result } from './result.ts';

/** `completed`: an earlier try had written its beginning. `found`: it stood there already. */
export type Appended = 'appended' | 'completed' | 'found';

/** What is done to the file, so that a test can be a disk that fails. */
export type AppendDisk = Pick<typeof nodeDisk, 'write' | 'sync'>;

const nodeDisk = {
  write: async (handle: FileHandle, bytes: Uint8Array) => (await handle.write(bytes)).bytesWritten,
  sync: (handle: FileHandle) => handle.sync(),
};

/** So much may have been added behind a text by others before it is looked for. */
const slackBytes = 1 << 16;
const lineEnd = 0x0a;

/**
 * Appends a text whose last line is found nowhere else, and waits until it is on disk. Said again, after
 * whatever interruption, the file still holds it once: its end is looked at first, and what an interrupted try
 * left there is completed. The text begins on a line of its own whatever stands before it, and nothing that
 * stands in the file is changed. One process at a time. The error is for a person.
 */
export async function appendOnce(
  file: string,
  text: string,
  disk: AppendDisk = nodeDisk,
): Promise<Result<Appended, string>> {
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
    const handle = await openRegularFile(file, flags);
    try {
      const appended = await appendTo(handle, Buffer.from(text, 'utf8'), disk);
      // An earlier try may have ended before this.
      await disk.sync(handle);
      await syncFolder(dirname(await realpath(file)));
      return ok(appended);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const sentence = describeFileError(error);
    if (sentence === undefined) throw error;
    return err(sentence);
  }
}

async function appendTo(handle: FileHandle, text: Buffer, disk: AppendDisk): Promise<Appended> {
  const { bytes: end, size } = await readEnd(handle, text.length + slackBytes);
  const isWhole = end.length === size;
  if (holdsLine(end, readLastLine(text), isWhole)) return 'found';
  const written = measureTorn(end, text, isWhole);
  const rest = written > 0 ? text.subarray(written) : Buffer.concat([breakLine(end), text]);
  await writeWhole(handle, rest, disk);
  return written > 0 ? 'completed' : 'appended';
}

async function writeWhole(handle: FileHandle, bytes: Buffer, disk: AppendDisk): Promise<void> {
  for (let left = bytes; left.length > 0; ) {
    const length = await disk.write(handle, left);
    if (length === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    left = left.subarray(length);
  }
}

function readLastLine(text: Buffer): Buffer {
  const end = text.at(-1) === lineEnd ? text.length - 1 : text.length;
  return text.subarray(text.subarray(0, end).lastIndexOf(lineEnd) + 1, end);
}

/** Whether one of the lines begins and ends as this one does; an editor may have put CR before its line end. */
function holdsLine(bytes: Buffer, line: Buffer, isWhole: boolean): boolean {
  for (let at = bytes.lastIndexOf(line); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(line, at - 1)) {
    const next = bytes[at + line.length];
    if (beginsLine(bytes, at, isWhole) && (next === undefined || next === lineEnd || next === 0x0d))
      return true;
  }
  return false;
}

/** How much of the text the file ends with, from the beginning of a line on: what an interrupted try left. */
function measureTorn(bytes: Buffer, text: Buffer, isWhole: boolean): number {
  const from = Math.max(0, bytes.length - text.length);
  for (let at = from; at < bytes.length; at = nextLine(bytes, at)) {
    if (!beginsLine(bytes, at, isWhole)) continue;
    const left = bytes.subarray(at);
    if (left.equals(text.subarray(0, left.length))) return left.length;
  }
  return 0;
}

function nextLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(lineEnd, at);
  return end < 0 ? bytes.length : end + 1;
}

function beginsLine(bytes: Buffer, at: number, isWhole: boolean): boolean {
  return at === 0 ? isWhole : bytes[at - 1] === lineEnd;
}

/** What ends the last line and leaves one blank. */
function breakLine(bytes: Buffer): Buffer {
  const end = bytes.subarray(-3).toString('latin1');
  if (end === '' || end === '\n' || /\n\r?\n$/.test(end)) return Buffer.alloc(0);
  return Buffer.from(end.endsWith('\n') ? '\n' : '\n\n');
}

/** A new file is on disk once its folder is. Windows and some file systems have no such call; then it is as good as can be. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (readCode(error) === 'EIO') throw error;
  }
}
