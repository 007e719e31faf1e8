import { renderInbox } from '../domain/render/inbox.ts';
import { listInbox } from '../runtime/owner/list-inbox.ts';
import { noPositionals, readArguments, readCount } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  limit: { type: 'string' },
  offset: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const inboxCommand: Command = {
  name: 'inbox',
  usage: '[--limit N] [--offset N] [--json]',
  summary: 'Messages that fit no jorb, newest first',
  help: [
    'Give one to a jorb with "jorbs assign EVENT JORB".',
    'With --json: { "items": [...], "total": N }.',
  ],
  async run(call) {
    const { values } = readArguments('inbox', call.args, {
      options,
      positionals: noPositionals,
    });
    const limit = readCount('--limit', values.limit, { least: 1, most: 200, standard: 20 });
    const offset = readCount('--offset', values.offset, { least: 0, most: 999_999_999, standard: 0 });
    return withFace(call, async ({ owner }) => {
      const page = await listInbox(owner, { limit, offset });
      if (values.json) printJson(call.io, page);
      else printText(call.io, renderInbox(page, owner.timeZone()));
      return exitCodes.done;
    });
  },
};
