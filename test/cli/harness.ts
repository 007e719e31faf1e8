import { stripVTControlCharacters } from 'node:util';
import { openApp } from '../../src/app.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Approval } from '../../src/domain/approval.ts';
import { noUsage } from '../../src/domain/brain.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { Face } from '../../src/runtime/face.ts';
import { injectMessage } from '../../src/runtime/owner/inject-message.ts';
import { buildFakeClock, type FakeClock } from '../support/clock.ts';
import { buildTestConfig } from '../support/config.ts';
import { makeTestFolder } from '../support/folder.ts';
import { buildNewJorb, buildWidening } from '../support/store.ts';

export type CliRun = { code: number; out: string; err: string };

export type Cli = {
  clock: FakeClock;
  dataDir: string;
  /** Runs one command. With `typed`, a person sits at a terminal and types these lines; then input ends. */
  run(
    line: string[],
    typed?: string[] | ((out: string) => string | undefined),
    io?: Partial<CliIo>,
  ): Promise<CliRun>;
  /** Works on the folder as another face would. */
  withFace<T>(work: (face: Face) => Promise<T>): Promise<T>;
};

export const testCode = 'ABCD2345';

export function openCli(): Cli {
  const clock = buildFakeClock();
  /** A short command waits for nothing, so its face gets the time but no timers. */
  const still = { now: clock.now, at: () => () => {} };
  const dataDir = makeTestFolder();
  return {
    clock,
    dataDir,
    async run([command = '', ...args], typed, change = {}) {
      const out: string[] = [];
      const err: string[] = [];
      const lines = Array.isArray(typed) ? [...typed] : [];
      const io: CliIo = {
        stdout: { write: (text) => out.push(text) },
        stderr: { write: (text) => err.push(text) },
        isTerminal: typed !== undefined,
        color: false,
        columns: 80,
        ask: async (question) => {
          out.push(question);
          return typeof typed === 'function' ? typed(out.join('')) : lines.shift();
        },
        signal: new AbortController().signal,
        openApp: (config) => openApp(config, { clock: still }),
        openFile: () => Promise.reject(new Error('nobody opens files')),
        tokens: { code: () => testCode, key: () => 'k'.repeat(32) },
        self: { command: process.execPath, args: [] },
        ...change,
      };
      const code = await runCli(buildTestConfig(dataDir, { command, args }), io);
      return { code, out: out.join(''), err: err.join('') };
    },
    async withFace(work) {
      const face = await openApp(buildTestConfig(dataDir), { clock: still });
      try {
        return await work(face);
      } finally {
        await face.close();
      }
    },
  };
}

export function seedJorb(cli: Cli): Promise<JorbId> {
  return cli.withFace(async ({ owner }) => {
    const { jorb } = await owner.store.createJorb(buildNewJorb(), cli.clock.now());
    return jorb.id;
  });
}

/** A jorb that waits for a wider contract. */
export function seedWidening(cli: Cli): Promise<Approval> {
  return cli.withFace(async ({ owner }) => {
    const created = await owner.store.createJorb(
      buildNewJorb({ widening: buildWidening() }),
      cli.clock.now(),
    );
    return readApproval(owner.store, created.approvalId);
  });
}

/** A jorb whose agent wants to book, after `magic` wrote. */
export async function seedBooking(
  cli: Cli,
  text = 'Yes, please book the king for $289 a night.',
): Promise<Approval> {
  return cli.withFace(async ({ owner }) => {
    const { store, evaluate } = owner;
    const now = cli.clock.now();
    const { jorb } = await store.createJorb(buildNewJorb(), now);
    const fence = await store.raiseEpoch('test', now);
    const turn = await store.claimTurn(fence, 60_000, now);
    if (!turn) throw new Error('the jorb is due');
    const step = { turnId: turn.id, position: 0, leaseMs: 60_000 };
    const effect = {
      kind: 'send_message' as const,
      to: 'loopback:magic',
      text,
      price: { minor: 1156_00, currency: 'USD', quantity: 4, per: 'night' },
      label: 'purchase' as const,
      basedOn: null,
      confidence: 1,
    };
    const call = { id: 'call_1', name: 'send_message', arguments: {} };
    const answer = {
      wire: 'rules',
      items: [],
      reasoning: 'Magic offers a king within the limit.',
      confidence: 0.9,
      basedOn: [],
      toolCalls: [call],
      usage: noUsage,
      call: null,
      stop: 'tools' as const,
    };
    await store.saveAnswer(fence, step, answer, 'rules', now);
    await store.applyEffect(fence, { step, call: 0, effect, evaluate }, now);
    await store.finishTurn(fence, turn.id, now);
    const [approval] = await store.listPendingApprovals({ jorbId: jorb.id, limit: 1 });
    return readApproval(store, approval?.id ?? null);
  });
}

/** A message from somebody no jorb knows, taken as far as the owner's inbox. */
export function seedStranger(cli: Cli): Promise<void> {
  return cli.withFace(async ({ owner }) => {
    const { store, clock } = owner;
    const request = {
      channel: 'loopback' as const,
      from: 'stranger',
      text: 'Is the bike still for sale?',
      externalId: 'x1',
      inReplyTo: null,
    };
    const { releaseAt } = await injectMessage(owner, request);
    cli.clock.advance(releaseAt - clock.now());
    const fence = await store.raiseEpoch('test', clock.now());
    await store.releaseBatch(fence, clock.now());
    await store.routeBatch(fence, () => ({ kind: 'unmatched', reason: 'nobody knows them' }), clock.now());
  });
}

export function withoutColor(text: string): string {
  return stripVTControlCharacters(text);
}

async function readApproval(store: Face['owner']['store'], id: Approval['id'] | null): Promise<Approval> {
  const approval = id && (await store.getApproval(id));
  if (!approval) throw new Error('nothing was asked');
  return approval;
}
