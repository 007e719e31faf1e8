/**
 * A host as the server sees it: the official client in one of the two eras, on a pipe in memory, with
 * or without a person who answers forms. Behind the face are the real commands on a real file.
 */
import { join } from 'node:path';
import {
  Client,
  type ClientCapabilities,
  type ElicitRequest,
  type ElicitResult,
} from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';
import type { Log } from '../../src/lib/log.ts';
import { openShared, type Shared } from '../../src/mcp/server.ts';
import { serveTransport } from '../../src/mcp/stdio.ts';
import type { Face } from '../../src/runtime/face.ts';
import type { ConfirmMode } from '../../src/runtime/owner/context.ts';
import { buildQueueBrain } from '../support/brains.ts';
import { buildTestLog } from '../support/log.ts';
import { openWorld, type World } from '../support/world.ts';

export const eras = ['2025-11-25', '2026-07-28'] as const;
export type Era = (typeof eras)[number];

/** What the person does with a form that shows them `message`. */
export type Person = (form: ElicitRequest['params']) => ElicitResult | Promise<ElicitResult>;

export type Answer = { text: string; data: Record<string, unknown>; isError: boolean };

export type TestFace = Face & {
  /** Has everyone who listens look again, as the runtime does after a commit. */
  change(): void;
  /** How often somebody asked it to stand for election. */
  readonly stood: number;
  /** How many listen for changes. */
  readonly listening: number;
  logged: Record<string, unknown>[];
};

export type HostOptions = {
  era?: Era;
  person?: Person;
  capabilities?: ClientCapabilities;
  shared?: Shared;
  /** Of a host that is older than its era. */
  supportedProtocolVersions?: string[];
};

export type Host = {
  client: Client;
  /** Resolves when the server has noticed that this host is gone. */
  served: Promise<void>;
  call(name: string, given?: Record<string, unknown>): Promise<Answer>;
};

export const packageRoot = join(import.meta.dirname, '..', '..');

export function openTestFace(
  world: World,
  log: { log: Log; lines: Record<string, unknown>[] } = buildTestLog(),
): TestFace {
  const listeners = new Set<() => void>();
  const change = () => {
    for (const listener of listeners) listener();
  };
  let stood = 0;
  const progressLog = join(world.dataDir, 'jorbs_progress.txt');
  const owner = { ...world.otherFace, written: change };
  return {
    owner,
    version: '0.1.0',
    dataDir: '/home/owner/jorbs',
    packageRoot,
    progressLog,
    log: log.log,
    logged: log.lines,
    change,
    get stood() {
      return stood;
    },
    get listening() {
      return listeners.size;
    },
    stand: () => void stood++,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async readStatus() {
      const { runtime, ...counts } = await owner.store.readStatus(owner.clock.now());
      return {
        ...counts,
        now: owner.clock.now(),
        version: '0.1.0',
        dataDir: '/home/owner/jorbs',
        runtime: runtime && { ...runtime, live: true },
        channels: [{ kind: 'loopback', account: 'local', state: 'connected' }],
        brain: 'script',
        model: null,
        schedules: await owner.store.listSchedules(),
        mail: {
          kind: world.mailbox.mailer.kind,
          target: world.mailbox.mailer.target,
          ...(await owner.store.readMailStatus()),
        },
        progressLog: { file: progressLog, ...(await owner.store.readProgress()) },
        confirm: owner.confirm,
      };
    },
    close: async () => {},
  };
}

/** Without `person` the host has no forms. Closed when the test ends. */
export async function connectHost(
  face: Face,
  {
    era = '2025-11-25',
    person,
    capabilities,
    supportedProtocolVersions,
    shared = openShared(face),
  }: HostOptions = {},
): Promise<Host> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const served = serveTransport(face, far, shared);
  const client = new Client(
    { name: 'host', version: '1.0.0' },
    {
      ...(supportedProtocolVersions && { supportedProtocolVersions }),
      capabilities: capabilities ?? (person ? { elicitation: { form: {} } } : {}),
      versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
    },
  );
  if (person) client.setRequestHandler('elicitation/create', ({ params }) => person(params));
  await client.connect(near);
  onTestFinished(() => client.close());
  return {
    client,
    served,
    async call(name, given = {}) {
      return readAnswer(await client.callTool({ name, arguments: given }));
    },
  };
}

/** A world with a brain that says what it is told, its face and one host. */
export async function openHost(
  options: HostOptions & { confirm?: ConfirmMode } = {},
): Promise<Host & { world: World; face: TestFace; brain: ReturnType<typeof buildQueueBrain> }> {
  const { confirm = 'human' } = options;
  const brain = buildQueueBrain();
  const world = await openWorld({ brain, confirm });
  const face = openTestFace(world);
  return { world, face, brain, ...(await connectHost(face, options)) };
}

export function readAnswer(result: {
  content?: unknown;
  structuredContent?: unknown;
  isError?: boolean | undefined;
}): Answer {
  const [first] = (result.content ?? []) as { type: string; text?: string }[];
  return {
    text: first?.text ?? '',
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
    isError: result.isError === true,
  };
}
