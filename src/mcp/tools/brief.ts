import { z } from 'zod';
import { renderBrief } from '../../domain/render/brief.ts';
import { takeBrief } from '../../runtime/owner/take-brief.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { briefShape, presentBrief, shortenBrief } from '../present/brief.ts';
import { thirdPartyNote } from '../present/message.ts';

export const brief = defineTool({
  name: 'brief',
  title: 'Brief me',
  description:
    'What happened since the last brief, what needs the person first. Moves the mark, so the next one starts here; with peek true it stays.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({ peek: z.boolean().default(false) }),
  output: briefShape,
  needsRuntime: () => false,
  async handle(face, { peek }) {
    const whole = await takeBrief(face.owner, { peek });
    const quotes = [
      ...[whole.messages, whole.unmatched, whole.highlights, whole.approvals],
      ...[whole.paused, whole.failed, whole.completed, whole.problems],
    ].some(({ length }) => length > 0);
    return fitAnswer((room) => {
      const shown = shortenBrief(whole, room);
      const text = renderBrief(shown, face.owner.timeZone());
      return { text: quotes ? `${thirdPartyNote}\n\n${text}` : text, data: presentBrief(shown, room) };
    });
  },
});
