import type { Config } from '../config.ts';
import { Refusal } from '../domain/refusal.ts';
import { approveCommand } from './approve.ts';
import { assignCommand } from './assign.ts';
import { backupCommand } from './backup.ts';
import { briefCommand } from './brief.ts';
import { decisionsCommand } from './decisions.ts';
import { demoCommand } from './demo/demo.ts';
import { digestCommand } from './digest.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { renderHelp, renderOverview } from './help.ts';
import { inboxCommand } from './inbox.ts';
import { injectCommand } from './inject.ts';
import type { CliIo, Command } from './io.ts';
import { listCommand } from './list.ts';
import { profileCommand } from './profile.ts';
import { progressCommand } from './progress.ts';
import { resumeCommand } from './resume.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';

const commands: readonly Command[] = [
  demoCommand,
  listCommand,
  showCommand,
  briefCommand,
  digestCommand,
  decisionsCommand,
  approveCommand,
  progressCommand,
  inboxCommand,
  assignCommand,
  stopCommand,
  resumeCommand,
  statusCommand,
  profileCommand,
  injectCommand,
  backupCommand,
];

/** Carries out one subcommand and returns its exit code. What went wrong is one line on stderr. */
export async function runCli(config: Config, io: CliIo): Promise<number> {
  try {
    return await dispatch(config, io);
  } catch (error) {
    io.stderr.write(`jorbs: ${describe(error)}\n`);
    return exitCodeOf(error);
  }
}

async function dispatch(config: Config, io: CliIo): Promise<number> {
  const { command: name, args } = config;
  if (name === '--version' || name === '-v' || name === 'version') {
    io.stdout.write(`jorbs ${config.version}\n`);
    return exitCodes.done;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [topic] = args;
    io.stdout.write(topic === undefined ? renderOverview(commands) : renderHelp(find(topic)));
    return exitCodes.done;
  }
  const command = find(name);
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (ownArgs.includes('--help') || ownArgs.includes('-h')) {
    io.stdout.write(renderHelp(command));
    return exitCodes.done;
  }
  return command.run({ config, io, args });
}

function find(name: string): Command {
  const command = commands.find((known) => known.name === name);
  if (command) return command;
  throw new Refusal('invalid', `there is no command ${JSON.stringify(name)}; "jorbs --help" lists them`);
}

function describe(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return `a fault in jorbs itself: ${error instanceof Error ? error.message : String(error)}`;
}
