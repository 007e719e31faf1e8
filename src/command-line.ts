import { Refusal } from './domain/refusal.ts';
import { err, ok, type Result } from './lib/result.ts';

export type CommandLine = { command: string; args: string[]; dataDir: string | undefined };

/** `--data-dir` may stand before or after the command; everything else after it belongs to it. */
export function parseCommandLine(argv: string[]): Result<CommandLine, Refusal> {
  const rest = [...argv];
  let dataDir: string | undefined;
  let command = '';
  const args: string[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (command && word === '--') {
      args.push(word, ...rest.splice(0));
    } else if (word === '--data-dir' || word.startsWith('--data-dir=')) {
      dataDir = word === '--data-dir' ? rest.shift() : word.slice('--data-dir='.length);
      if (!dataDir || dataDir.includes('\0')) {
        return err(new Refusal('invalid', '--data-dir needs the path of a folder', '--data-dir'));
      }
    } else if (command) {
      args.push(word);
    } else if (['--help', '-h', '--version', '-v'].includes(word) || !word.startsWith('-')) {
      command = word;
    } else {
      const sentence = `there is no option ${JSON.stringify(word)}; "jorbs --help" lists what there is`;
      return err(new Refusal('invalid', sentence));
    }
  }
  return ok({ command, args, dataDir });
}
