import { z } from 'zod';
import { steerJorbRequest } from '../../domain/requests.ts';
import { steerJorb as steer } from '../../runtime/owner/steer-jorb.ts';
import { defineTool } from '../define-tool.ts';
import { changeShape, confirmChange } from './confirmed-change.ts';
import { idField } from './fields.ts';

export const steerJorb = defineTool({
  name: 'steer_jorb',
  title: 'Steer a jorb',
  description:
    'Give an open jorb words of guidance, a new plan, contacts or contract; what is left out stays. Narrower limits hold at once, wider ones once a human confirms them. Approvals asked under the old contract expire.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({ id: idField('jorb_47'), ...steerJorbRequest.shape }),
  output: changeShape,
  needsRuntime: () => true,
  handle: (face, { id, ...request }, call) =>
    confirmChange(face, call, { participle: 'steered', make: () => steer(face.owner, id, request) }),
});
