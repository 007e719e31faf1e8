import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lineSchema = z.object({
  at: z.iso.datetime(),
  to: z.string(),
  text: z.string(),
  key: z.string(),
  jorb: z.string(),
});
export type WireLine = z.infer<typeof lineSchema>;

/** Where the loopback channel of a data folder puts what it delivered. */
export function findWireLog(dataDir: string): string {
  return join(dataDir, 'loopback', 'wire.jsonl');
}

/** Everything that was delivered so far, oldest first. A line that is still being written is left for later. */
export function readWireLog(file: string): WireLine[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));
}
