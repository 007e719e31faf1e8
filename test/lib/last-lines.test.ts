import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLastLines } from '../../src/lib/last-lines.ts';
import { makeTestFolder } from '../support/folder.ts';

const some = { lines: 3, bytes: 100 };

function place(content: string | Uint8Array): string {
  const file = join(makeTestFolder(), 'log.txt');
  writeFileSync(file, content);
  return file;
}

describe('the last lines of a file', () => {
  test.each([
    ['nothing', '', [], false],
    ['fewer than asked for', 'a\nb\n', ['a', 'b'], false],
    ['as many', 'a\n\nc\n', ['a', '', 'c'], false],
    ['more', 'a\nb\nc\nd\n', ['b', 'c', 'd'], true],
    ['a last one without an end', 'a\nb\nc\nd', ['b', 'c', 'd'], true],
    ['CR and LF', 'a\r\nb\r\n', ['a', 'b'], false],
    ['more bytes than may be read', `${'x'.repeat(90)}\n${'y'.repeat(40)}\n`, ['y'.repeat(40)], true],
    ['one line of more bytes', 'é'.repeat(80), ['é'.repeat(50)], true],
    ['one line of more bytes, with its end', `a${'é'.repeat(80)}\n`, ['é'.repeat(49)], true],
  ])('with %s', async (_, content, lines, hasMore) => {
    expect(await readLastLines(place(content), some)).toEqual({ lines, hasMore });
  });

  test('shows what is not UTF-8 as such', async () => {
    const file = place(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x62, 0x00, 0x0a]));
    expect(await readLastLines(file, some)).toEqual({ lines: ['a\ufffd\ufffd', 'b\0'], hasMore: false });
    const onlyRests = place(new Uint8Array(200).fill(0x80));
    expect((await readLastLines(onlyRests, some))?.lines).toHaveLength(1);
  });

  test('is undefined where there is no file, or none behind a link', async () => {
    const file = join(makeTestFolder(), 'log.txt');
    expect(await readLastLines(file, some)).toBeUndefined();
    symlinkSync(`${file}.not`, file);
    expect(await readLastLines(file, some)).toBeUndefined();
  });

  test('does not hang on a pipe, and reads no folder', async () => {
    const file = join(makeTestFolder(), 'log.txt');
    execFileSync('mkfifo', [file]);
    await expect(readLastLines(file, some)).rejects.toThrow('it is a pipe');
    await expect(readLastLines(makeTestFolder(), some)).rejects.toThrow('it is a folder');
  });

  test('takes no more of a huge file', async () => {
    const file = place('');
    const size = 4 * 2 ** 30;
    const sparse = openSync(file, 'r+');
    ftruncateSync(sparse, size);
    writeSync(sparse, '\nlast\n', size);
    closeSync(sparse);
    const before = process.memoryUsage().rss;
    expect(await readLastLines(file, { lines: 1, bytes: 20_000 })).toEqual({
      lines: ['last'],
      hasMore: true,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  });
});
