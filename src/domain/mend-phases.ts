import { err, ok, type Result } from '../lib/result.ts';
import type { Phase } from './jorb.ts';

export const mostPhases = 20;
export const longestTitle = 200;

const order: Record<Phase['status'], number> = { done: 0, active: 1, pending: 2 };

/**
 * The phases as an agent wants them from now on, or the sentence that says why not. What is done was done and
 * stays; only advancing ends a phase. Of what is left the first is under way unless another is named.
 */
export function mendPhases(before: readonly Phase[], wanted: readonly Phase[]): Result<Phase[], string> {
  const phases = wanted.map(({ title, status }) => ({ title: title.trim(), status }));
  if (phases.length > mostPhases) return err(`a plan has at most ${mostPhases} phases`);
  if (phases.some(({ title }) => title.length === 0 || title.length > longestTitle)) {
    return err(`a title has 1 to ${longestTitle} characters`);
  }
  const done = listDone(before);
  if (JSON.stringify(listDone(phases)) !== JSON.stringify(done)) {
    const names = done.map((title) => `"${title}"`).join(', ') || 'none';
    return err(`what is done stays, and only advance_phase adds to it; done so far: ${names}`);
  }
  if (phases.filter(({ status }) => status === 'active').length > 1) {
    return err('at most one phase is active');
  }
  const isSorted = phases.every(({ status }, index) => {
    const previous = phases[index - 1];
    return previous === undefined || order[previous.status] <= order[status];
  });
  if (!isSorted) return err('the phases come in this order: those done, the active one, those pending');
  const isUnderWay = phases.some(({ status }) => status === 'active');
  return ok(
    phases.map((phase, index) =>
      !isUnderWay && index === done.length ? { ...phase, status: 'active' } : phase,
    ),
  );
}

function listDone(phases: readonly Phase[]): string[] {
  return phases.filter(({ status }) => status === 'done').map(({ title }) => title);
}
