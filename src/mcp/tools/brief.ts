import { z } from 'zod';
import { takeBrief } from '../../runtime/owner/take-brief.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { briefShape, fitBriefInto } from '../present/brief.ts';
import { thirdPartyNote } from '../present/message.ts';

export const brief = defineTool({
  name: 'brief',
  title: 'Brief me',
  description:
    'What happened since the last brief, what needs the person first. Moves the mark, so the next one starts here; not with peek, nor with hours or since, which look back.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    peek: z.boolean().default(false),
    hours: z.number().optional(),
    since: z.string().max(100).optional().describe('ISO 8601'),
  }),
  output: briefShape,
  needsRuntime: () => false,
  async handle(face, { peek, hours = null, since = null }) {
    const whole = await takeBrief(face.owner, { peek, hours, since });
    const quotes = [
      ...[whole.messages, whole.unmatched, whole.highlights, whole.approvals],
      ...[whole.paused, whole.failed, whole.completed, whole.problems],
      ...[whole.failures, whole.lateReplies, whole.promises, whole.upcoming, whole.jorbs],
    ].some(({ length }) => length > 0);
    return fitAnswer((room) => {
      const { text, data } = fitBriefInto(whole, room, face.owner.timeZone());
      return { text: quotes ? `${thirdPartyNote}\n\n${text}` : text, data };
    });
  },
});
