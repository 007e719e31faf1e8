import { type JorbStatus, jorbStatuses } from '../domain/jorb.ts';
import { Refusal } from '../domain/refusal.ts';
import { renderJorbList } from '../domain/render/jorb.ts';
import { type JorbFilter, listJorbs } from '../runtime/owner/list-jorbs.ts';
import { noPositionals, readArguments, readCount } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  filter: { type: 'string' },
  limit: { type: 'string' },
  offset: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const listCommand: Command = {
  name: 'list',
  usage: '[--filter open|closed|all|STATUS] [--limit N] [--offset N] [--json]',
  summary: 'Your jorbs, latest activity first',
  help: [
    `STATUS is one of ${jorbStatuses.join(', ')}. Open ones are listed unless you say otherwise.`,
    'With --json: { "jorbs": [...], "total": N }.',
  ],
  async run(call) {
    const { values } = readArguments('list', call.args, {
      options,
      positionals: noPositionals,
    });
    const filter = readFilter(values.filter ?? 'open');
    const limit = readCount('--limit', values.limit, { least: 1, most: 200, standard: 50 });
    const offset = readCount('--offset', values.offset, { least: 0, most: 999_999_999, standard: 0 });
    return withFace(call, async ({ owner }) => {
      const page = await listJorbs(owner, { filter, limit, offset });
      if (values.json) printJson(call.io, page);
      else printText(call.io, renderJorbList(page, owner.clock.now()));
      return exitCodes.done;
    });
  },
};

function readFilter(text: string): JorbFilter {
  const filters: readonly string[] = ['open', 'closed', 'all', ...jorbStatuses];
  if (filters.includes(text)) return text as 'open' | 'closed' | 'all' | JorbStatus;
  throw new Refusal('invalid', `--filter must be one of ${filters.join(', ')}`, '--filter');
}
