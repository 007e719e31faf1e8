import { z } from 'zod';
import { renderStop } from '../../domain/render/status.ts';
import { longestText } from '../../runtime/owner/input.ts';
import { resumeEverything } from '../../runtime/owner/resume-everything.ts';
import { stopEverything as stop } from '../../runtime/owner/stop-everything.ts';
import { defineTool } from '../define-tool.ts';
import { known, presentTime } from '../present/fields.ts';

export const stopEverything = defineTool({
  name: 'stop_everything',
  title: 'Stop or resume everything',
  description:
    'The emergency stop: once it answers, no message leaves in any jorb. Nothing is lost. With resume true, when the person says so, everything goes on.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    resume: z.boolean().default(false),
    reason: z.string().max(longestText).optional(),
  }),
  output: z.object({
    stopped: z.boolean(),
    since: z.string().optional(),
    reason: z.string().optional(),
  }),
  needsRuntime: ({ resume }) => resume,
  async handle(face, { resume, reason }) {
    await (resume ? resumeEverything(face.owner) : stop(face.owner, { reason: reason ?? null }));
    const { stopped } = await face.readStatus();
    return {
      text: stopped
        ? renderStop(stopped, face.owner.timeZone())
        : 'Nothing is stopped. Jorbs that were running go on.',
      data: {
        stopped: stopped !== null,
        ...known({ since: stopped && presentTime(stopped.at), reason: stopped?.reason }),
      },
    };
  },
});
