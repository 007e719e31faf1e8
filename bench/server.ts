import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { build } from 'esbuild';
import { packageRoot, withFolder } from './folder.ts';
import { median, milliseconds, type Row, time } from './measure.ts';

const starts = 15;
const calls = 300;

type Program = { script: string; dataDir: string };

/** Start-up, memory and round trips of the built server, against the smallest server on the same SDK. */
export function measureServer(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const bareScript = join(folder, 'bare-server.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'bare-server.ts')],
      outfile: bareScript,
      bundle: true,
      format: 'esm',
      platform: 'node',
      minify: true,
      logLevel: 'warning',
    });
    const ours = { script: join(packageRoot, 'dist', 'main.js'), dataDir: join(folder, 'data') };
    const bare = { script: bareScript, dataDir: join(folder, 'unused') };
    return [...(await measureStart(ours, bare)), ...(await measureCalls(ours, bare))];
  });
}

async function measureStart(ours: Program, bare: Program): Promise<Row[]> {
  const samples = { ours: [] as number[], bare: [] as number[], memory: [] as number[] };
  for (let n = 0; n < starts; n += 1) {
    samples.bare.push((await startOnce(bare)).ms);
    const started = await startOnce(ours);
    samples.ours.push(started.ms);
    samples.memory.push(started.megabytes);
  }
  // The first start of each writes the compile cache and, of ours, the database.
  const [oursMs, bareMs] = [median(samples.ours.slice(1)), median(samples.bare.slice(1))];
  const megabytes = median(samples.memory);
  const ratio = oursMs / bareMs;
  return [
    {
      what: 'spawn → `initialize` answered',
      ours: milliseconds(oursMs),
      floor: `${milliseconds(bareMs)}, bare SDK server`,
      ratio,
      target: '≤ 1.5×',
      met: ratio <= 1.5,
    },
    {
      what: 'memory once initialized',
      ours: `${megabytes.toFixed(0)} MB`,
      floor: '—',
      ratio: null,
      target: '≤ 75 MB',
      met: megabytes <= 75,
    },
  ];
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};

async function startOnce(program: Program): Promise<{ ms: number; megabytes: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [program.script], {
    env: { ...process.env, JORBS_DATA_DIR: program.dataDir },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ms = performance.now() - start;
  const megabytes = residentMegabytes(child);
  child.stdin.end();
  await new Promise((resolve) => child.once('exit', resolve));
  return { ms, megabytes };
}

function residentMegabytes(child: ChildProcess): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function measureCalls(ours: Program, bare: Program): Promise<Row[]> {
  const [ourClient, bareClient] = [await connect(ours), await connect(bare)];
  const created = await ourClient.callTool({
    name: 'create_jorb',
    arguments: {
      name: 'Bench',
      plan: 'Ask the front desk whether late arrival is fine.',
      contacts: [{ name: 'Desk', address: 'desk' }],
      start: false,
    },
  });
  const id = (created.structuredContent as { jorb: { id: string } }).jorb.id;
  const samples = { echo: [] as number[], read: [] as number[], write: [] as number[] };
  for (let n = 0; n < calls; n += 1) {
    const echo = () => bareClient.callTool({ name: 'echo', arguments: { text: 'hello' } });
    const read = () => ourClient.callTool({ name: 'get_jorb', arguments: { id } });
    const write = () =>
      ourClient.callTool({ name: 'steer_jorb', arguments: { id, guidance: `Be kind, ${n}.` } });
    samples.echo.push(await time(echo));
    samples.read.push(await time(read));
    samples.write.push(await time(write));
  }
  await Promise.all([ourClient.close(), bareClient.close()]);

  const floor = median(samples.echo);
  const row = (what: string, seconds: number, most: number): Row => ({
    what,
    ours: milliseconds(seconds * 1000),
    floor: `${milliseconds(floor * 1000)}, echo tool`,
    ratio: seconds / floor,
    target: `≤ ${most}×`,
    met: seconds / floor <= most,
  });
  return [
    row('tool call, read (`get_jorb`)', median(samples.read), 1.6),
    row('tool call, durable write (`steer_jorb`)', median(samples.write), 4),
  ];
}

async function connect(program: Program): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' });
  const env = { ...process.env, JORBS_DATA_DIR: program.dataDir } as Record<string, string>;
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [program.script], env }));
  return client;
}
