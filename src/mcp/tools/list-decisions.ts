import { z } from 'zod';
import { actionStatuses } from '../../domain/action.ts';
import type { DecisionPage } from '../../domain/decision.ts';
import { renderDecisions } from '../../domain/render/decision.ts';
import { listDecisions as list } from '../../runtime/owner/list-decisions.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { decisionShape, presentDecision, shortenDecision } from '../present/decision.ts';
import { thirdPartyNote } from '../present/message.ts';
import { pageFields } from '../present/page.ts';
import { idField, limitField, offsetField, readOnly } from './fields.ts';

export const listDecisions = defineTool({
  name: 'list_decisions',
  title: 'List decisions',
  description:
    'What the agent or the router decided and why, newest first: reasoning, confidence, model, cost, what came of it.',
  hints: readOnly,
  input: z.strictObject({
    jorb_id: idField('jorb_47').optional(),
    status: z.enum(actionStatuses).optional().describe('Of an action it led to'),
    since: z.string().max(100).optional().describe('ISO 8601'),
    limit: limitField(10),
    offset: offsetField,
  }),
  output: z.object({
    decisions: z.array(listTersely(decisionShape)),
    next_offset: pageFields.next_offset,
  }),
  needsRuntime: () => false,
  async handle(face, { jorb_id = null, status = null, since = null, limit, offset }) {
    const page = await list(face.owner, { jorbId: jorb_id, status, since, limit, offset });
    return fitAnswer((room) => {
      const decisions = page.decisions
        .slice(0, room.items)
        .map((decision) => shortenDecision(decision, room));
      const rest: DecisionPage['rest'] = decisions.length < page.decisions.length ? 'more' : page.rest;
      const next = rest === 'more' ? offset + decisions.length : undefined;
      const text = renderDecisions({ decisions, rest }, face.owner.timeZone());
      return {
        text: [
          ...(decisions.length > 0 ? [thirdPartyNote] : []),
          next === undefined ? text : `${text} Call again with offset ${next}.`,
        ].join('\n\n'),
        data: { decisions: decisions.map(presentDecision), ...(next !== undefined && { next_offset: next }) },
      };
    });
  },
});
