import type { Phase } from '../../domain/jorb.ts';
import { type Call, callAdvance } from './calls.ts';

/** How far an errand has come, in the order in which it happens. */
export const milestones = ['none', 'asked', 'answered', 'accepted', 'confirmed'] as const;
export type Milestone = (typeof milestones)[number];

const words: readonly { milestone: Milestone; pattern: RegExp }[] = [
  { milestone: 'accepted', pattern: /\b(?:approv\w*|owner|decide|decision|permission|ok from)\b/i },
  {
    milestone: 'confirmed',
    pattern: /\b(?:book\w*|reserv\w*|confirm\w*|buy|purchase|order|accept|pay|finish|complete|close)\b/i,
  },
  {
    milestone: 'answered',
    pattern:
      /\b(?:compare|comparison|collect|gather|answers?|replies|responses?|wait|offers|quotes|choose|pick|shortlist|review)\b/i,
  },
  {
    milestone: 'asked',
    pattern: /\b(?:ask|contact|write|open|reach|message|text|send|request|inquir\w*|enquir\w*|start)\b/i,
  },
];

/** A call for each phase whose work is done, in order. A phase that names nothing known ends with the answers, the last with the errand. */
export function advancePhases(phases: readonly Phase[], reached: Milestone): Call[] {
  const from = phases.findIndex(({ status }) => status === 'active');
  if (from === -1) return [];
  const left = phases.slice(from);
  const open = left.findIndex(
    ({ title }, index) => rank(readMilestone(title, index === left.length - 1)) > rank(reached),
  );
  return left.slice(0, open === -1 ? left.length : open).map(() => callAdvance());
}

function readMilestone(title: string, isLast: boolean): Milestone {
  const found = words.find(({ pattern }) => pattern.test(title))?.milestone;
  return found ?? (isLast ? 'confirmed' : 'answered');
}

function rank(milestone: Milestone): number {
  return milestones.indexOf(milestone);
}
