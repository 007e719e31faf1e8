import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { buildTerminalIo } from '../../src/cli/terminal-io.ts';

function openTerminal(change: { isTTY?: boolean; columns?: number; noColor?: boolean } = {}) {
  const { isTTY = true, columns = 90, noColor = false } = change;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stdout = Object.assign(new PassThrough(), { isTTY, columns });
  const io = buildTerminalIo({
    stdin,
    stdout,
    stderr: new PassThrough(),
    noColor,
    signal: new AbortController().signal,
    openApp: () => Promise.reject(new Error('not opened')),
    openFile: () => Promise.reject(new Error('not opened')),
    tokens: { code: () => 'ABCD2345', key: () => 'key' },
    self: { command: 'node', args: [] },
  });
  return { io, stdin, stdout };
}

describe('buildTerminalIo', () => {
  it.each([
    [{}, { isTerminal: true, color: true, columns: 90 }],
    [{ noColor: true }, { isTerminal: true, color: false, columns: 90 }],
    [{ isTTY: false }, { isTerminal: false, color: false, columns: 100 }],
    [{ columns: 0 }, { isTerminal: true, color: true, columns: 80 }],
  ])('knows its terminal: %j', (change, expected) => {
    expect(openTerminal(change).io).toMatchObject(expected);
  });

  it('takes a typed line', async () => {
    const { io, stdin, stdout } = openTerminal();
    const answer = io.ask('yes / no? ');
    stdin.write('yes\n');
    expect(await answer).toBe('yes');
    expect(String(stdout.read())).toContain('yes / no? ');
  });

  it('keeps the rest of a paste for the next questions', async () => {
    const { io, stdin } = openTerminal();
    const first = io.ask('| ');
    stdin.write('one\ntwo\nthr');
    expect(await first).toBe('one');
    expect(await io.ask('| ')).toBe('two');
    const last = io.ask('| ');
    stdin.write('ee\n');
    expect(await last).toBe('three');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('answers nothing on %s', async (_name, key) => {
    const { io, stdin } = openTerminal();
    const answer = io.ask('yes / no? ');
    stdin.write(key);
    expect(await answer).toBeUndefined();
  });

  it('answers nothing when input ends', async () => {
    const { io, stdin } = openTerminal();
    const answer = io.ask('yes / no? ');
    stdin.end();
    expect(await answer).toBeUndefined();
  });

  it('takes a reader that closed our output early for no error', () => {
    const { stdout } = openTerminal();
    expect(() => stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))).not.toThrow();
    expect(() => stdout.emit('error', Object.assign(new Error('disk'), { code: 'EIO' }))).toThrow('disk');
  });
});
