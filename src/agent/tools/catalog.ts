import { advancePhase } from './advance-phase.ts';
import { askOwner } from './ask-owner.ts';
import { complete } from './complete.ts';
import type { AgentTool } from './define-tool.ts';
import { fail } from './fail.ts';
import { httpRequest } from './http-request.ts';
import { pause } from './pause.ts';
import { recordPromise } from './record-promise.ts';
import { retrieveData } from './retrieve-data.ts';
import { scheduleWake } from './schedule-wake.ts';
import { sendMessage } from './send-message.ts';
import { storeData } from './store-data.ts';
import { updatePlan } from './update-plan.ts';

/** Sorted by name: providers cache a prefix that never changes. */
export const agentTools: readonly AgentTool[] = [
  advancePhase,
  askOwner,
  complete,
  fail,
  httpRequest,
  pause,
  recordPromise,
  retrieveData,
  scheduleWake,
  sendMessage,
  storeData,
  updatePlan,
];
