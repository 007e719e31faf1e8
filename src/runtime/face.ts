import type { SystemStatus } from '../domain/brief.ts';
import type { Log } from '../lib/log.ts';
import type { OwnerContext } from './owner/context.ts';

/**
 * One process that opened the data folder. It serves the owner; it runs the pipeline only while it
 * holds the runtime lock, which it seeks once it stands for election.
 */
export type Face = {
  owner: OwnerContext;
  version: string;
  dataDir: string;
  /** Where `prompts/` and `drizzle/` are. */
  packageRoot: string;
  /** The file that resets are put on record in. */
  progressLog: string;
  log: Log;
  /** Seeks the runtime's place from now on, until `close`. Saying it twice is harmless. */
  stand(): void;
  /** Calls back after commits of any process on this data folder, coalesced. Returns how to stop. */
  onChange(listener: () => void): () => void;
  readStatus(): Promise<SystemStatus>;
  /** Lets go of everything within 2 s. Work under way is left to recovery. Twice is harmless. */
  close(): Promise<void>;
};
