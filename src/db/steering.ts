import { eq } from 'drizzle-orm';
import { isFinished, type JorbStore, waitsForAnswer } from '../domain/jorb.ts';
import { toNotifyOn } from '../domain/read-notify-on.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Steering } from '../domain/steering.ts';
import { given, slot } from './clauses.ts';
import { type Db, write } from './connection.ts';
import type { CreateParts } from './jorb-create.ts';
import type { JorbRow } from './jorb-moves.ts';
import { toJorb } from './jorb-views.ts';
import { buildIsWaiting } from './lapse.ts';
import { beginPhases, buildReplacePhases } from './phases.ts';
import { toId, toRow } from './rows.ts';
import { guidance, jorb } from './tables/jorbs.ts';
import { askForWidening } from './widening.ts';

export function buildSteerJorb(
  db: Db,
  { audit, ask, contracts, moves }: CreateParts,
): JorbStore['steerJorb'] {
  const replacePhases = buildReplacePhases(db);
  const isWaiting = buildIsWaiting(db);
  const insertGuidance = db
    .insert(guidance)
    .values({ jorbId: slot('jorbRow'), text: slot('text'), at: slot('now') })
    .prepare();
  const setPlan = db
    .update(jorb)
    .set({ plan: given('plan') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  const setNotifyOn = db
    .update(jorb)
    .set({ notifyOn: given('notifyOn') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  /** Returns the contract version in force afterwards. */
  function apply(before: JorbRow, steering: Steering, now: number): number {
    const jorbRow = before.id;
    const { plan, phases, counterparties, contract, notifyOn } = steering;
    if (steering.guidance !== null) insertGuidance.run({ jorbRow, text: steering.guidance, now });
    if (plan !== null) setPlan.run({ jorbRow, plan });
    if (phases !== null) replacePhases(jorbRow, beginPhases(phases));
    if (notifyOn !== null) {
      const kept = toNotifyOn(notifyOn);
      setNotifyOn.run({ jorbRow, notifyOn: kept && JSON.stringify(kept) });
    }
    audit({
      at: now,
      actor: 'owner',
      what: 'jorb.steered',
      jorbRow,
      subject: toId('jorb', jorbRow),
      before: readBefore(before, steering),
      after: { guidance: steering.guidance, plan, phases, ...(notifyOn && { notifyOn }) },
    });
    if (contract !== null) return contracts.putContract(jorbRow, { contract, counterparties }, now);
    if (counterparties !== null) {
      const inForce = contracts.getContract(jorbRow, before.contractVersion);
      contracts.renameCounterparties(jorbRow, inForce, counterparties);
    }
    return before.contractVersion;
  }

  /** Another contract took away the question that the jorb was paused for: the agent has to think again. */
  function goOn({ id, status, pauseCause }: JorbRow, isNewContract: boolean, now: number): void {
    const waited = waitsForAnswer(pauseCause);
    const lostQuestion = isNewContract && waited && !isWaiting(id);
    if (lostQuestion) {
      moves.moveJorbRow(id, { command: 'resume', by: 'owner', cause: null, reason: null, evidence: [] }, now);
    }
    if (lostQuestion || status === 'running') moves.makeDue(id, 'guidance', now);
    moves.touchJorb(id, { progress: true }, now);
  }

  return (id, steering, now) =>
    write(db, () => {
      const before = moves.getJorbRow(toRow(id));
      refuseSteering(before, steering);
      const { widening, counterparties, contract } = steering;
      const isNews = hasNews(steering);
      const isChanged = isNews || steering.notifyOn !== null;
      const contractVersion = isChanged ? apply(before, steering, now) : before.contractVersion;
      if (isNews) goOn(before, contract !== null, now);
      const question = { jorbRow: before.id, contractVersion, counterparties, startAfter: false };
      const approvalId = widening && askForWidening(ask, { ...question, widening }, now);
      return { jorb: toJorb(moves.getJorbRow(before.id)), approvalId };
    });
}

/** Whether its agent has to think again: what the owner is mailed is none of its business. */
function hasNews({ guidance, plan, phases, counterparties, contract }: Steering): boolean {
  return [guidance, plan, phases, counterparties, contract].some((each) => each !== null);
}

function readBefore({ plan, notifyOn }: JorbRow, steering: Steering) {
  const before = {
    ...(steering.plan !== null && { plan }),
    ...(steering.notifyOn !== null && { notifyOn }),
  };
  return Object.keys(before).length === 0 ? null : before;
}

function refuseSteering({ id, status, contractVersion }: JorbRow, steering: Steering): void {
  const jorbId = toId('jorb', id);
  if (isFinished(status)) {
    throw new Refusal('conflict', `${jorbId} is ${status}; only an open jorb can be steered`, 'id');
  }
  if (steering.contractVersion !== contractVersion) {
    throw new Refusal(
      'conflict',
      `the contract of ${jorbId} is at version ${contractVersion} and the change was made for version ${steering.contractVersion}; read the jorb and steer it again`,
      'contract',
    );
  }
}
