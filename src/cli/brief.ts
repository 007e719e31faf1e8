import { renderBrief } from '../domain/render/brief.ts';
import { takeBrief } from '../runtime/owner/take-brief.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = { peek: { type: 'boolean' }, json: { type: 'boolean' } } as const;

export const briefCommand: Command = {
  name: 'brief',
  usage: '[--peek] [--json]',
  summary: 'What happened since the last brief; what needs you first',
  help: ['--peek  look without moving the mark: the next brief tells the same again'],
  async run(call) {
    const { values } = readArguments('brief', call.args, {
      options,
      positionals: { least: 0, most: 0, names: '' },
    });
    return withFace(call, async ({ owner }) => {
      const brief = await takeBrief(owner, { peek: values.peek ?? false });
      if (values.json) printJson(call.io, brief);
      else printText(call.io, renderBrief(brief, owner.timeZone()));
      return exitCodes.done;
    });
  },
};
