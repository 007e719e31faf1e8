import { resolve } from 'node:path';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printText } from './output.ts';
import { withFace } from './with-face.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: 'FILE',
  summary: 'A consistent copy of the data into a new file, while it runs',
  help: ['FILE must not exist. The copy is a database that opens by itself.'],
  async run(call) {
    const { positionals } = readArguments('backup', call.args, {
      options: {},
      positionals: { least: 1, most: 1, names: 'the FILE to write' },
    });
    const file = resolve(positionals[0] ?? '');
    return withFace(call, async ({ owner }) => {
      await owner.store.backup(file);
      printText(call.io, `Saved to ${file}`);
      return exitCodes.done;
    });
  },
};
