import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

/** Puts one reset on record as its last handoff would, in rows. The words stand in the entry. */
export function queueEntry(world: Pick<World, 'sql' | 'clock'>, words: string): void {
  const now = world.clock.now();
  world.sql(
    "insert into reset (reason, days, seq, started_at, finished_at) values ('interval', 3, 0, ?, ?)",
    now,
    now,
  );
  const [row] = world.sql('select max(id) as id from reset');
  const text = `## Entry ${words}\n\n- of ${words}\n\n<!-- end ${words} -->\n`;
  world.sql('insert into progress_entry (reset_id, text, available_at) values (?, ?, ?)', row?.id, text, now);
}

export const progressFile = ({ dataDir }: Pick<World, 'dataDir'>) => join(dataDir, 'jorbs_progress.txt');

/** What the entries in the file say, in their order; those that are not whole are left out. */
export function readEntries(world: Pick<World, 'dataDir'>): string[] {
  const text = readFileSync(progressFile(world), 'utf8');
  const entries = text.matchAll(/^## Entry (.+)\n\n- of \1\n\n<!-- end \1 -->$/gm);
  return Array.from(entries, ([, words]) => words ?? '');
}

/** When each entry was written to the file, by its row; null while it was not. */
export function listWritten({ sql }: Pick<World, 'sql'>): unknown[] {
  return sql('select written_at from progress_entry order by id').map(({ written_at }) => written_at);
}
