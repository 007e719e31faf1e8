import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** An append that did not succeed. */
export class WireLogError extends Error {
  override readonly name = 'WireLogError';
  /** Of the operating system, such as ENOSPC. */
  readonly code: string;
  /** Whether the file is proven to hold nothing of the line. */
  readonly isUndone: boolean;

  constructor(cause: unknown, isUndone: boolean) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    super(`the wire log did not take the message (${code})`, { cause });
    this.code = code;
    this.isUndone = isUndone;
  }
}

/** What the log does to its file, so that a test can be a disk that fails. */
export type WireDisk = Pick<typeof nodeDisk, 'write' | 'sync' | 'truncate'>;

const nodeDisk = {
  write: (descriptor: number, bytes: Uint8Array) => writeSync(descriptor, bytes),
  sync: (descriptor: number) => fsyncSync(descriptor),
  truncate: (descriptor: number, size: number) => ftruncateSync(descriptor, size),
};

/** One file of lines, private to its owner, that one process at a time writes. */
export type WireLog = {
  /**
   * Appends one line in one write and waits until it is on disk. What a crash left of an earlier line is
   * cut off first: it was never delivered. Throws `WireLogError`.
   */
  append(line: string): void;
  /** Calls back with each whole line added since the last call, oldest first. Throws what reading throws. */
  readNew(each: (line: string) => void): void;
};

const chunkBytes = 1 << 16;
const lineEnd = 0x0a;

export function buildWireLog(file: string, disk: WireDisk = nodeDisk): WireLog {
  let readTo = 0;
  return {
    append(line) {
      const descriptor = openPrivately(file);
      try {
        appendTo(descriptor, { line, disk, folder: dirname(file) });
      } finally {
        closeSync(descriptor);
      }
    },
    readNew(each) {
      const descriptor = openToRead(file);
      if (descriptor === undefined) return;
      try {
        if (fstatSync(descriptor).size < readTo) readTo = 0;
        readTo = readLines(descriptor, readTo, each);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

function openPrivately(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return openSync(file, 'a+', 0o600);
  } catch (error) {
    throw new WireLogError(error, true);
  }
}

type Append = { line: string; disk: WireDisk; folder: string };

function appendTo(descriptor: number, { line, disk, folder }: Append): void {
  const start = cutTornLine(descriptor, disk);
  try {
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    if (disk.write(descriptor, bytes) < bytes.length) {
      throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
    }
    disk.sync(descriptor);
    if (start === 0) syncFolder(folder);
  } catch (error) {
    throw new WireLogError(error, undo(descriptor, start, disk));
  }
}

/** Where the next line begins. */
function cutTornLine(descriptor: number, disk: WireDisk): number {
  try {
    const { size } = fstatSync(descriptor);
    const end = findEndOfLines(descriptor, size);
    if (end < size) disk.truncate(descriptor, end);
    return end;
  } catch (error) {
    throw new WireLogError(error, true);
  }
}

function findEndOfLines(descriptor: number, size: number): number {
  const chunk = Buffer.alloc(chunkBytes);
  for (let end = size; end > 0; end -= chunkBytes) {
    const start = Math.max(0, end - chunkBytes);
    const length = readSync(descriptor, chunk, 0, end - start, start);
    const found = chunk.subarray(0, length).lastIndexOf(lineEnd);
    if (found >= 0) return start + found + 1;
  }
  return 0;
}

function undo(descriptor: number, start: number, disk: WireDisk): boolean {
  try {
    disk.truncate(descriptor, start);
    disk.sync(descriptor);
    return true;
  } catch {
    return false;
  }
}

/** A new file is on disk once its folder is. Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function openToRead(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The position after the last whole line. */
function readLines(descriptor: number, from: number, each: (line: string) => void): number {
  const chunk = Buffer.alloc(chunkBytes);
  let rest = Buffer.alloc(0);
  let position = from;
  for (;;) {
    const length = readSync(descriptor, chunk, 0, chunkBytes, position);
    if (length === 0) return position - rest.length;
    position += length;
    rest = Buffer.concat([rest, chunk.subarray(0, length)]);
    for (let end = rest.indexOf(lineEnd); end >= 0; end = rest.indexOf(lineEnd)) {
      each(rest.toString('utf8', 0, end));
      rest = rest.subarray(end + 1);
    }
  }
}
