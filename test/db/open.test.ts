import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase, openStore } from '../../src/db/open.ts';
import { jorbStatuses } from '../../src/domain/jorb.ts';
import { testEpoch } from '../support/clock.ts';
import { migrationsDir } from '../support/migrated.ts';
import { buildNewJorb } from '../support/store.ts';

const childFile = fileURLToPath(new URL('../support/open-child.ts', import.meta.url));
const run = promisify(execFile);

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jorbs-open-'));
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function open(dataDir: string) {
  const store = await openStore({ dataDir, migrationsDir });
  onTestFinished(() => store.close());
  return store;
}

async function openInChild(
  dataDir: string,
  ...flags: string[]
): Promise<{ jorb?: string; code?: string; message?: string }> {
  const { stdout } = await run(process.execPath, [childFile, dataDir, ...flags]);
  return JSON.parse(stdout);
}

/** Every file below a folder with its mode and bytes. No store is open there. */
function snapshot(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { path, mode: modeOf(path), bytes: entry.isFile() ? readFileSync(path, 'hex') : null };
  });
}

/** Other programs may want the machine as well. */
const slow = { timeout: 60_000 };

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('opening a data folder', () => {
  test('creates it for its owner alone', async () => {
    const dataDir = join(makeFolder(), 'some', 'where');
    const store = await open(dataDir);
    await store.createJorb(buildNewJorb(), testEpoch);
    expect(modeOf(dataDir)).toBe(0o700);
    for (const name of ['jorbs.db', 'jorbs.db-wal', 'jorbs.db-shm']) {
      expect({ name, mode: modeOf(join(dataDir, name)) }).toEqual({ name, mode: 0o600 });
    }
  });

  test('takes the rights of others from a database that had them', async () => {
    const dataDir = makeFolder();
    await (await openStore({ dataDir, migrationsDir })).close();
    chmodSync(join(dataDir, 'jorbs.db'), 0o644);
    await open(dataDir);
    expect(modeOf(join(dataDir, 'jorbs.db'))).toBe(0o600);
  });

  test('works from several processes that find it fresh at the same time', slow, async () => {
    const dataDir = join(makeFolder(), 'data');
    const children = await Promise.all(Array.from({ length: 4 }, () => openInChild(dataDir)));
    expect(children.map(({ jorb }) => jorb).sort()).toEqual([1, 2, 3, 4].map((row) => `jorb_${row}`));
  });

  test('waits while another program holds the file', async () => {
    const dataDir = makeFolder();
    const holder = new Database(join(dataDir, 'jorbs.db'));
    onTestFinished(() => {
      holder.close();
    });
    holder.exec('begin exclusive');
    const opening = open(dataDir);
    await new Promise(setImmediate);
    holder.exec('rollback');
    await expect(opening).resolves.toBeDefined();
  });

  test('works many times over in one process', async () => {
    const dataDir = makeFolder();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(dataDir)));
    await Promise.all(stores.map((store) => store.createJorb(buildNewJorb(), testEpoch)));
    const page = await stores[0]?.listJorbs({ statuses: jorbStatuses, limit: 1, offset: 0 });
    expect(page?.total).toBe(8);
  });

  test('leaves nothing to the defaults of the driver', async () => {
    const db = await openDatabase({ dataDir: makeFolder(), migrationsDir });
    onTestFinished(() => {
      db.$client.close();
    });
    // After a write: it is then that the driver would fall back to NORMAL.
    db.$client.exec("update owner set stop_reason = 'x'");
    const read = (pragma: string) => db.$client.pragma(pragma, { simple: true });
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema'].map(read)).toEqual([
      'wal',
      2,
      1,
      0,
    ]);
  });

  test('notices what another connection commits', async () => {
    const dataDir = makeFolder();
    const [one, other] = [await open(dataDir), await open(dataDir)];
    const before = one.readDataVersion();
    expect(one.readDataVersion()).toBe(before);
    await other.createJorb(buildNewJorb(), testEpoch);
    expect(one.readDataVersion()).not.toBe(before);
  });
});

describe('a data folder that cannot be used', () => {
  const unusable: [string, (folder: string) => string, RegExp][] = [
    [
      'a file',
      (folder) => {
        writeFileSync(join(folder, 'data'), '');
        return join(folder, 'data');
      },
      /data is not a folder; JORBS_DATA_DIR must name a folder/,
    ],
    [
      'below a file',
      (folder) => {
        writeFileSync(join(folder, 'data'), '');
        return join(folder, 'data', 'deep');
      },
      /deep is not a folder/,
    ],
    [
      'one with something else as its database',
      (folder) => {
        writeFileSync(join(folder, 'jorbs.db'), 'This is no database. '.repeat(100));
        return folder;
      },
      /jorbs\.db is damaged or not a Jorbs database/,
    ],
    [
      'one with a folder as its database',
      (folder) => {
        mkdirSync(join(folder, 'jorbs.db'));
        return folder;
      },
      /jorbs\.db cannot be opened/,
    ],
    [
      'one with the database of another program',
      (folder) => {
        const foreign = new Database(join(folder, 'jorbs.db'));
        foreign.exec('create table photo (id integer)');
        foreign.close();
        return folder;
      },
      /jorbs\.db is a database of another program/,
    ],
    [
      'one with a damaged database',
      (folder) => {
        const broken = new Database(join(folder, 'jorbs.db'));
        broken.exec('create table photo (id integer)');
        broken.close();
        const bytes = readFileSync(join(folder, 'jorbs.db'));
        writeFileSync(join(folder, 'jorbs.db'), bytes.fill(7, 100));
        return folder;
      },
      /jorbs\.db is damaged/,
    ],
  ];

  test.each(unusable)('is refused in one sentence and left as it is: %s', async (_, prepare, message) => {
    const folder = makeFolder();
    const dataDir = prepare(folder);
    const before = snapshot(folder);
    await expect(openStore({ dataDir, migrationsDir })).rejects.toMatchObject({
      name: 'Refusal',
      code: 'unavailable',
      message: expect.stringMatching(message),
    });
    expect(snapshot(folder)).toEqual(before);
  });

  test('is refused in one sentence: one that may not be written to', slow, async () => {
    const dataDir = makeFolder();
    chmodSync(dataDir, 0o555);
    expect(await openInChild(dataDir, '--as-nobody')).toEqual({
      code: 'unavailable',
      message: `${join(dataDir, 'jorbs.db')} cannot be written; JORBS_DATA_DIR must be a folder that this user may write to`,
    });
  });

  test('is refused in one sentence: a read-only database', slow, async () => {
    const dataDir = makeFolder();
    await (await openStore({ dataDir, migrationsDir })).close();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'jorbs.db'), 0o444);
    if (process.getuid?.() !== 0) chmodSync(dataDir, 0o555);
    const refused = await openInChild(dataDir, '--as-nobody');
    expect(refused).toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be') });
  });

  test('is refused in one sentence: one on a full disk', slow, async () => {
    const dataDir = makeFolder();
    // A limit on the size of a file stands for the end of the disk: both come as a failed write.
    const script = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`;
    const { stdout } = await run('sh', ['-c', script, process.execPath, childFile, dataDir]);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`the data folder ${dataDir}`),
    });
    expect(await openInChild(dataDir)).toEqual({ jorb: 'jorb_1' });
  });
});
