import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isLocked } from '../../src/db/lock.ts';
import { packageRoot } from '../support/config.ts';
import { until } from '../support/event-loop.ts';
import { makeTestFolder } from '../support/folder.ts';

/** What is promised, and something for a machine that runs other tests as well. */
const promisedMs = 2000;
const toleranceMs = 1000;

vi.setConfig({ testTimeout: 60_000 });

type Program = {
  child: ChildProcessWithoutNullStreams;
  stdout: () => string;
  stderr: () => string;
  end: Promise<number | NodeJS.Signals>;
};

/** The real program, with nothing of this machine's environment but where programs are. */
function run(args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [join(packageRoot, 'src/main.ts'), ...args], {
    cwd: makeTestFolder(),
    env: { PATH: process.env.PATH ?? '', HOME: makeTestFolder(), ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  child.stdin.on('error', () => {});
  const end = once(child, 'exit').then(([code, signal]) => code ?? signal);
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, end };
}

async function serve(dataDir: string): Promise<Program> {
  const program = run(['--data-dir', dataDir]);
  request(program, 1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  await until(() => program.stdout().includes('"id":1'));
  program.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return program;
}

function request({ child }: Program, id: number, method: string, params: unknown): void {
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
}

async function measureEnd({ end }: Program, cause: () => void): Promise<{ code: unknown; ms: number }> {
  const begun = performance.now();
  cause();
  const code = await end;
  return { code, ms: performance.now() - begun };
}

test.each<[string, (program: Program) => void]>([
  ['its host closes stdin', ({ child }) => child.stdin.end()],
  ['it gets SIGTERM', ({ child }) => void child.kill('SIGTERM')],
  ['it gets SIGINT', ({ child }) => void child.kill('SIGINT')],
])('ends within 2 s, with nothing left locked, when %s', async (_, cause) => {
  const dataDir = makeTestFolder();
  const program = await serve(dataDir);
  request(program, 2, 'tools/call', { name: 'create_jorb', arguments: jorb });
  await until(() => isLocked(join(dataDir, 'runtime.lock')));
  const { code, ms } = await measureEnd(program, () => cause(program));
  expect(code).toBe(0);
  expect(ms).toBeLessThan(promisedMs + toleranceMs);
  expect(isLocked(join(dataDir, 'runtime.lock'))).toBe(false);
});

const jorb = {
  name: 'Find a hotel',
  plan: 'Ask whether a room is free.',
  contacts: [{ name: 'Hotel', address: 'hotel' }],
};

test('writes nothing but messages of the protocol to stdout', async () => {
  const program = await serve(makeTestFolder());
  request(program, 2, 'tools/list', {});
  request(program, 3, 'tools/call', { name: 'create_jorb', arguments: jorb });
  await until(() => program.stdout().includes('"id":3') && program.stdout().includes('"id":2'));
  program.child.stdin.end();
  await program.end;
  const lines = program
    .stdout()
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  expect(program.stderr()).toBe('');
});

test('never runs for a host that only looks', async () => {
  const dataDir = makeTestFolder();
  const program = await serve(dataDir);
  request(program, 2, 'tools/list', {});
  await until(() => program.stdout().includes('"id":2'));
  program.child.stdin.end();
  await program.end;
  const client = new Database(join(dataDir, 'jorbs.db'), { readonly: true });
  onTestFinished(() => void client.close());
  expect(client.prepare('select count(*) from runtime').pluck().get()).toBe(0);
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  [
    'a wrong setting',
    [],
    { JORBS_CONFIRM: 'yes' },
    2,
    /^jorbs: JORBS_CONFIRM is "yes"; it must be one of [^\n]+\n$/,
  ],
  ['an unknown option', ['--frob'], {}, 2, /^jorbs: there is no option "--frob"; [^\n]+\n$/],
  ['an unknown command', ['frob'], {}, 2, /^jorbs: there is no command "frob"; [^\n]+\n$/],
  [
    'an unknown setting',
    ['--version'],
    { JORBS_DATADIR: '/x' },
    0,
    /^jorbs: JORBS_DATADIR is not a setting [^\n]+\n$/,
  ],
])('says in one sentence what is wrong with %s', async (_, args, env, code, sentence) => {
  const program = run(args, env);
  program.child.stdin.end();
  expect(await program.end).toBe(code);
  expect(program.stderr()).toMatch(sentence);
});

test('says in one sentence that the data folder is none', async () => {
  const file = join(makeTestFolder(), 'file');
  writeFileSync(file, '');
  const program = run(['--data-dir', file]);
  program.child.stdin.end();
  expect(await program.end).toBe(6);
  expect(program.stderr()).toMatch(/^jorbs: [^\n]+ is not a folder; [^\n]+\n$/);
});

test('serves on where the runtime lock is damaged, and says so', async () => {
  const dataDir = makeTestFolder();
  mkdirSync(join(dataDir, 'runtime.lock'));
  const program = await serve(dataDir);
  request(program, 2, 'tools/call', { name: 'create_jorb', arguments: jorb });
  await until(() => program.stdout().includes('"id":2'));
  await until(() => program.stderr().includes('runtime.lock cannot be locked'));
  const { code, ms } = await measureEnd(program, () => program.child.stdin.end());
  expect(code).toBe(0);
  expect(ms).toBeLessThan(promisedMs + toleranceMs);
});

test('prints its version', async () => {
  const program = run(['--version']);
  expect(await program.end).toBe(0);
  expect(program.stdout()).toMatch(/^jorbs \d+\.\d+\.\d+\n$/);
});
