import { z } from 'zod';
import { renderJorbState } from '../../domain/render/jorb.ts';
import { longestText } from '../../runtime/owner/input.ts';
import { ownerCommands, setJorbStatus as set } from '../../runtime/owner/set-jorb-status.ts';
import { defineTool } from '../define-tool.ts';
import { jorbShape, presentJorb } from '../present/jorb.ts';
import { idField } from './fields.ts';

export const setJorbStatus = defineTool({
  name: 'set_jorb_status',
  title: 'Start, pause, resume or cancel a jorb',
  description:
    'pause holds messages that have not left; cancel drops them and is final. start begins a planned jorb.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    id: idField('jorb_47'),
    command: z.enum(ownerCommands),
    reason: z.string().max(longestText).optional(),
  }),
  output: z.object({ jorb: jorbShape }),
  needsRuntime: () => true,
  async handle(face, { id, command, reason }) {
    const detail = await set(face.owner, { id, command, reason: reason ?? null });
    const { jorb } = detail;
    return {
      text: `${jorb.id} “${jorb.name}” is ${renderJorbState(jorb)}`,
      data: { jorb: presentJorb(jorb, detail) },
    };
  },
});
