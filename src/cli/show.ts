import { renderDecision } from '../domain/render/decision.ts';
import { renderJorb } from '../domain/render/jorb.ts';
import { renderTranscript } from '../domain/render/transcript.ts';
import { getJorb } from '../runtime/owner/get-jorb.ts';
import { listDecisions } from '../runtime/owner/list-decisions.ts';
import { readTranscript } from '../runtime/owner/read-transcript.ts';
import { readArguments, readCount } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = { messages: { type: 'string' }, json: { type: 'boolean' } } as const;
const mostDecisions = 5;

export const showCommand: Command = {
  name: 'show',
  usage: 'ID [--messages N] [--json]',
  summary: 'One jorb: plan, contract, facts, decisions, newest messages',
  help: [
    '--messages N  how many of the newest messages (10 unless you say otherwise, 0 for none)',
    'With --json: { "detail": ..., "decisions": [...], "transcript": ... }.',
  ],
  async run(call) {
    const { values, positionals } = readArguments('show', call.args, {
      options,
      positionals: { least: 1, most: 1, names: 'the ID of one jorb' },
    });
    const [id = ''] = positionals;
    const limit = readCount('--messages', values.messages, { least: 0, most: 200, standard: 10 });
    return withFace(call, async ({ owner }) => {
      const detail = await getJorb(owner, id);
      const { decisions } = await listDecisions(owner, { jorbId: detail.jorb.id, limit: mostDecisions });
      const transcript =
        limit === 0
          ? null
          : await readTranscript(owner, { id: detail.jorb.id, order: 'newest', limit, offset: 0 });
      if (values.json) {
        printJson(call.io, { detail, decisions, transcript });
        return exitCodes.done;
      }
      const timeZone = owner.timeZone();
      printText(call.io, renderJorb(detail, owner.clock.now(), timeZone));
      if (decisions.length > 0) {
        const lines = decisions.map((decision) => `- ${renderDecision(decision, timeZone)}`);
        printText(call.io, `\nLast decisions, newest first:\n${lines.join('\n')}`);
      }
      if (transcript) {
        printText(call.io, `\nMessages, newest first:\n${renderTranscript(transcript, timeZone)}`);
      }
      return exitCodes.done;
    });
  },
};
