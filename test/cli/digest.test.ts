import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildOpenFile } from '../../src/cli/open-file.ts';
import type { SendOutcome } from '../../src/domain/channel.ts';
import type { Digest } from '../../src/domain/digest.ts';
import { renderDigest } from '../../src/domain/render/digest/digest.ts';
import { type Cli, openCli, seedBooking } from './harness.ts';

async function compose(cli: Cli, date: string): Promise<void> {
  await cli.withFace(async ({ owner: { store, clock } }) => {
    const fence = await store.raiseEpoch('test', clock.now());
    const render = (digest: Digest) => renderDigest(digest, 'UTC');
    await store.composeDigest(fence, { date, render, sendsEmpty: true }, clock.now());
  });
}

/** What becomes of the mail that waits. */
async function settleMail(cli: Cli, outcome: SendOutcome): Promise<void> {
  await cli.withFace(async ({ owner: { store, clock } }) => {
    const now = clock.now();
    const fence = await store.raiseEpoch('test', now);
    const mail = await store.claimMail(fence, now);
    if (!mail) throw new Error('no mail waits');
    await store.settleMail(fence, mail.id, outcome, now + 60_000, now);
  });
}

describe('digest', () => {
  it('shows the newest as it was mailed', async () => {
    const cli = openCli();
    await seedBooking(cli);
    await compose(cli, '2026-11-19');
    await compose(cli, '2026-11-20');
    const { code, out } = await cli.run(['digest']);
    expect(code).toBe(0);
    expect(out).toContain('Friday, November 20, 2026');
    expect(out).toContain('`jorbs approve approval_1`');
    expect(out).toMatch(/^Not sent yet, queued 2026-11-20 09:00Z\.\n\n/);
    expect((await cli.run(['digest', '--date', '2026-11-19'])).out).toContain('Thursday, November 19, 2026');
  });

  it.each<[SendOutcome, string]>([
    [
      { kind: 'sent', receipt: '/data/digests/digest-2026-11-20.html' },
      'Written 2026-11-20 09:00Z to /data/digests/',
    ],
    [{ kind: 'unknown', error: 'the line broke' }, 'It may or may not have been sent to '],
    [{ kind: 'failed', error: 'the mailbox does not exist' }, ': the mailbox does not exist.'],
    [
      { kind: 'retry', error: 'greylisted' },
      'Not sent yet, queued 2026-11-20 09:00Z, tried 1 times: greylisted.',
    ],
  ])('says what became of the mail: %j', async (outcome, words) => {
    const cli = openCli();
    await compose(cli, '2026-11-20');
    await settleMail(cli, outcome);
    const [first] = (await cli.run(['digest'])).out.split('\n');
    expect(first).toContain(words);
  });

  it('gives it as JSON', async () => {
    const cli = openCli();
    await seedBooking(cli);
    await compose(cli, '2026-11-20');
    expect(JSON.parse((await cli.run(['digest', '--json'])).out)).toMatchObject({
      date: '2026-11-20',
      needs: 1,
      subject: 'Jorbs daily summary – 2026-11-20 · 1 needs you',
      mail: { id: 'mail_1', status: 'queued' },
    });
  });

  it.each(['2026-13-01', '2026-02-30', 'yesterday', '../../etc/passwd', ''])(
    'refuses “%s” as a date',
    async (date) => {
      const cli = openCli();
      await compose(cli, '2026-11-20');
      const { code, err } = await cli.run(['digest', '--date', date]);
      expect(code).toBe(2);
      expect(err).toBe(`jorbs: ${JSON.stringify(date)} is not a date such as 2026-11-20, or latest\n`);
    },
  );

  it('names the newest where a date has none', async () => {
    const cli = openCli();
    await compose(cli, '2026-11-20');
    const { code, err } = await cli.run(['digest', '--date', '2026-11-18']);
    expect([code, err]).toEqual([
      3,
      'jorbs: there is no digest of 2026-11-18; the newest is of 2026-11-20\n',
    ]);
  });

  it('says when the first is due', async () => {
    const cli = openCli();
    const first = await cli.run(['digest']);
    expect([first.code, first.err]).toEqual([
      3,
      'jorbs: there is no digest yet; the first one is due once jorbs runs\n',
    ]);
    const nextAt = cli.clock.now() + 3_600_000;
    const keep = (cron: string | null) =>
      cli.withFace(async ({ owner: { store, clock } }) => {
        const calendar = {
          findNext: () => nextAt,
          findLast: () => null,
          formatSlot: () => '2026-11-20T10:00',
        };
        const fence = await store.raiseEpoch('test', clock.now());
        await store.keepSchedules(fence, [{ name: 'digest', cron, timeZone: 'UTC' }], calendar, clock.now());
      });
    await keep('0 10 * * *');
    expect((await cli.run(['digest'])).err).toContain('the next one is due 2026-11-20 10:00Z');
    await keep(null);
    expect((await cli.run(['digest'])).err).toContain('they are switched off (DIGEST_CRON)');
  });
});

describe('digest --open', () => {
  it('opens the page from a file that only the owner reads', async () => {
    const cli = openCli();
    await compose(cli, '2026-11-20');
    const opened: string[] = [];
    const { code, out } = await cli.run(['digest', '--open'], undefined, {
      openFile: async (path) => void opened.push(path),
    });
    expect([code, out]).toEqual([0, '']);
    const file = join(cli.dataDir, 'digests', 'digest-2026-11-20.html');
    expect(opened).toEqual([file]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says where the page is where nothing opens it, and why it could not be written', async () => {
    const cli = openCli();
    await compose(cli, '2026-11-20');
    const file = join(cli.dataDir, 'digests', 'digest-2026-11-20.html');
    const { code, err } = await cli.run(['digest', '--open']);
    expect([code, err]).toEqual([
      6,
      `jorbs: nothing here opens HTML files by itself; the digest is in ${file}\n`,
    ]);
    mkdirSync(`${file}.part`);
    expect((await cli.run(['digest', '--open'])).err).toBe(
      `jorbs: ${file} cannot be written: it is a folder\n`,
    );
  });

  it('needs a program that is there', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      await expect(buildOpenFile('linux')('a; touch b')).rejects.toThrow('xdg-open');
    } finally {
      process.env.PATH = path;
    }
  });
});
