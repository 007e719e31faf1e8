import { renderStatus } from '../domain/render/status.ts';
import { noPositionals, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = { json: { type: 'boolean' } } as const;

export const statusCommand: Command = {
  name: 'status',
  usage: '[--json]',
  summary: 'Who runs, what waits, what is wrong',
  help: [],
  async run(call) {
    const { values } = readArguments('status', call.args, {
      options,
      positionals: noPositionals,
    });
    return withFace(call, async (face) => {
      const status = await face.readStatus();
      if (values.json) printJson(call.io, status);
      else printText(call.io, renderStatus(status, face.owner.timeZone()));
      return exitCodes.done;
    });
  },
};
