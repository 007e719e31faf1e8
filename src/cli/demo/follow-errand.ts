import { setTimeout as delay } from 'node:timers/promises';
import type { Action } from '../../domain/action.ts';
import type { Activity } from '../../domain/activity.ts';
import { type JorbId, parseId } from '../../domain/ids.ts';
import type { CreateJorbRequest } from '../../domain/requests.ts';
import type { Face } from '../../runtime/face.ts';
import type { CliIo } from '../io.ts';
import type { Host } from './host.ts';
import { printMoment } from './screen.ts';
import { openTimeline, type Timeline } from './timeline.ts';

const lookEveryMs = 50;

export type Followed = {
  jorbId: JorbId;
  activity: readonly Activity[];
  refused: Action[];
  /** Why it did not come to its end, or null. */
  failure: string | null;
};

/** Hands the errand over and prints what its rows tell until it ends, taking each approval to the person. */
export async function followErrand(call: {
  face: Face;
  host: Host;
  io: CliIo;
  errand: CreateJorbRequest;
  /** Without the time that the person takes. */
  giveUpAfterMs: number;
  signal: AbortSignal;
}): Promise<Followed> {
  const { face, host, io, errand, giveUpAfterMs, signal } = call;
  const { store, clock } = face.owner;
  const startedAt = clock.now();
  const jorbId = await handOver(host, errand);
  const timeline = openTimeline(store, jorbId, () => clock.now());
  const show = async () => {
    for (const moment of await timeline.readNext()) printMoment(io, moment, startedAt);
  };
  let waitedMs = 0;
  let failure: string | null = null;
  while (failure === null) {
    signal.throwIfAborted();
    await show();
    const detail = await store.getJorb(jorbId);
    const status = detail?.jorb.status;
    if (status === 'complete' && detail?.pendingApprovals.length === 0) break;
    const [approvalId] = detail?.pendingApprovals ?? [];
    if (approvalId !== undefined) {
      const askedAt = clock.now();
      failure = await takeToPerson(host, approvalId);
      waitedMs += clock.now() - askedAt;
    } else if (status === 'failed' || status === 'cancelled') {
      failure = `the jorb ${status === 'failed' ? 'failed' : 'was cancelled'}: ${detail?.jorb.reason}`;
    } else if (status === 'paused' && detail?.jorb.pauseCause !== 'approval') {
      failure = `the jorb paused: ${detail?.jorb.reason}`;
    } else if (clock.now() - startedAt - waitedMs > giveUpAfterMs) {
      failure = `the jorb was still ${status} after ${giveUpAfterMs / 1000} s`;
    }
    await delay(lookEveryMs, undefined, { signal });
  }
  await show();
  return { jorbId, activity: timeline.seen(), refused: await readRefused(face, timeline), failure };
}

async function handOver(host: Host, errand: CreateJorbRequest): Promise<JorbId> {
  const created = await host.call('create_jorb', errand);
  const id = /\bjorb_[1-9]\d*\b/.exec(created.text)?.[0];
  const jorbId = id && parseId('jorb', id);
  if (created.isError || !jorbId) throw new Error(`the server did not take the errand: ${created.text}`);
  return jorbId;
}

/** Asks the server to approve; the server asks the person. Why the errand cannot go on, or null. */
async function takeToPerson(host: Host, approvalId: string): Promise<string | null> {
  const answered = await host.call('approve', { id: approvalId, answer: 'accept' });
  if (answered.isError) return `${approvalId} could not be approved: ${answered.text}`;
  if (answered.data.outcome === 'answered') return null;
  return `you did not approve ${approvalId}, so nothing was booked`;
}

async function readRefused({ owner }: Face, timeline: Timeline): Promise<Action[]> {
  const ids = timeline
    .seen()
    .filter((entry) => entry.what === 'action.refused')
    .flatMap((entry) => parseId('action', entry.subject) ?? []);
  const actions = await Promise.all(ids.map((id) => owner.store.getAction(id)));
  return actions.filter((action) => action !== undefined);
}
