/** Errands for processes that die: what the world and the owner do, until each of it is known to be done. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { prepareAnswer } from '../../src/runtime/owner/prepare-answer.ts';
import type { ChildCommand } from '../support/child.ts';
import { buildTestConfig } from '../support/config.ts';
import { buildErrandBrain } from '../support/errand-brain.ts';
import { until } from '../support/event-loop.ts';
import { findViolations } from '../support/oracle.ts';
import type { Child } from '../support/processes.ts';
import { buildNewJorb } from '../support/store.ts';

export type Errands = {
  /** The next thing that happens, through this process; once more through the next one if it dies of it. */
  step(child: Child): Promise<void>;
  /** Nothing is due any more, or `isOver`. */
  rest(isOver: () => boolean): Promise<void>;
  epoch(): number;
  /** The process that runs, as its rows say. */
  runs(child: Child): boolean;
  violations(settled: boolean): string[];
  counts(): { received: number; sent: number; accepted: number };
};

const ownerLimit = { minor: 10_000, currency: 'USD' };

export async function openErrands(dataDir: string): Promise<Errands> {
  const face = await openApp(buildTestConfig(dataDir), { brain: buildErrandBrain() });
  onTestFinished(() => face.close());
  const own = new Database(join(dataDir, 'jorbs.db'), { readonly: true, timeout: 2000 });
  onTestFinished(() => void own.close());
  const count = (query: string) => Number(own.prepare(query).pluck().get() ?? 0);
  const acknowledged: string[] = [];
  let number = 0;
  let command: ChildCommand | undefined;

  const commands: ((n: number) => ChildCommand)[] = [
    (n) => ({ kind: 'create', input: buildErrand(n) }),
    (n) => buildMessage(n - 1, 'Good morning'),
    (n) => buildMessage(n - 2, 'A double room costs $120 in all'),
    (n) => buildMessage(n - 3, 'And breakfast is included'),
  ];

  const answerAll = async () => {
    const pending = await face.owner.store.listPendingApprovals({ jorbId: null, limit: 20 });
    for (const { id } of pending) {
      const answer = { kind: 'accept' as const };
      const { approval } = await prepareAnswer(face.owner, { id, answer });
      await answerApproval(face.owner, { id, hash: approval.hash, answer, confirmedBy: 'terminal' });
    }
  };

  return {
    async step(child) {
      command ??= commands[number++ % commands.length]?.(number - 1);
      if (!command || (await child.ask(command)) === 'died') return;
      if (command.kind === 'receive') acknowledged.push(command.inbound.externalId);
      command = undefined;
      await answerAll();
    },
    async rest(isOver) {
      const work = `select (select count(*) from batch where routed_at is null)
        + (select count(*) from outbox where status in ('queued', 'sending'))
        + (select count(*) from turn where status = 'running')
        + (select count(*) from jorb where status = 'running' and due_at is not null)`;
      const resting = own.prepare(work).pluck();
      await until(() => isOver() || resting.get() === 0);
    },
    epoch: () => count('select epoch from runtime'),
    runs: ({ pid }) =>
      own.prepare('select holder from runtime').pluck().get() === `pid ${pid} on ${hostname()}`,
    violations: (settled) => findViolations(dataDir, { now: Date.now(), acknowledged, settled, ownerLimit }),
    counts: () => ({
      received: acknowledged.length,
      sent: count(`select count(*) from outbox where status = 'sent'`),
      accepted: count(`select count(*) from approval where status = 'accepted'`),
    }),
  };
}

/** A new errand has contacts of its own, so that no limit on messages is in the way of the next. */
function buildErrand(n: number) {
  const addresses = [`hotel-${n}`, `inn-${n}`];
  const { contract, ...rest } = buildNewJorb({ name: `Errand ${n}`, idempotencyKey: `errand-${n}` });
  const counterparties = addresses.map((address) => ({
    ...{ channel: 'loopback' as const, address, name: `The ${address}`, ask: null },
  }));
  const named = counterparties.map(({ channel, address }) => ({ channel, address }));
  return { ...rest, counterparties, contract: { ...contract, counterparties: named } };
}

function buildMessage(errand: number, text: string): ChildCommand {
  return {
    kind: 'receive',
    inbound: {
      ...{
        channel: 'loopback',
        account: 'local',
        from: `hotel-${errand}`,
        inReplyTo: null,
        sentAt: null,
        grade: 'none',
      },
      externalId: `${errand}: ${text}`,
      text,
    },
  };
}
