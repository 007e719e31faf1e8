/** argv and environment → configuration → program. Signals and exit codes; everything heavy is loaded when needed. */
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Config, Environment } from './config.ts';
import { Refusal } from './domain/refusal.ts';

/** After a signal or the host's leaving: what has not ended by then is left to the next process. */
const exitWithinMs = 1900;

enableCompileCache();
process.on('uncaughtException', (error) => {
  process.stderr.write(`jorbs: a fault in jorbs itself: ${error?.stack ?? String(error)}\n`);
  process.exit(1);
});
process.exit(await main());

async function main(): Promise<number> {
  const { exitCodeOf } = await import('./cli/exit-codes.ts');
  try {
    const config = await readConfig();
    return await (config.command === '' ? serve(config) : runCommand(config));
  } catch (error) {
    const code = exitCodeOf(error);
    const isFault = code === 1 || !(error instanceof Error);
    process.stderr.write(`jorbs: ${isFault ? describeFault(error) : error.message}\n`);
    return code;
  }
}

async function readConfig(): Promise<Config> {
  const { checkDigestCron, listUnknownSettings, parseConfig } = await import('./config.ts');
  const packageRoot = join(import.meta.dirname, '..');
  const isCheckout = existsSync(join(packageRoot, 'src', 'main.ts'));
  const env = { ...(isCheckout ? readDotEnv(join(packageRoot, '.env')) : {}), ...process.env };
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const facts = { packageRoot, version, home: homedir(), platform: process.platform, isCheckout };
  const config = parseConfig(process.argv.slice(2), env, facts);
  if (!config.ok) throw config.error;
  const checked = await checkDigestCron(config.value);
  if (!checked.ok) throw checked.error;
  for (const warning of listUnknownSettings(env)) process.stderr.write(`jorbs: ${warning}\n`);
  return config.value;
}

function readDotEnv(file: string): Environment {
  if (!existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    throw new Refusal('invalid', `${file} cannot be read; it must be a file of lines such as NAME=value`);
  }
}

/** Serves one host until it goes, or until a signal. */
async function serve(config: Config): Promise<number> {
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // The host closed its end of the wire.
    process.stdout.on('error', () => resolve());
  });
  if (process.stdin.isTTY) {
    process.stderr.write('jorbs: serving MCP on stdin and stdout, for a chat assistant; see jorbs --help\n');
  }
  const [{ openApp }, { serveStdio }] = await Promise.all([import('./app.ts'), import('./mcp/stdio.ts')]);
  const face = await openApp(config);
  await Promise.race([serveStdio(face), signalled]);
  setTimeout(() => process.exit(0), exitWithinMs).unref();
  await face.close();
  return 0;
}

async function runCommand(config: Config): Promise<number> {
  const { runCli } = await import('./cli/run-cli.ts');
  const { buildOpenFile } = await import('./cli/open-file.ts');
  const { buildTerminalIo } = await import('./cli/terminal-io.ts');
  const { randomTokens } = await import('./lib/ids.ts');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupted.abort();
      setTimeout(() => process.exit(130), exitWithinMs).unref();
    });
  }
  const io = buildTerminalIo({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    noColor: Boolean(process.env.NO_COLOR),
    signal: interrupted.signal,
    openApp: async (chosen) => (await import('./app.ts')).openApp(chosen),
    openFile: buildOpenFile(process.platform),
    tokens: randomTokens,
    self: { command: process.execPath, args: [...process.execArgv, process.argv[1] ?? ''] },
  });
  const code = await runCli(config, io);
  // Output to a pipe may still be on its way.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  return code;
}

function describeFault(error: unknown): string {
  return `a fault in jorbs itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
