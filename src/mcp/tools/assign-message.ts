import { z } from 'zod';
import { assignMessage as assign } from '../../runtime/owner/assign-message.ts';
import { defineTool } from '../define-tool.ts';
import { idField } from './fields.ts';

export const assignMessage = defineTool({
  name: 'assign_message',
  title: 'Assign a message to a jorb',
  description:
    'Give an unmatched message, and the rest of its conversation, to the jorb the person names. Later messages of that conversation follow.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ event_id: idField('event_12'), jorb_id: idField('jorb_47') }),
  output: z.object({ event_id: z.string(), jorb_id: z.string(), status: z.string() }),
  needsRuntime: () => true,
  async handle(face, args) {
    const event = await assign(face.owner, { eventId: args.event_id, jorbId: args.jorb_id });
    const jorbId = event.jorbId ?? args.jorb_id;
    return {
      text: `${event.id} now belongs to ${jorbId}, and so does what else comes from that address.`,
      data: { event_id: event.id, jorb_id: jorbId, status: event.status },
    };
  },
});
