import { assignMessage } from '../runtime/owner/assign-message.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printText } from './output.ts';
import { withFace } from './with-face.ts';

export const assignCommand: Command = {
  name: 'assign',
  usage: 'EVENT JORB',
  summary: 'Give an unmatched message, and its conversation from now on, to a jorb',
  help: ['Example: jorbs assign event_12 jorb_3'],
  async run(call) {
    const { positionals } = readArguments('assign', call.args, {
      options: {},
      positionals: { least: 2, most: 2, names: 'an event and a jorb' },
    });
    const [eventId = '', jorbId = ''] = positionals;
    return withFace(call, async ({ owner }) => {
      const event = await assignMessage(owner, { eventId, jorbId });
      printText(call.io, `${event.id} and what else this sender writes belong to ${jorbId} now.`);
      return exitCodes.done;
    });
  },
};
