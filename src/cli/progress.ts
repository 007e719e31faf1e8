import { renderProgressLog } from '../domain/render/progress-log.ts';
import { readProgressLog } from '../runtime/owner/read-progress-log.ts';
import { noPositionals, readArguments, readCount } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = { lines: { type: 'string' }, json: { type: 'boolean' } } as const;

export const progressCommand: Command = {
  name: 'progress',
  usage: '[--lines N] [--json]',
  summary: 'The end of the progress log: what each context reset handed over',
  help: [
    '--lines N  at most so many lines (default 100); the file is named in the first',
    'With --json: { "file": "...", "lines": [...] or null, "hasMore": true or false }.',
  ],
  async run(call) {
    const { values } = readArguments('progress', call.args, {
      options,
      positionals: noPositionals,
    });
    const most = readCount('--lines', values.lines, { least: 1, most: 10_000, standard: 100 });
    return withFace(call, async (face) => {
      const end = await readProgressLog(face, most);
      if (values.json) printJson(call.io, end);
      else printText(call.io, renderProgressLog(end));
      return exitCodes.done;
    });
  },
};
