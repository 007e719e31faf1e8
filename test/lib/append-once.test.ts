import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appendOnce } from '../../src/lib/append-once.ts';
import { appended, completed, countOf, found, next, placeFile, readText, text } from '../support/append.ts';
import { makeTestFolder } from '../support/folder.ts';

const isRoot = process.getuid?.() === 0;

describe('a text that is appended', () => {
  test('makes the file, for its owner alone, and stands there once however often it is said', async () => {
    const file = placeFile();
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(await appendOnce(file, text)).toEqual(found);
    expect(readText(file)).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('stands behind the one before, with a blank line between', async () => {
    const file = placeFile();
    await appendOnce(file, text);
    expect(await appendOnce(file, next)).toEqual(appended);
    expect(readText(file)).toBe(`${text}\n${next}`);
    expect(await appendOnce(file, text)).toEqual(found);
  });

  test.each([
    ['nothing', '', ''],
    ['a line end', '\n', ''],
    ['a line', 'mine\n', '\n'],
    ['a line and a blank one', 'mine\n\n', ''],
    ['a line without an end', 'mine', '\n\n'],
    ['a line with CR and LF', 'mine\r\n', '\n'],
    ['a blank line with CR and LF', 'mine\r\n\r\n', ''],
    ['a lone CR', 'mine\r', '\n\n'],
    ['NUL bytes of a disk that lost power', 'mine\0\0\0\0', '\n\n'],
    ['a NUL and a line end', 'mine\0\n', '\n'],
    ['half of a character', Buffer.from([0x6d, 0xe2, 0x80]), '\n\n'],
    ['a mark of our own that was begun in the middle of a line', 'see ## One', '\n\n'],
  ])('begins on a line of its own after %s, which stays as it was', async (_, before, between) => {
    const file = placeFile(before);
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(readFileSync(file)).toEqual(Buffer.concat([Buffer.from(before), Buffer.from(between + text)]));
    expect(await appendOnce(file, text)).toEqual(found);
  });

  test('is found behind what was added by hand since', async () => {
    const file = placeFile('mine\n');
    await appendOnce(file, text);
    appendFileSync(file, 'my own remark, without an end');
    expect(await appendOnce(file, text)).toEqual(found);
    expect(countOf(file, text)).toBe(1);
  });

  test('is found in a file that an editor gave other line ends, or took the last of', async () => {
    const file = placeFile(text.replaceAll('\n', '\r\n'));
    expect(await appendOnce(file, text)).toEqual(found);
    const stripped = placeFile(text.trimEnd());
    expect(await appendOnce(stripped, text)).toEqual(found);
  });

  test('is not taken for one whose last line stands within another line', async () => {
    const file = placeFile('quoted: <!-- end 1 -->\n<!-- end 1 --> and more\n');
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(countOf(file, text)).toBe(1);
  });

  test('of one line is not taken for one that ends another line', async () => {
    const file = placeFile('quoted: <!-- end 9 -->\n');
    expect(await appendOnce(file, '<!-- end 9 -->\n')).toEqual(appended);
    expect(readText(file)).toBe('quoted: <!-- end 9 -->\n\n<!-- end 9 -->\n');
  });

  test('is not bothered by older ones whose ends were taken out', async () => {
    const file = placeFile(`${text.replace('<!-- end 1 -->\n', '')}\n${next}`);
    expect(await appendOnce(file, next)).toEqual(found);
    expect(await appendOnce(file, '## Three\n<!-- end 3 -->\n')).toEqual(appended);
  });

  test('is written again once it was cut off at its beginning, and completed where it was cut off later', async () => {
    const whole = Buffer.from(text);
    for (let left = 0; left < whole.length; left++) {
      const file = placeFile(`mine\n\n${text}`);
      truncateSync(file, 'mine\n\n'.length + left);
      const outcome = await appendOnce(file, text);
      expect(outcome).toEqual(left === 0 ? appended : left === whole.length - 1 ? found : completed);
      expect(readText(file).trimEnd()).toBe(`mine\n\n${text}`.trimEnd());
    }
  });

  test('is written anew where the file was removed, or emptied', async () => {
    const file = placeFile();
    await appendOnce(file, text);
    rmSync(file);
    expect(await appendOnce(file, text)).toEqual(appended);
    truncateSync(file, 0);
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(readText(file)).toBe(text);
  });

  test('stands behind a beginning of it that was edited after an interrupted try', async () => {
    const file = placeFile('## One\n\nWörds and mine\n');
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(countOf(file, text)).toBe(1);
  });

  test('reads only the end of a file, however large', async () => {
    const file = placeFile();
    const size = 8 * 2 ** 30;
    const sparse = openSync(file, 'w');
    ftruncateSync(sparse, size);
    closeSync(sparse);
    const before = process.memoryUsage().rss;
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(await appendOnce(file, text)).toEqual(found);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    expect(statSync(file).size).toBe(size + Buffer.byteLength(`\n\n${text}`));
  });
});

describe('a path that is no file to write to', () => {
  const fail = (error: string) => ({ ok: false, error });

  test('a folder', async () => {
    expect(await appendOnce(makeTestFolder(), text)).toEqual(fail('it is a folder'));
  });

  test('in a folder that does not exist, which is not made: a disk may not be mounted', async () => {
    const file = join(makeTestFolder(), 'not', 'there.txt');
    expect(await appendOnce(file, text)).toEqual(fail('its folder does not exist'));
  });

  test('behind a file', async () => {
    const file = join(placeFile('mine'), 'log.txt');
    expect(await appendOnce(file, text)).toEqual(fail('a part of its path is a file and not a folder'));
  });

  test('of a name that is too long', async () => {
    const file = join(makeTestFolder(), 'x'.repeat(300));
    expect(await appendOnce(file, text)).toEqual(fail('its name is too long'));
  });

  test('a link in a circle', async () => {
    const file = placeFile();
    symlinkSync(file, file);
    expect(await appendOnce(file, text)).toEqual(fail('its links lead in a circle'));
  });

  test('a pipe, which would hang, and a device', async () => {
    const file = placeFile();
    execFileSync('mkfifo', [file]);
    const sentence = 'it is a pipe, a socket or a device and not a file';
    expect(await appendOnce(file, text)).toEqual(fail(sentence));
    expect(await appendOnce('/dev/full', text)).toEqual(fail(sentence));
    expect(await appendOnce('/dev/null', text)).toEqual(fail(sentence));
  });

  test.skipIf(isRoot)('one that may not be written', async () => {
    const file = placeFile('mine');
    chmodSync(file, 0o400);
    expect(await appendOnce(file, text)).toEqual(fail('its permissions do not allow it'));
  });

  test.each([
    ['EACCES', 'its permissions do not allow it'],
    ['EROFS', 'its disk can only be read'],
    ['ENOSPC', 'the disk is full'],
    ['EFBIG', 'the file must not grow any larger'],
    ['EWHATEVER', 'the system reported EWHATEVER'],
  ])('of which the system says %s', async (code, sentence) => {
    const write = async () => {
      throw Object.assign(new Error(code), { code });
    };
    expect(await appendOnce(placeFile(), text, { write, sync: async () => {} })).toEqual(fail(sentence));
  });

  test('a mistake of ours is no error of the file', async () => {
    const write = async () => {
      throw new TypeError('a bug');
    };
    await expect(appendOnce(placeFile(), text, { write, sync: async () => {} })).rejects.toThrow('a bug');
  });

  test('a link of the owner is followed, even to a file that is not there yet', async () => {
    const folder = makeTestFolder();
    mkdirSync(join(folder, 'notes'));
    const target = join(folder, 'notes', 'log.md');
    const file = join(folder, 'log.txt');
    symlinkSync(target, file);
    expect(await appendOnce(file, text)).toEqual(appended);
    expect(await appendOnce(file, text)).toEqual(found);
    expect(readText(target)).toBe(text);
  });

  test('a second name of the file is the file', async () => {
    const file = placeFile(text);
    const other = `${file}.2`;
    linkSync(file, other);
    expect(await appendOnce(other, text)).toEqual(found);
  });

  test.runIf(isRoot)('a link that another user put there is not followed', async () => {
    const folder = makeTestFolder();
    const target = join(folder, 'profile');
    writeFileSync(target, 'mine\n');
    const file = join(folder, 'log.txt');
    symlinkSync(target, file);
    execFileSync('chown', ['-h', '12345', file]);
    expect(await appendOnce(file, text)).toEqual(fail('it is a link that another user made'));
    expect(readText(target)).toBe('mine\n');
  });
});
