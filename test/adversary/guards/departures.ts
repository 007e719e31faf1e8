/** From the outbox to the wire, and through crashes. */
import { type Guard, guard, never, policy } from './guard.ts';
import { unique } from './sql.ts';

const departure = `${policy}/evaluate-departure.ts`;

export const departures: Guard[] = [
  guard(
    'departure: the bytes',
    'bytes that were changed on their way',
    'src/db/outbox.ts',
    'if (!isUntouched(row, action)) {',
    never,
  ),
  guard(
    'departure: the address',
    'turned to another address',
    'src/db/outbox.ts',
    'payload.to.address === row.address',
    'true',
  ),
  guard(
    'departure: an errand that ended',
    'cancelled behind the queue',
    departure,
    `if (jorb.status === 'cancelled' || jorb.status === 'failed') {`,
    never,
  ),
  guard(
    'cancelling: the queue',
    'fails at once when',
    'src/db/jorb-voiding.ts',
    'for (const { id, actionId } of queued.all({ jorbId: jorbRow })) {',
    'for (const { id, actionId } of [] as { id: number; actionId: number }[]) {',
  ),
  guard(
    'departure: opt-out',
    'does not leave for one who asked to be left alone',
    departure,
    'if (to.optedOut || optedOut) {',
    never,
  ),
  guard(
    'departure: the contract',
    'whom the owner took out since',
    departure,
    'if (isCounterparty(contract, to) || mayBeNew) return undefined;',
    'return undefined;',
  ),
  guard(
    'departure: quiet hours',
    'quiet hours were agreed since',
    departure,
    'if (availableAt > now) return',
    'if (false as boolean) return',
  ),
  {
    name: 'departure: the stop',
    by: 'after the owner said stop',
    edits: [
      { file: departure, find: 'if (stopped) return', replace: 'if (false as boolean) return' },
      { file: 'src/db/outbox.ts', find: 'if (gate.isStopped()) return undefined;', replace: '' },
    ],
  },
  {
    name: 'departure: a pause of the owner',
    by: 'after the owner said pause',
    edits: [
      {
        file: departure,
        find: `if (jorb.status === 'planning' || (jorb.status === 'paused' && jorb.pauseCause === 'owner')) {`,
        replace: never,
      },
      {
        file: 'src/db/outbox-rows.ts',
        find: "isWord(jorb.pauseCause, 'owner')",
        replace: "isWord(jorb.pauseCause, 'error')",
      },
    ],
  },
  guard(
    'wire: what is unknown is not sent again',
    'takes a message and does not say',
    'src/db/outbox.ts',
    `rows.close(row.id, { status: 'unknown', error: outcome.error });`,
    `rows.close(row.id, { status: 'queued', availableAt: retryAt, error: outcome.error });`,
  ),
  guard(
    'recovery: what may have left',
    'a wire that cannot tell',
    'src/runtime/hand-over.ts',
    `    case 'unknown':\n      return {\n        kind: 'unknown',`,
    `    case 'unknown':\n      return {\n        kind: 'retry',`,
  ),
];

export const loops: Guard[] = [
  guard(
    'loop: steps',
    'never ends its turn',
    'src/agent/loop.ts',
    'export const mostSteps = 50;',
    'export const mostSteps = 500;',
  ),
  guard(
    'loop: calls',
    'one answer is worth',
    'src/agent/loop.ts',
    'export const mostCalls = 32;',
    'export const mostCalls = 3200;',
  ),
  guard(
    'loop: errors',
    'only makes mistakes',
    'src/agent/loop.ts',
    'const mostErrorSteps = 3;',
    'const mostErrorSteps = 300;',
  ),
  guard(
    'wake: not sooner than a minute',
    'an errand has one wake',
    'src/db/effect-wake.ts',
    'Math.max(Math.round(at), now + Math.min(shortestWaitMs, followUpMs))',
    'Math.round(at)',
  ),
  guard(
    'stop: no brain is asked',
    'no brain is asked',
    'src/db/turn-claim.ts',
    'if (gate.isStopped()) return undefined;',
  ),
];

export const crashes: Guard[] = [
  guard(
    'fence: the epoch',
    'a runtime whose place was taken',
    'src/db/store.ts',
    'throw new StaleEpoch',
    'void new StaleEpoch',
  ),
  {
    name: 'outcome: done once',
    by: 'is not done again by the next',
    edits: [
      { file: 'src/db/turns.ts', find: 'if (stored) return stored;', replace: '' },
      {
        file: 'src/agent/loop.ts',
        find: 'const stored = run.turn.steps[position]?.outcomes.get(index);',
        replace: 'const stored = undefined;',
      },
    ],
  },
  unique('event_unique', 'one key, an action one message', '`event` (`channel`,`account`,`external_id`)'),
  unique('outbox_action_id_unique', 'one key, an action one message', '`outbox` (`action_id`)'),
  unique('outbox_key_unique', 'one key, an action one message', '`outbox` (`key`)'),
  unique('turn_one_running', 'two turns of one errand', '`turn` (`jorb_id`) WHERE'),
  unique(
    'address_unique',
    'an address is in the file once',
    '`address` (`channel`,`address`)',
    'drizzle/0002_brains.sql',
  ),
  unique('counterparty_position', 'an address is in the file once', '`counterparty` (`jorb_id`,`position`)'),
];
