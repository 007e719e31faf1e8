import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const advancePhase = defineTool({
  name: 'advance_phase',
  description: 'Marks the active phase of the plan as done and makes the next one active.',
  shape: {},
  example: {},
  toEffect: () => ok({ kind: 'advance_phase' }),
});
