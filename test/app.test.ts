import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { openLog } from '../src/lib/log.ts';
import { buildTestConfig } from './support/config.ts';
import { makeTestFolder } from './support/folder.ts';
import { buildSettings } from './support/smtp.ts';

async function readMail(given: Partial<Config>) {
  const dataDir = makeTestFolder();
  const face = await openApp({ ...buildTestConfig(dataDir), ...given }, { log: openLog('silent') });
  onTestFinished(() => face.close());
  return { dataDir, mail: (await face.readStatus()).mail };
}

const nothing = { queued: 0, unknown: 0, failed: 0, lastSentAt: null, error: null };

test('with a server for it, mail goes to the owner', async () => {
  const smtp = buildSettings({ port: 587 }, { host: 'smtp.example.com' });
  const { mail } = await readMail({ smtp });
  const target = 'owner@example.com by smtp.example.com:587';
  expect(mail).toEqual({ kind: 'smtp', target, ...nothing });
});

test('without one, mail goes to a folder', async () => {
  const { mail, dataDir } = await readMail({ smtp: null });
  expect(mail).toEqual({ kind: 'folder', target: join(dataDir, 'digests'), ...nothing });
});
