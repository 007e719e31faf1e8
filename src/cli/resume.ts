import { resumeEverything } from '../runtime/owner/resume-everything.ts';
import { noPositionals, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printText } from './output.ts';
import { withFace } from './with-face.ts';

export const resumeCommand: Command = {
  name: 'resume',
  usage: '',
  summary: 'Go on after a stop',
  help: ['What waited goes on where it was. Harmless when nothing is stopped.'],
  async run(call) {
    readArguments('resume', call.args, { options: {}, positionals: noPositionals });
    return withFace(call, async ({ owner }) => {
      await resumeEverything(owner);
      printText(call.io, 'Resumed.');
      return exitCodes.done;
    });
  },
};
