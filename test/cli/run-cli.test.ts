import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { Refusal, type RefusalCode } from '../../src/domain/refusal.ts';
import { openCli } from './harness.ts';

const names = [
  'demo',
  'list',
  'show',
  'brief',
  'progress',
  'approve',
  'inbox',
  'assign',
  'stop',
  'resume',
  'status',
  'profile',
  'inject',
  'backup',
];

describe('runCli', () => {
  it.each(['--version', '-v', 'version'])('tells its version for %s', async (word) => {
    expect(await openCli().run([word])).toEqual({ code: 0, out: 'jorbs 0.0.0-test\n', err: '' });
  });

  it.each(['--help', '-h', 'help'])('lists the commands for %s', async (word) => {
    const { code, out } = await openCli().run([word]);
    expect(code).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(118);
  });

  it.each(names)('explains %s the same way by option and by "help"', async (name) => {
    const cli = openCli();
    const byOption = await cli.run([name, '--help']);
    expect(byOption).toMatchObject({ code: 0, err: '' });
    expect(byOption.out).toMatch(new RegExp(`^Usage: jorbs ${name}`));
    expect(await cli.run(['help', name])).toEqual(byOption);
  });

  it.each([
    [['lst'], 'there is no command "lst"; "jorbs --help" lists them'],
    [['help', 'lst'], 'there is no command "lst"; "jorbs --help" lists them'],
    [['list', '--all'], 'Unknown option \'--all\'; see "jorbs list --help"'],
    [['list', 'jorb_1'], 'it takes nothing besides options, not 1 words; see "jorbs list --help"'],
    [
      ['list', '--filter', 'old'],
      '--filter must be one of open, closed, all, planning, running, paused, complete, failed, cancelled',
    ],
    [['list', '--limit', '1e3'], '--limit must be a whole number from 1 to 200'],
    [['show'], 'it takes the ID of one jorb, not 0 words; see "jorbs show --help"'],
    [['inject', '--text', 'Hi'], '--from ADDRESS is missing: who writes?'],
    [['inject', '--from', 'magic'], '--text TEXT is missing: what do they write?'],
    [
      ['inject', '--from', 'magic', '--text', 'Hi', '--channel', 'fax'],
      '--channel must be loopback: no other wire takes messages by hand',
    ],
    [['approve', '--decline'], '--decline needs the ID of one approval'],
    [['approve', 'approval_1', '--reason', 'x'], '--reason goes with --decline'],
    [['assign', 'event_1'], 'it takes an event and a jorb, not 1 words; see "jorbs assign --help"'],
    [['profile', 'set', 'email'], 'it takes "set FIELD VALUE" (quote a value with spaces) or "remove FIELD"'],
    [['backup'], 'it takes the FILE to write, not 0 words; see "jorbs backup --help"'],
    [['demo', 'now'], 'it takes nothing besides options, not 1 words; see "jorbs demo --help"'],
  ])('refuses %j with one sentence and 2', async (line, sentence) => {
    expect(await openCli().run(line)).toEqual({ code: 2, out: '', err: `jorbs: ${sentence}\n` });
  });

  it.each([
    [['show', '47'], 'jorb_47'],
    [['approve', '3'], 'approval_47'],
    [['assign', 'jorb_1', 'event_1'], 'event_47'],
    [['inject', '--from', 'magic', '--text', ' '], 'empty'],
    [['inject', '--from', '', '--text', 'Hi'], 'sender'],
    [['profile', 'set', 'E mail', 'x'], 'home_address'],
    [['stop', 'a\u202eb'], 'reason'],
  ])('passes on what the owner command says of %j', async (line, word) => {
    const { code, out, err } = await openCli().run(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^jorbs: [^\n]+\n$/);
    expect(err).toContain(word);
  });

  it.each([
    [['show', 'jorb_9'], 'there is no jorb jorb_9'],
    [['approve', 'approval_9'], 'there is no approval approval_9'],
    [['assign', 'event_9', 'jorb_9'], 'there is no'],
  ])('ends %j with 3 when there is no such thing', async (line, sentence) => {
    const { code, err } = await openCli().run(line);
    expect(code).toBe(3);
    expect(err).toContain(`jorbs: ${sentence}`);
  });

  it('ends with 6 when the data folder cannot be used', async () => {
    const cli = openCli();
    writeFileSync(join(cli.dataDir, 'jorbs.db'), 'this is no database, whatever its name says'.repeat(100));
    const { code, err } = await cli.run(['list']);
    expect(code).toBe(6);
    expect(err).toMatch(/^jorbs: .+\n$/);
  });

  it('ends with 1 for a fault of its own', async () => {
    const openApp = () => Promise.reject(new Error('broken'));
    const { code, err } = await openCli().run(['list'], undefined, { openApp });
    expect({ code, err }).toEqual({ code: 1, err: 'jorbs: a fault in jorbs itself: broken\n' });
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['invalid', 2],
    ['not_found', 3],
    ['conflict', 4],
    ['expired', 4],
    ['stopped', 4],
    ['needs_owner', 5],
    ['unavailable', 6],
  ] as [RefusalCode, number][])('gives a script %s as %d', (code, expected) => {
    expect(exitCodeOf(new Refusal(code, 'no'))).toBe(expected);
  });
});
