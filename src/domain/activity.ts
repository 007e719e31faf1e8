import type { Json } from '../lib/canonical.ts';
import type { JorbId } from './ids.ts';
import type { Actor } from './jorb.ts';

/** One thing that happened, as the audit recorded it. */
export type Activity = {
  /** Rises with every entry, of whichever jorb. */
  seq: number;
  at: number;
  actor: Actor;
  /** `message.sent`, `action.refused`, ... */
  what: string;
  jorbId: JorbId | null;
  /** The public id of the row it is about. */
  subject: string;
  after: Json;
};
