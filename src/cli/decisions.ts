import { actionStatuses } from '../domain/action.ts';
import { renderDecisions } from '../domain/render/decision.ts';
import { listDecisions } from '../runtime/owner/list-decisions.ts';
import { readArguments, readCount } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  status: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  offset: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const decisionsCommand: Command = {
  name: 'decisions',
  usage: '[JORB] [--status S] [--since T] [--limit N] [--offset N] [--json]',
  summary: 'What was decided and why, newest first',
  help: [
    `--status S  only those that led to an action which is now ${actionStatuses.slice(0, -1).join(', ')} or ${actionStatuses.at(-1)}`,
    '--since T   a date such as 2026-11-22, or a time with its offset such as 2026-11-22T18:00:00Z',
    'With --json: { "decisions": [...], "rest": "none" | "more" | "not_looked_at" }.',
  ],
  async run(call) {
    const { values, positionals } = readArguments('decisions', call.args, {
      options,
      positionals: { least: 0, most: 1, names: 'the ID of one jorb or nothing' },
    });
    const [jorbId = null] = positionals;
    const { status = null, since = null } = values;
    const limit = readCount('--limit', values.limit, { least: 1, most: 200, standard: 20 });
    const offset = readCount('--offset', values.offset, { least: 0, most: 999_999_999, standard: 0 });
    return withFace(call, async ({ owner }) => {
      const page = await listDecisions(owner, { jorbId, status, since, limit, offset });
      if (values.json) printJson(call.io, page);
      else printText(call.io, renderDecisions(page, owner.timeZone()));
      return exitCodes.done;
    });
  },
};
