import { stopEverything } from '../runtime/owner/stop-everything.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printText } from './output.ts';
import { withFace } from './with-face.ts';

export const stopCommand: Command = {
  name: 'stop',
  usage: '[REASON]',
  summary: 'Stop everything: nothing is sent until you resume',
  help: ['Messages still come in and are kept. Saying it twice keeps the first reason.'],
  async run(call) {
    const { positionals } = readArguments('stop', call.args, {
      options: {},
      positionals: { least: 0, most: 50, names: 'a reason' },
    });
    return withFace(call, async ({ owner }) => {
      await stopEverything(owner, { reason: positionals.join(' ').trim() || null });
      printText(call.io, 'Stopped. Nothing is sent until "jorbs resume".');
      return exitCodes.done;
    });
  },
};
