import { join } from 'node:path';
import Database from 'better-sqlite3';
import { better, defineQueue } from 'plainjob';
import { noUsage } from '../src/domain/brain.ts';
import type { Fence } from '../src/domain/fence.ts';
import type { EvaluateGate } from '../src/domain/gate.ts';
import type { Store } from '../src/domain/store.ts';
import { buildNewJorb } from '../test/support/store.ts';
import { openBenchStore, withFolder } from './folder.ts';
import { median, pair, perSecond, type Row } from './measure.ts';

const rounds = 7;
const jobs = 200;

const allowAll: EvaluateGate = ({ payload }, { now }) => ({
  kind: 'allow',
  payload,
  consequence: 'message',
  findings: [],
  reservation: null,
  availableAt: now,
});

/** Taking one message off the outbox and settling it, with fence, gate, attempts and audit, against a job queue. */
export function measureClaim(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const store = await openBenchStore(join(folder, 'ours'));
    const fence = await store.raiseEpoch('bench', Date.now());
    await queueMessages(store, fence, rounds * jobs);

    const bare = new Database(join(folder, 'plainjob.db'));
    const silent = { error() {}, warn() {}, info() {}, debug() {} };
    const queue = defineQueue({ connection: better(bare), logger: silent });
    bare.pragma('journal_mode = WAL');
    bare.pragma('synchronous = FULL');
    queue.addMany(
      'send',
      Array.from({ length: rounds * jobs }, (_, n) => ({ text: `message ${n}` })),
    );

    const seconds = await pair(
      rounds,
      async () => {
        for (let n = 0; n < jobs; n += 1) {
          const now = Date.now();
          const delivery = await store.claimDelivery(fence, () => ({ kind: 'go' }), now);
          if (!delivery) throw new Error('the outbox ran dry');
          await store.settleDelivery(fence, delivery.id, { kind: 'sent', receipt: delivery.key }, now, now);
        }
      },
      () => {
        for (let n = 0; n < jobs; n += 1) {
          const job = queue.getAndMarkJobAsProcessing('send');
          if (!job) throw new Error('the queue ran dry');
          queue.getJobById(job.id);
          queue.markJobAsDone(job.id);
        }
      },
    );
    queue.close();
    await store.close();

    const ours = jobs / median(seconds.ours);
    const floor = jobs / median(seconds.floor);
    const ratio = ours / floor;
    return [
      {
        what: 'claim + complete with fence, attempts, audit',
        ours: perSecond(ours),
        floor: `${perSecond(floor)}, plainjob`,
        ratio,
        target: '≥ 1.2×',
        met: ratio >= 1.2,
      },
    ];
  });
}

async function queueMessages(store: Store, fence: Fence, count: number): Promise<void> {
  const now = Date.now();
  const input = buildNewJorb({ start: true });
  await store.createJorb(input, now);
  const turn = await store.claimTurn(fence, 3_600_000, now);
  if (!turn) throw new Error('no turn was due');
  const step = { turnId: turn.id, position: 0, leaseMs: 3_600_000 };
  const answer = {
    wire: 'bench',
    items: [],
    reasoning: 'bench',
    confidence: 1,
    basedOn: [],
    toolCalls: [],
    usage: noUsage,
    call: null,
    stop: 'tools' as const,
  };
  await store.saveAnswer(fence, step, answer, 'bench', now);
  const [recipient] = input.counterparties;
  if (!recipient) throw new Error('a jorb needs a counterparty');
  for (let call = 0; call < count; call += 1) {
    const effect = {
      kind: 'send_message' as const,
      to: `${recipient.channel}:${recipient.address}`,
      text: `message ${call}`,
      price: null,
      label: 'message' as const,
      basedOn: null,
      confidence: 1,
    };
    await store.applyEffect(fence, { step, call, effect, evaluate: allowAll }, now);
  }
}
