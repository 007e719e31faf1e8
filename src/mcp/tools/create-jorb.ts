import { createJorbRequest } from '../../domain/requests.ts';
import { createJorb as create } from '../../runtime/owner/create-jorb.ts';
import { defineTool } from '../define-tool.ts';
import { changeShape, confirmChange } from './confirmed-change.ts';

export const createJorb = defineTool({
  name: 'create_jorb',
  title: 'Create a jorb',
  description:
    'Delegate an errand that outlives this chat, after agreeing plan and limits with the person. Writes only to the contacts named here. Limits beyond the defaults hold once a human confirms them; the result says what is in force.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: createJorbRequest,
  output: changeShape,
  needsRuntime: () => true,
  handle: (face, args, call) =>
    confirmChange(face, call, {
      participle: 'created',
      async make() {
        const { detail, approval, created } = await create(face.owner, args);
        if (created) return { detail, approval };
        return { detail, approval, done: `${detail.jorb.id} was already created with this idempotency_key.` };
      },
    }),
});
