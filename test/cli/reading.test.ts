import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasInvisible } from '../../src/lib/text.ts';
import { openCli, seedBooking, seedJorb, seedStranger, withoutColor } from './harness.ts';

describe('list', () => {
  it('lists open jorbs', async () => {
    const cli = openCli();
    expect(await cli.run(['list'])).toEqual({ code: 0, out: 'No jorbs.\n', err: '' });
    const id = await seedJorb(cli);
    expect((await cli.run(['list'])).out).toContain(`${id} “Find a hotel”: running`);
    expect((await cli.run(['list', '--filter', 'closed'])).out).toBe('No jorbs.\n');
  });

  it('gives the page as JSON', async () => {
    const cli = openCli();
    const id = await seedJorb(cli);
    const { out } = await cli.run(['list', '--json', '--filter', 'all']);
    expect(JSON.parse(out)).toMatchObject({
      total: 1,
      jorbs: [{ id, status: 'running', pendingApprovals: 0 }],
    });
  });
});

describe('show', () => {
  it('shows plan, contract, decisions and messages of one jorb', async () => {
    const cli = openCli();
    const { jorb } = await seedBooking(cli);
    const { code, out } = await cli.run(['show', jorb.id]);
    expect(code).toBe(0);
    for (const part of [
      'Plan:',
      'Contract, version 1:',
      'Magic offers a king within the limit.',
      'No messages.',
    ]) {
      expect(out).toContain(part);
    }
  });

  it('leaves messages out for --messages 0', async () => {
    const cli = openCli();
    const id = await seedJorb(cli);
    expect((await cli.run(['show', id, '--messages', '0'])).out).not.toContain('Messages, newest first');
  });

  it('gives detail, decisions and transcript as JSON', async () => {
    const cli = openCli();
    const { jorb } = await seedBooking(cli);
    expect(JSON.parse((await cli.run(['show', jorb.id, '--json'])).out)).toMatchObject({
      detail: { jorb: { id: jorb.id, status: 'paused' }, contract: {}, pendingApprovals: ['approval_1'] },
      decisions: [{ by: 'rules' }],
      transcript: { entries: [], total: 0, nextOffset: null },
    });
  });
});

describe('brief', () => {
  it('moves the mark, unless it only peeks', async () => {
    const cli = openCli();
    await seedJorb(cli);
    for (const line of [['brief', '--peek'], ['brief']]) {
      cli.clock.advance(60_000);
      expect((await cli.run(line)).out).toContain('1 jorb created');
    }
    cli.clock.advance(60_000);
    expect((await cli.run(['brief'])).out).not.toContain('1 jorb created');
  });

  it('puts what needs the owner first', async () => {
    const cli = openCli();
    const { id } = await seedBooking(cli);
    const { out } = await cli.run(['brief']);
    expect(out.indexOf(id)).toBeLessThan(out.indexOf('Money:'));
    expect(out.split('\n')[0]).toMatch(/; 1 needs you\.$/);
    expect(out).toContain('$1,156.00');
  });

  it('looks back by hours or to a time, and leaves the mark', async () => {
    const cli = openCli();
    await seedJorb(cli);
    await cli.run(['brief']);
    cli.clock.advance(90 * 60_000);
    for (const back of [
      ['--hours', '2'],
      ['--hours', '1.5'],
      ['--since', '2026-11-20'],
      ['--since', '2026-11-20T10:00:00+01:00'],
    ]) {
      const { code, out } = await cli.run(['brief', ...back]);
      expect(code).toBe(0);
      expect(out).toMatch(/^Looking back to .*1 jorb created/);
    }
    expect((await cli.run(['brief', '--hours', '1'])).out).not.toContain('1 jorb created');
    expect((await cli.run(['brief'])).out).toMatch(/^Since 09:00 today: no messages/);
  });

  it.each([
    [['--hours', 'two'], '--hours must be a number above 0, such as 24 or 0.5'],
    [['--hours', '-1'], '--hours'],
    [['--hours', '0'], 'hours must be a number above 0 and at most 720, not 0'],
    [['--hours', '1000'], 'hours must be a number above 0 and at most 720, not 1000'],
    [['--since', 'yesterday'], 'since must be a date such as'],
    [['--since', '2027-01-01'], 'since is "2027-01-01", which is in the future'],
    [['--since', '2026-11-19', '--hours', '3'], 'hours and since say the same in two ways'],
  ])('refuses %j and moves nothing', async (back, sentence) => {
    const cli = openCli();
    await seedJorb(cli);
    const { code, out, err } = await cli.run(['brief', ...back]);
    expect(code).not.toBe(0);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect((await cli.run(['brief'])).out).toContain('1 jorb created');
  });

  it('gives the brief as JSON', async () => {
    const cli = openCli();
    await seedBooking(cli);
    expect(JSON.parse((await cli.run(['brief', '--json', '--peek'])).out)).toMatchObject({
      since: null,
      approvals: [{ id: 'approval_1', status: 'pending' }],
      activity: { created: 1, asked: 1 },
    });
  });
});

describe('decisions', () => {
  it('says what was decided and why, on what, for how much, and what came of it', async () => {
    const cli = openCli();
    const { jorb } = await seedBooking(cli);
    const { code, out } = await cli.run(['decisions', jorb.id]);
    expect(code).toBe(0);
    for (const part of [
      `decision_1, 2026-11-20 09:00Z, ${jorb.id}, by rules, 90 % sure`,
      '“Magic offers a king within the limit.”',
      '- send_message: the owner is asked first (approval_1)',
      '- action_1: send message (purchase), awaiting approval',
    ]) {
      expect(out).toContain(part);
    }
    expect((await cli.run(['decisions'])).out).toBe(out);
  });

  it('filters by status and time', async () => {
    const cli = openCli();
    await seedBooking(cli);
    for (const filter of [
      ['--status', 'done'],
      ['--since', '2026-11-21'],
      ['--status', 'awaiting_approval', '--offset', '1'],
    ]) {
      expect(await cli.run(['decisions', ...filter])).toEqual({ code: 0, out: 'No decisions.\n', err: '' });
    }
    const { out } = await cli.run([
      ...['decisions', '--status', 'awaiting_approval'],
      ...['--since', '2026-11-20T10:00:00+01:00', '--json'],
    ]);
    expect(JSON.parse(out)).toMatchObject({ decisions: [{ id: 'decision_1', by: 'rules' }], rest: 'none' });
  });

  it.each([
    [['jorb_9'], 3, 'there is no jorb jorb_9'],
    [['event_1'], 2, 'is not the id of a jorb'],
    [['--status', 'sent'], 2, 'status must be one of proposed'],
    [['--since', 'yesterday'], 2, 'since must be a date'],
    [['--limit', '0'], 2, '--limit must be a whole number'],
    [['jorb_1', 'jorb_2'], 2, 'the ID of one jorb or nothing'],
  ])('refuses %j', async (args, code, sentence) => {
    const run = await openCli().run(['decisions', ...args]);
    expect(run).toMatchObject({ code, out: '', err: expect.stringContaining(sentence) });
  });
});

describe('status', () => {
  it('says that nobody runs when only a command looks', async () => {
    const { code, out } = await openCli().run(['status']);
    expect(code).toBe(0);
    expect(out).toContain('Runtime: nobody runs now');
  });

  it('gives the status as JSON', async () => {
    const cli = openCli();
    expect(JSON.parse((await cli.run(['status', '--json'])).out)).toMatchObject({
      version: '0.0.0-test',
      dataDir: cli.dataDir,
      stopped: null,
      jorbs: { running: 0 },
      confirm: 'human',
    });
  });
});

describe('inbox', () => {
  it('shows what fits no jorb, and empties when it is assigned', async () => {
    const cli = openCli();
    const jorbId = await seedJorb(cli);
    expect((await cli.run(['inbox'])).out).toBe('No unmatched messages.\n');
    await seedStranger(cli);
    const { out } = await cli.run(['inbox']);
    expect(out).toContain('event_1 from loopback:stranger');
    expect(out).toContain('> Is the bike still for sale?');
    expect(JSON.parse((await cli.run(['inbox', '--json'])).out)).toMatchObject({
      total: 1,
      items: [{ event: { id: 'event_1' } }],
    });
    expect(await cli.run(['assign', 'event_1', jorbId])).toEqual({
      code: 0,
      out: `event_1 and what else this sender writes belong to ${jorbId} now.\n`,
      err: '',
    });
    expect((await cli.run(['inbox'])).out).toBe('No unmatched messages.\n');
  });
});

describe('progress', () => {
  it('shows the end of the file, and says that there is none yet', async () => {
    const cli = openCli();
    const file = join(cli.dataDir, 'jorbs_progress.txt');
    expect((await cli.run(['progress'])).out).toBe(
      `There is no progress log yet; the first context reset begins ${file}\n`,
    );
    expect(JSON.parse((await cli.run(['progress', '--json'])).out)).toEqual({
      file,
      lines: null,
      hasMore: false,
    });
    writeFileSync(file, '## One\n## Two\na\u001b[2Jb\n');
    const { out } = await cli.run(['progress', '--lines', '2']);
    expect(out).toBe(`The end of the progress log ${file}\n\n## Two\na⟨U+001B⟩[2Jb\n`);
    expect(JSON.parse((await cli.run(['progress', '--json', '--lines', '1'])).out)).toMatchObject({
      ...{ lines: ['a\u001b[2Jb'], hasMore: true },
    });
  });

  it('says what keeps it from being read', async () => {
    const cli = openCli();
    mkdirSync(join(cli.dataDir, 'jorbs_progress.txt'));
    expect(await cli.run(['progress'])).toMatchObject({
      code: 6,
      err: expect.stringMatching(/the progress log \S+ cannot be read: it is a folder\n$/),
    });
    expect((await cli.run(['progress', '--lines', '0'])).code).toBe(2);
  });
});

describe('color', () => {
  it('adds nothing but color', async () => {
    const cli = openCli();
    const { jorb } = await seedBooking(cli);
    await seedStranger(cli);
    for (const line of [
      ['list'],
      ['show', jorb.id],
      ['brief', '--peek'],
      ['approve'],
      ['inbox'],
      ['status'],
    ]) {
      const plain = await cli.run(line);
      const colored = await cli.run(line, undefined, { color: true });
      expect(withoutColor(colored.out)).toBe(plain.out);
    }
    expect((await cli.run(['show', jorb.id], undefined, { color: true })).out).toContain('\u001b[');
  });

  it('lets no escape sequence of a third party reach the terminal, in text or in JSON', async () => {
    const cli = openCli();
    await cli.run(['inject', '--from', 'stranger', '--text', 'a\u001b[2Jb\u009bc\u202ed']);
    await seedStranger(cli);
    for (const line of [['inbox'], ['inbox', '--json'], ['brief', '--peek', '--json']]) {
      const { out } = await cli.run(line);
      expect(hasInvisible(out)).toBe(false);
    }
    const { items } = JSON.parse((await cli.run(['inbox', '--json'])).out);
    expect(items.map((item: { event: { text: string } }) => item.event.text)).toContain(
      'a\u001b[2Jb\u009bc\u202ed',
    );
  });
});
