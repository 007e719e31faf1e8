import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildFolderMailer } from '../../../src/channels/mail/folder-mailer.ts';
import type { Mail } from '../../../src/domain/mail.ts';
import { makeTestFolder } from '../../support/folder.ts';
import { buildMail } from '../../support/smtp.ts';

function open() {
  const dataDir = makeTestFolder();
  const mailer = buildFolderMailer({ dataDir });
  const folder = join(dataDir, 'digests');
  const send = (mail: Partial<Mail> = {}) => mailer.send(buildMail(mail), new AbortController().signal);
  return { dataDir, folder, mailer, send };
}

test('a digest is two private files under its date, and nothing else', async () => {
  const { folder, send, mailer } = open();
  expect(mailer).toMatchObject({ kind: 'folder', target: folder });
  const receipt = join(folder, 'digest-2026-11-20.html');
  expect(await send()).toEqual({ kind: 'sent', receipt });
  expect(readdirSync(folder).sort()).toEqual(['digest-2026-11-20.html', 'digest-2026-11-20.txt']);
  expect(readFileSync(receipt, 'utf8')).toBe('<p>Nothing needs you.</p>');
  expect(readFileSync(join(folder, 'digest-2026-11-20.txt'), 'utf8')).toBe('Nothing needs you.\n');
  if (process.platform !== 'win32') expect(statSync(receipt).mode & 0o777).toBe(0o600);
});

test('one that was left half written is written again, whole', async () => {
  const { folder, mailer, send } = open();
  mkdirSync(folder);
  writeFileSync(join(folder, 'digest-2026-11-20.html.part'), '<p>Noth');
  writeFileSync(join(folder, 'digest-2026-11-20.txt'), 'of an earlier try, and longer than what comes now');
  expect(await mailer.lookup(buildMail())).toEqual({ kind: 'not_sent' });
  await send();
  expect(readdirSync(folder).sort()).toEqual(['digest-2026-11-20.html', 'digest-2026-11-20.txt']);
  expect(readFileSync(join(folder, 'digest-2026-11-20.txt'), 'utf8')).toBe('Nothing needs you.\n');
});

test('a notice that was queued while there was SMTP is not kept for ever', async () => {
  const { dataDir, send } = open();
  expect(await send({ kind: 'notice', key: 'notice-7.00' })).toEqual({
    kind: 'failed',
    error: 'SMTP_HOST is not set, so notices are not mailed',
  });
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a process that is to end begins nothing', async () => {
  const { dataDir, mailer } = open();
  expect(await mailer.send(buildMail(), AbortSignal.abort())).toMatchObject({ kind: 'retry' });
  expect(readdirSync(dataDir)).toEqual([]);
});

describe('the folder of the digests', () => {
  test.skipIf(process.platform === 'win32')('may be a link to another one', async () => {
    const { folder, send } = open();
    const elsewhere = makeTestFolder();
    symlinkSync(elsewhere, folder);
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(readdirSync(elsewhere)).toHaveLength(2);
  });

  test.skipIf(process.platform === 'win32')(
    'that is a link to nowhere is said, and tried again',
    async () => {
      const { dataDir, folder, send } = open();
      symlinkSync(join(dataDir, 'gone'), folder);
      expect(await send()).toEqual({
        kind: 'retry',
        error: `digests cannot be written to ${folder}, which is not a folder; move what is there away`,
      });
    },
  );

  test('that is a file is said, and tried again', async () => {
    const { folder, send } = open();
    writeFileSync(folder, '');
    expect(await send()).toEqual({
      kind: 'retry',
      error: `digests cannot be written to ${folder}, which is not a folder; move what is there away`,
    });
  });

  test('in which a folder has the place of a digest is said, and tried again', async () => {
    const { folder, send } = open();
    mkdirSync(join(folder, 'digest-2026-11-20.txt'), { recursive: true });
    expect(await send()).toMatchObject({
      kind: 'retry',
      error: expect.stringContaining(`digests cannot be written to ${folder}`),
    });
  });

  const mayWriteAnywhere = process.getuid?.() === 0;
  test.skipIf(process.platform === 'win32' || mayWriteAnywhere)('that is not ours is said', async () => {
    const { folder, send } = open();
    mkdirSync(folder, { mode: 0o500 });
    expect(await send()).toEqual({
      kind: 'retry',
      error: `digests cannot be written to ${folder}; it must be a folder that this user may write to`,
    });
  });
});
