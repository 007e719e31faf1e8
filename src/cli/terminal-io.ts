import { createInterface } from 'node:readline/promises';
import type { CliIo } from './io.ts';

type Streams = {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream;
};

type TerminalParts = Streams &
  Pick<CliIo, 'signal' | 'openApp' | 'openFile' | 'tokens' | 'self'> & {
    /** `NO_COLOR` is set. */
    noColor: boolean;
  };

/** The io of a real process. A reader that closed our output early (`| head`) is no error. */
export function buildTerminalIo({ stdin, stdout, stderr, noColor, ...rest }: TerminalParts): CliIo {
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    ...rest,
    stdout,
    stderr,
    isTerminal,
    color: stdout.isTTY === true && !noColor,
    columns: stdout.isTTY === true ? stdout.columns || 80 : 100,
    ask: buildAsk({ stdin, stdout }),
  };
}

/**
 * One reader for each question, so that between questions Ctrl-C ends the process as usual. A paste of
 * several lines comes in one piece: what is left of it answers the next questions.
 */
function buildAsk({ stdin, stdout }: Pick<Streams, 'stdin' | 'stdout'>): CliIo['ask'] {
  const pasted: string[] = [];
  const unfinished = { line: '' };
  return async (question) => {
    const next = pasted.shift();
    if (next !== undefined) {
      stdout.write(`${question}${next}\n`);
      return next;
    }
    const reader = createInterface({ input: stdin, output: stdout, terminal: true, historySize: 0 });
    const closed = new AbortController();
    reader.on('SIGINT', () => reader.close());
    reader.on('close', () => closed.abort());
    reader.on('line', (line) => pasted.push(line));
    try {
      const answer = reader.question(question, { signal: closed.signal });
      if (unfinished.line) reader.write(unfinished.line);
      const typed = await answer;
      unfinished.line = reader.line;
      return typed;
    } catch (error) {
      if (!closed.signal.aborted) throw error;
      stdout.write('\n');
      return undefined;
    } finally {
      reader.close();
    }
  };
}
