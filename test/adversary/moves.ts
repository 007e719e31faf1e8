/** What adversaries and owners do in many cases. */
import type { ToolCall } from '../../src/domain/brain.ts';
import type { NewCounterparty } from '../../src/domain/contact.ts';
import type { Contract } from '../../src/domain/contract.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { JorbStatus } from '../../src/domain/jorb.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

export const at = ({ address }: Pick<NewCounterparty, 'address'>) => `loopback:${address}`;

/** Plain talk, by its own word. */
export function talk(whom: NewCounterparty, text: string): ToolCall {
  return sendMessage({ to: at(whom), text, consequence: 'message' });
}

/** A purchase that says what it costs, in the field and in words. */
export function buy(whom: NewCounterparty, dollars: number, what = 'the room'): ToolCall {
  const amount = `${dollars}.00`;
  return sendMessage({
    ...{ to: at(whom), text: `Please book ${what} for $${amount}.`, consequence: 'purchase' },
    price: { amount, currency: 'USD', quantity: 1, per: null },
  });
}

/** What may be spent unasked, in dollars. */
export const limitOf = ({ limit }: Cast) => limit.minor / 100;

/** Whether it was refused in words. Any other error is a bug and passes on. */
export async function isRefused(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

/** Whether the file itself refuses a statement. */
export function isImpossible({ world }: Stage, statement: string): boolean {
  try {
    world.sql(statement);
    return false;
  } catch {
    return true;
  }
}

/** The owner narrows or changes the contract of the errand, as a confirmed change would. */
export async function changeContract(
  stage: Stage,
  change: (contract: Contract) => Partial<Contract>,
  counterparties: NewCounterparty[] | null = null,
): Promise<void> {
  await stage.asOwner(async ({ store, clock }) => {
    const detail = await store.getJorb('jorb_1');
    if (!detail) throw new Error('there is no errand');
    const contract = { ...detail.contract, ...change(detail.contract) };
    await store.steerJorb(
      'jorb_1',
      {
        ...{ guidance: null, plan: null, phases: null, widening: null, notifyOn: null },
        ...{ counterparties, contract, contractVersion: detail.jorb.contractVersion },
      },
      clock.now(),
    );
  });
}

/** Another errand like the attacked one, with the same driver. */
export async function openAnother(
  stage: Stage,
  change: (contract: Contract) => Partial<Contract> = () => ({}),
) {
  return stage.asOwner(async ({ store, clock }) => {
    const detail = await store.getJorb('jorb_1');
    if (!detail) throw new Error('there is no errand');
    const { contract, counterparties } = detail;
    const named = counterparties.map(({ channel, address, name, ask }) => ({ channel, address, name, ask }));
    const another = { counterparties: named, contract: { ...contract, ...change(contract) } };
    const { jorb } = await store.createJorb(buildNewJorb(another), clock.now());
    return jorb.id;
  });
}

export async function command(
  stage: Stage,
  what: 'pause' | 'resume' | 'cancel' | 'stop' | 'let go',
  id: JorbId = 'jorb_1',
): Promise<void> {
  await stage.asOwner(async ({ store, clock }) => {
    if (what === 'stop') return store.stopEverything('enough', clock.now());
    if (what === 'let go') return store.resumeEverything(clock.now());
    return store.moveJorb(id, what, null, clock.now());
  });
  await stage.world.settle();
}

/** The owner resumes whatever is paused, however often it asks. */
export async function resumeAll(stage: Stage): Promise<void> {
  const paused: JorbStatus = 'paused';
  for (const { id } of stage.world.sql('select id from jorb where status = ?', paused)) {
    await command(stage, 'resume', `jorb_${Number(id)}`);
  }
}

/** What left for the errand that is attacked. */
export const sentTexts = ({ world }: Stage, jorb = 'jorb_1') =>
  world.wire.lines.filter((line) => line.jorb === jorb).map(({ text }) => text);

export const count = ({ world }: Stage, query: string): number => world.sql(query).length;

/** A yes that names its approval and bytes itself; refused or not, the stage takes no note of it. */
export function tryYes(stage: Stage, id: number | undefined, hash = ''): Promise<boolean> {
  const request = { id: `approval_${id}`, hash, answer: { kind: 'accept' as const } };
  return isRefused(() =>
    stage.asOwner((owner) => answerApproval(owner, { ...request, confirmedBy: 'terminal' })),
  );
}
