import type { Command } from './io.ts';

/** What `jorbs --help` says. */
export function renderOverview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const row = (name: string, summary: string) => `  ${name.padEnd(width)}  ${summary}`;
  return [
    'jorbs carries out errands in the background and asks you before it commits you.',
    '',
    'Usage: jorbs [COMMAND] [OPTIONS]',
    '',
    'Without a command it serves MCP on stdin and stdout: that is how a chat assistant starts it.',
    '',
    ...commands.map((command) => row(command.name, command.summary)),
    row('help', 'What a command takes: jorbs help COMMAND'),
    '',
    'Reading commands take --json. Configuration comes from the environment (JORBS_DATA_DIR, ...), see the README.',
    'Exit codes: 0 done, 1 failure, 2 bad input, 3 not found, 4 conflict or stopped, 5 needs you, 6 unavailable.',
    '',
  ].join('\n');
}

/** What `jorbs COMMAND --help` says. */
export function renderHelp(command: Command): string {
  const usage = `Usage: jorbs ${command.name} ${command.usage}`.trimEnd();
  return `${[usage, '', command.summary, ...(command.help.length > 0 ? ['', ...command.help] : [])].join('\n')}\n`;
}
