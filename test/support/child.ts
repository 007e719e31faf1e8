/**
 * A real process of the real program, for tests that kill it: `fork(bundle, [options as JSON])`. It
 * says `ready` once its face is open, does what it is told, and kills itself at a named point.
 */
import { openApp } from '../../src/app.ts';
import type { Inbound } from '../../src/domain/message.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import { buildReceive } from '../../src/runtime/inbox.ts';
import type { FailpointName } from '../../src/runtime/stage.ts';
import { buildTestConfig } from './config.ts';
import { buildErrandBrain } from './errand-brain.ts';

export type ChildOptions = {
  dataDir: string;
  packageRoot: string;
  /** Where it dies, the first time it gets there. */
  failpoint: FailpointName | null;
};

export type ChildCommand =
  | { kind: 'stand' }
  | { kind: 'receive'; inbound: Inbound }
  | { kind: 'create'; input: NewJorb };

export type ChildReply = 'ready' | { id: number; error: string | null };

const options: ChildOptions = JSON.parse(process.argv[2] ?? '{}');

const failpoint = (name: FailpointName) => {
  if (name === options.failpoint) process.kill(process.pid, 'SIGKILL');
};

const { dataDir, packageRoot } = options;
const config = buildTestConfig(dataDir, { packageRoot });
const face = await openApp(config, { brain: buildErrandBrain(), failpoint });
const { owner } = face;
const receive = buildReceive({ ...owner, debounce: { loopback: 5 }, failpoint });

process.on('message', async ({ id, command }: { id: number; command: ChildCommand }) => {
  try {
    await carryOut(command);
    reply({ id, error: null });
  } catch (error) {
    reply({ id, error: String(error) });
  }
});
reply('ready');

async function carryOut(command: ChildCommand): Promise<void> {
  switch (command.kind) {
    case 'stand':
      return face.stand();
    case 'receive':
      return void (await receive(command.inbound));
    case 'create':
      await owner.store.createJorb(command.input, owner.clock.now());
      return owner.written();
  }
}

function reply(message: ChildReply): void {
  process.send?.(message);
}
