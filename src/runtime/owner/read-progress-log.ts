import { Refusal } from '../../domain/refusal.ts';
import { readLastLines } from '../../lib/last-lines.ts';
import { describeFileError } from '../../lib/regular-file.ts';
import type { Face } from '../face.ts';

export type ProgressLogEnd = {
  file: string;
  /** Null: there is no file yet. */
  lines: string[] | null;
  /** Whether older ones were left out. */
  hasMore: boolean;
};

/** However long the lines are: what is read does not grow with the file. */
const mostBytes = 20_000;

/** The end of the progress log as it stands in the file, which people may edit. Rejects with `Refusal` when it cannot be read. */
export async function readProgressLog(
  { progressLog: file }: Pick<Face, 'progressLog'>,
  mostLines: number,
): Promise<ProgressLogEnd> {
  try {
    const end = await readLastLines(file, { lines: mostLines, bytes: mostBytes });
    return { file, lines: end?.lines ?? null, hasMore: end?.hasMore ?? false };
  } catch (error) {
    const sentence = describeFileError(error);
    if (sentence === undefined) throw error;
    throw new Refusal('unavailable', `the progress log ${file} cannot be read: ${sentence}`);
  }
}
