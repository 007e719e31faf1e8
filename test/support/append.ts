import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendDisk } from '../../src/lib/append-once.ts';
import { makeTestFolder } from './folder.ts';

/** Two texts that end with a line of their own. */
export const text = '## One\n\nWörds – of 日本 😀\n\n<!-- end 1 -->\n';
export const next = '## Two\n\nOther words\n\n<!-- end 2 -->\n';
export const appended = { ok: true, value: 'appended' };
export const found = { ok: true, value: 'found' };
export const completed = { ok: true, value: 'completed' };

/** The path of a file that holds these bytes; without any, of none. */
export function placeFile(before?: string | Uint8Array): string {
  const file = join(makeTestFolder(), 'log.txt');
  if (before !== undefined) writeFileSync(file, before);
  return file;
}

export const readText = (file: string) => readFileSync(file, 'utf8');
export const countOf = (file: string, part: string) => readText(file).split(part).length - 1;

/** It takes so many bytes of a try and then none. */
export function buildFullDisk(room: number): AppendDisk & { written: number } {
  const disk = {
    written: 0,
    async write(handle: Parameters<AppendDisk['write']>[0], bytes: Uint8Array) {
      const length = Math.min(bytes.length, room - disk.written);
      if (length === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      disk.written += length;
      return (await handle.write(bytes.subarray(0, length))).bytesWritten;
    },
    sync: (handle: Parameters<AppendDisk['sync']>[0]) => handle.sync(),
  };
  return disk;
}
