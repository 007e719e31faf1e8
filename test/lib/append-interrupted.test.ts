import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AppendDisk, appendOnce } from '../../src/lib/append-once.ts';
import {
  appended,
  buildFullDisk,
  completed,
  countOf,
  found,
  next,
  placeFile,
  readText,
  text,
} from '../support/append.ts';

describe('an append that is interrupted', () => {
  test.each(['', 'mine', 'mine\n', 'mine\r\n', '\0'])(
    'after any number of bytes is completed, not repeated, behind %j',
    async (before) => {
      const most = Buffer.byteLength(`\n\n${text}`);
      for (let room = 0; room < most; room++) {
        const file = placeFile(before);
        const disk = buildFullDisk(room);
        const first = await appendOnce(file, text, disk);
        if (first.ok) break;
        expect(first.error).toBe('the disk is full');
        const second = await appendOnce(file, text);
        expect(second.ok).toBe(true);
        expect(countOf(file, text.trimEnd())).toBe(1);
        expect(countOf(file, '## One')).toBe(1);
        expect(readText(file).trimEnd()).toMatch(/(^|\n)## One\n\nWörds – of 日本 😀\n\n<!-- end 1 -->$/);
        expect(await appendOnce(file, next)).toEqual(appended);
        expect(await appendOnce(file, text)).toEqual(found);
        expect(countOf(file, text)).toBe(1);
      }
    },
  );

  test.skipIf(process.platform === 'win32')('by the system itself is completed too', async () => {
    const file = placeFile();
    const long = `## One\n${'x'.repeat(50_000)}\n<!-- end 1 -->\n`;
    const source = join(import.meta.dirname, '..', '..', 'src', 'lib', 'append-once.ts');
    const script = `const { appendOnce } = await import(${JSON.stringify(source)});
      console.log(JSON.stringify(await appendOnce(${JSON.stringify(file)}, ${JSON.stringify(long)})));`;
    const limited = [
      '-c',
      'ulimit -f 16; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    const said = execFileSync('sh', limited, { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual({ ok: false, error: 'the file must not grow any larger' });
    expect(readText(file).length).toBeGreaterThan(0);
    expect(await appendOnce(file, long)).toEqual(completed);
    expect(readText(file)).toBe(long);
  });

  test('goes on where the disk takes a little at a time', async () => {
    const file = placeFile('mine');
    const disk: AppendDisk = {
      write: async (handle, bytes) => (await handle.write(bytes.subarray(0, 3))).bytesWritten,
      sync: (handle) => handle.sync(),
    };
    expect(await appendOnce(file, text, disk)).toEqual(appended);
    expect(readText(file)).toBe(`mine\n\n${text}`);
  });

  test('between the write and the disk is brought to the disk by the next', async () => {
    const file = placeFile();
    let syncs = 0;
    const failing: AppendDisk = {
      write: async (handle, bytes) => (await handle.write(bytes)).bytesWritten,
      async sync() {
        syncs += 1;
        throw Object.assign(new Error('gone'), { code: 'EIO' });
      },
    };
    expect(await appendOnce(file, text, failing)).toEqual({ ok: false, error: 'the disk failed' });
    expect(await appendOnce(file, text, failing)).toEqual({ ok: false, error: 'the disk failed' });
    expect(syncs).toBe(2);
    expect(await appendOnce(file, text)).toEqual(found);
    expect(readText(file)).toBe(text);
  });

  test('does not take nothing written for something', async () => {
    const disk: AppendDisk = { write: async () => 0, sync: async () => {} };
    expect(await appendOnce(placeFile(), text, disk)).toEqual({ ok: false, error: 'the disk is full' });
  });

  test('at random, with others writing in between: each text stands there once, in order', async () => {
    const words = fc.constantFrom('a remark\n', 'no end', '\r\n', '## Entry 1\nof mine\n', '\0\0', '##');
    const act = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash' as const), room: fc.nat(90) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('remark' as const), words }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        async (rounds) => {
          const file = placeFile();
          const texts = rounds.map(
            (_, index) => `## Entry ${index}\n\nof ${index}\n\n<!-- end ${index} -->\n`,
          );
          for (const [index, acts] of rounds.entries()) {
            const entry = texts[index] ?? '';
            for (const one of acts) {
              if (one.kind === 'remark') appendFileSync(file, one.words);
              else await appendOnce(file, entry, one.kind === 'crash' ? buildFullDisk(one.room) : undefined);
            }
            expect((await appendOnce(file, entry)).ok).toBe(true);
          }
          const marks = [...readText(file).matchAll(/<!-- end (\d+) -->/g)];
          expect(marks.map(([, index]) => Number(index))).toEqual(rounds.map((_, index) => index));
          for (const entry of texts) expect(countOf(file, entry.trimEnd())).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
