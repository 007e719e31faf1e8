import type { Tool } from '../define-tool.ts';
import { approve } from './approve.ts';
import { assignMessage } from './assign-message.ts';
import { brief } from './brief.ts';
import { createJorb } from './create-jorb.ts';
import { getJorb } from './get-jorb.ts';
import { getStatus } from './get-status.ts';
import { listDecisions } from './list-decisions.ts';
import { listInbox } from './list-inbox.ts';
import { listJorbs } from './list-jorbs.ts';
import { setJorbStatus } from './set-jorb-status.ts';
import { steerJorb } from './steer-jorb.ts';
import { stopEverything } from './stop-everything.ts';

/** In the order in which hosts list them. */
export const tools: readonly Tool[] = [
  createJorb,
  brief,
  listJorbs,
  getJorb,
  steerJorb,
  setJorbStatus,
  approve,
  listInbox,
  assignMessage,
  listDecisions,
  stopEverything,
  getStatus,
];
