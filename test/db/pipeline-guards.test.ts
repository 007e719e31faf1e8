import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyAudit } from '../../src/db/audit.ts';
import { openDatabase, openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/domain/store.ts';
import { migrationsDir } from '../support/migrated.ts';
import { allow, ask, type Pipeline, sendTo, startPipeline } from '../support/pipeline-driver.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

/** What SQLite itself holds, and what is seen when somebody writes to the file behind the program's back. */
describe('the guards of the pipeline', () => {
  async function start(): Promise<{ harness: TestStore; pipeline: Pipeline }> {
    const harness = await openTestStore();
    onTestFinished(harness.close);
    return { harness, pipeline: await startPipeline(harness.store) };
  }

  async function startAsked() {
    const { harness, pipeline } = await start();
    await pipeline.createJorb();
    await pipeline.takeTurn([sendTo('magic', 'I take it')], ask);
    const [approval] = await pipeline.store.listPendingApprovals({ jorbId: null, limit: 1 });
    if (!approval) throw new Error('nothing was asked');
    const request = {
      id: approval.id,
      answer: { kind: 'accept' },
      confirmedBy: 'terminal',
      evaluate: allow,
    } as const;
    const accept = (store: Store) => store.answerApproval({ ...request, hash: approval.hash }, pipeline.now);
    return { harness, pipeline, approval, accept };
  }

  async function openOther({ dataDir }: TestStore): Promise<Store> {
    const other = await openStore({ dataDir, migrationsDir });
    onTestFinished(() => other.close());
    return other;
  }

  const newText = `update action set payload = json_set(payload, '$.text', 'I take two')`;

  test('refuse a yes to bytes that were changed after they were asked', async () => {
    const { harness, pipeline, approval, accept } = await startAsked();
    harness.sql('drop trigger action_keeps');
    harness.sql(newText);
    await expect(accept(pipeline.store)).rejects.toMatchObject({ code: 'expired' });
    expect(await pipeline.store.getApproval(approval.id)).toMatchObject({
      status: 'expired',
      voidReason: 'what it asks about has changed',
    });
    expect(await pipeline.depart()).toBeUndefined();
  });

  test.each([
    ['its jorb has ended', [`update jorb set status = 'cancelled', pause_cause = null, finished_at = 1`]],
    [
      'its contract has changed',
      [
        'insert into contract select jorb_id, 2, body, by, 1 from contract',
        'update jorb set contract_version = 2',
      ],
    ],
  ])('refuse a yes once %s, even to a question that nobody voided', async (_, statements) => {
    const { harness, pipeline, approval, accept } = await startAsked();
    for (const statement of statements) harness.sql(statement);
    await expect(accept(pipeline.store)).rejects.toMatchObject({ code: 'expired' });
    expect(await pipeline.store.getApproval(approval.id)).toMatchObject({ status: 'expired' });
    expect(harness.sql('select id from outbox')).toEqual([]);
  });

  test.each([
    ['payload', `${newText}`],
    ['text', `update outbox set text = 'I take two'`],
    ['payload and text', `${newText}; update outbox set text = 'I take two'`],
    ['recipient', `update outbox set address_id = (select id from address where address = 'hotel')`],
    ['contract version', 'update action set contract_version = 2'],
  ])('drop a queued message whose %s was changed', async (_, statements) => {
    const { harness, pipeline } = await start();
    await pipeline.createJorb();
    await pipeline.takeTurn([sendTo('magic', 'I take it')]);
    harness.sql('drop trigger action_keeps');
    harness.sql('drop trigger outbox_keeps');
    for (const statement of statements.split(';')) harness.sql(statement);
    expect(await pipeline.depart()).toBeUndefined();
    expect(harness.sql('select status, error from outbox')).toMatchObject([
      { status: 'failed', error: expect.stringContaining('shape') },
    ]);
  });

  test('let one of two processes answer', async () => {
    const { harness, pipeline, accept } = await startAsked();
    const other = await openOther(harness);
    const outcomes = await Promise.allSettled([accept(pipeline.store), accept(other), accept(other)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
    }
    expect(harness.sql('select count(*) as count from outbox')).toEqual([{ count: 1 }]);
  });

  test('let one of two processes bring a message in', async () => {
    const { harness, pipeline } = await start();
    const second = await startPipeline(await openOther(harness));
    const received = await Promise.all(
      [pipeline, second, pipeline, second].map((each) => each.receive('hello', { id: 'a' })),
    );
    expect(received.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
    expect(harness.sql('select count(*) as count from event')).toEqual([{ count: 1 }]);
  });

  test('keep a whole errand in an audit that follows from its beginning, through a crash', async () => {
    const { harness, accept, pipeline } = await startAsked();
    await accept(pipeline.store);
    await pipeline.send();
    const again = await startPipeline(await harness.reopen());
    await again.deliver('it is yours');
    await again.takeTurn([{ kind: 'complete', outcome: 'done', evidence: [] }]);
    const db = await openDatabase({ dataDir: harness.dataDir, migrationsDir });
    onTestFinished(() => void db.$client.close());
    expect(verifyAudit(db)).toBeUndefined();
    const rows = harness.sql('select what from audit where jorb_id is not null order by seq') as {
      what: string;
    }[];
    expect(rows.map(({ what }) => what)).toEqual([
      'jorb.created',
      'contract.versioned',
      'jorb.status',
      'approval.asked',
      'jorb.status',
      'approval.answered',
      'action.queued',
      'jorb.status',
      'message.sent',
      'message.routed',
      'jorb.completed',
    ]);
  });

  test('hold a message, a decision and an approval against every change', async () => {
    const { harness, accept, pipeline } = await startAsked();
    await pipeline.deliver('hello');
    await accept(pipeline.store);
    for (const [statement, says] of [
      [`update event set text = 'other'`, 'never changed'],
      ['delete from event', 'never removed'],
      [`update decision set reasoning = 'other'`, 'append-only'],
      [`update approval set status = 'pending', answered_at = null`, 'answered once'],
      [`update approval set hash = 'other'`, 'never changed'],
      [`update outbox set key = 'other'`, 'never changed'],
    ] as const) {
      expect(() => harness.sql(statement)).toThrow(says);
    }
  });
});
