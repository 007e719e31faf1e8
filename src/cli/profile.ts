import { Refusal } from '../domain/refusal.ts';
import { renderLine } from '../domain/render/quote.ts';
import type { OwnerContext } from '../runtime/owner/context.ts';
import { setProfileField } from '../runtime/owner/set-profile-field.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo, Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = { reveal: { type: 'boolean' }, json: { type: 'boolean' } } as const;

export const profileCommand: Command = {
  name: 'profile',
  usage: '[set FIELD VALUE | remove FIELD] [--reveal] [--json]',
  summary: 'Your private fields, which the gate guards in every text',
  help: [
    'FIELD is a name such as name, home_address, phone, email, birth_date. No jorb tells one to',
    'anybody unless its contract or you say so; models see that a field exists, never its value.',
    '--reveal  show the values also where no person sits at a terminal',
    'With --json: { "fields": [{ "field": ..., "value": ... }] }, value null unless revealed.',
  ],
  async run(call) {
    const { values, positionals } = readArguments('profile', call.args, {
      options,
      positionals: { least: 0, most: 3, names: 'set FIELD VALUE, remove FIELD, or nothing' },
    });
    const change = readChange(positionals);
    return withFace(call, async ({ owner }) => {
      if (change) {
        await setProfileField(owner, change);
        printText(call.io, change.value === null ? `${change.field} is removed.` : `${change.field} is set.`);
      } else {
        await printProfile(call.io, owner, {
          json: values.json ?? false,
          reveal: values.reveal ?? (call.io.isTerminal && !values.json),
        });
      }
      return exitCodes.done;
    });
  },
};

function readChange(words: string[]): { field: string; value: string | null } | undefined {
  const [verb, field, value] = words;
  if (verb === undefined) return undefined;
  if (verb === 'set' && field !== undefined && value !== undefined) return { field, value };
  if (verb === 'remove' && field !== undefined && value === undefined) return { field, value: null };
  throw new Refusal('invalid', 'it takes "set FIELD VALUE" (quote a value with spaces) or "remove FIELD"');
}

/** A chat assistant may run this command too, so values are hidden from pipes. */
async function printProfile(
  io: CliIo,
  owner: OwnerContext,
  how: { json: boolean; reveal: boolean },
): Promise<void> {
  const fields = await owner.store.listProfile();
  if (how.json) {
    printJson(io, {
      fields: fields.map(({ field, value }) => ({ field, value: how.reveal ? value : null })),
    });
    return;
  }
  if (fields.length === 0) {
    printText(io, 'No private fields. Set one: jorbs profile set home_address "1 Main Street, Springfield"');
    return;
  }
  const width = Math.max(...fields.map(({ field }) => field.length));
  const lines = fields.map(
    ({ field, value }) =>
      `${field.padEnd(width)}  ${how.reveal ? renderLine(value, 500) : '(set; --reveal shows it)'}`,
  );
  printText(io, lines.join('\n'));
}
