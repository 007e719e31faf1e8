import { escapeInvisible } from '../../lib/text.ts';
import type { SystemStatus } from '../brief.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';

/** The end of the file as people see it, under a line that says where it is. */
export function renderProgressLog({
  file,
  lines,
  hasMore,
}: {
  file: string;
  lines: readonly string[] | null;
  hasMore: boolean;
}): string {
  const place = renderLine(file, 400);
  if (lines === null) return `There is no progress log yet; the first context reset begins ${place}`;
  const title = `${hasMore ? 'The end of the' : 'The'} progress log ${place}`;
  return [title, '', ...(lines.length === 0 ? ['It is empty.'] : lines.map(escapeInvisible))].join('\n');
}

/** One line of the status, or none where there is nothing to tell. */
export function renderProgressState(state: SystemStatus['progressLog'], timeZone?: string): string[] {
  const told =
    renderProgressProblem(state) ??
    (state.lastAt === null ? null : `last written ${formatInstant(state.lastAt, timeZone)}`);
  return told === null ? [] : [`Progress log: ${told}`];
}

/** What keeps entries from the file and what to do about it; null when none waits. */
export function renderProgressProblem({
  file,
  waiting,
  error,
}: Omit<SystemStatus['progressLog'], 'lastAt'>): string | null {
  if (waiting === 0) return null;
  const entries = waiting === 1 ? '1 entry waits' : `${waiting} entries wait`;
  const place = renderLine(file, 200);
  if (error === null) return `${entries} to be written to ${place}`;
  return `${entries} since ${place} cannot be written: ${renderLine(error, 200)}; mend that, or set JORBS_PROGRESS_LOG to another file`;
}
