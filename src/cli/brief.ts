import { Refusal } from '../domain/refusal.ts';
import { renderBrief } from '../domain/render/brief.ts';
import { takeBrief } from '../runtime/owner/take-brief.ts';
import { noPositionals, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  peek: { type: 'boolean' },
  hours: { type: 'string' },
  since: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const briefCommand: Command = {
  name: 'brief',
  usage: '[--peek | --hours N | --since T] [--json]',
  summary: 'What happened since the last brief; what needs you first',
  help: [
    '--peek     look without moving the mark: the next brief tells the same again',
    '--hours N  look back so many hours, 720 at most; the mark stays',
    '--since T  look back to a date such as 2026-11-22, or a time with its offset such as 2026-11-22T18:00:00Z; the mark stays',
  ],
  async run(call) {
    const { values } = readArguments('brief', call.args, {
      options,
      positionals: noPositionals,
    });
    const { peek = false, since = null } = values;
    const hours = values.hours === undefined ? null : readHours(values.hours);
    return withFace(call, async ({ owner }) => {
      const brief = await takeBrief(owner, { peek, hours, since });
      if (values.json) printJson(call.io, brief);
      else printText(call.io, renderBrief(brief, owner.timeZone()));
      return exitCodes.done;
    });
  },
};

/** Its bounds are checked with those of every other face. */
function readHours(text: string): number {
  if (/^\d{1,6}(?:\.\d{1,6})?$/.test(text)) return Number(text);
  throw new Refusal('invalid', '--hours must be a number above 0, such as 24 or 0.5', '--hours');
}
