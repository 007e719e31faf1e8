import type { Config } from '../config.ts';
import type { Tokens } from '../lib/ids.ts';
import type { Face } from '../runtime/face.ts';

/** Everything a subcommand touches besides the data folder. Tests pass a fake. */
export type CliIo = {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  /** Whether a person sits at both ends: input and output are a terminal. Only then can anything be approved. */
  isTerminal: boolean;
  color: boolean;
  /** Width of the output in characters; what is not a terminal has 100. */
  columns: number;
  /** One line a person types, without its line end. Undefined once input ended or Ctrl-C was pressed. */
  ask(question: string): Promise<string | undefined>;
  /** Aborted by Ctrl-C and by SIGTERM outside a question. */
  signal: AbortSignal;
  /** A face that does not stand for election. */
  openApp(config: Config): Promise<Face>;
  tokens: Tokens;
  /** Opens a file in the program the person has for it; resolves once that was started. */
  openFile(path: string): Promise<void>;
  /** How this very program is started again, with a subcommand to follow: for the demo's server. */
  self: { command: string; args: string[] };
};

/** One subcommand. */
export type Command = {
  name: string;
  /** What follows the name: `ID [--messages N]`. */
  usage: string;
  /** One line for the overview. */
  summary: string;
  /** The lines of its own help page, below the usage. */
  help: string[];
  /** The exit code. Throws `Refusal` for what the caller can mend. */
  run(call: CommandCall): Promise<number>;
};

export type CommandCall = { config: Config; io: CliIo; args: string[] };
