import { expect, test } from 'vitest';
import {
  type Actor,
  actors,
  type JorbCommand,
  type JorbStatus,
  jorbCommands,
  jorbStatuses,
  transition,
} from '../../src/domain/jorb.ts';
import { expectOneSentence } from '../support/refusals.ts';

/** Every move there is. What is not here is refused. */
const moves: [JorbStatus, JorbCommand, JorbStatus, Actor[]][] = [
  ['planning', 'start', 'running', ['owner']],
  ['planning', 'cancel', 'cancelled', ['owner']],
  ['running', 'pause', 'paused', ['owner', 'agent', 'runtime']],
  ['running', 'cancel', 'cancelled', ['owner']],
  ['running', 'complete', 'complete', ['agent']],
  ['running', 'fail', 'failed', ['agent', 'runtime']],
  ['paused', 'resume', 'running', ['owner']],
  ['paused', 'cancel', 'cancelled', ['owner']],
  ['paused', 'fail', 'failed', ['agent', 'runtime']],
];

const all = jorbStatuses.flatMap((status) =>
  jorbCommands.flatMap((command) => actors.map((actor) => [status, command, actor] as const)),
);

test.each(all)('%s, %s by the %s', (status, command, actor) => {
  const move = moves.find(([from, by, , who]) => from === status && by === command && who.includes(actor));
  const result = transition(status, command, actor);
  if (move) return expect(result).toEqual({ ok: true, value: move[2] });
  expect(result.ok).toBe(false);
  if (!result.ok) expectOneSentence(result.error);
  return undefined;
});

test('no model can start, resume or cancel', () => {
  const byAgent = all
    .filter(([status, command]) => transition(status, command, 'agent').ok)
    .map(([, command]) => command);
  expect([...new Set(byAgent)].sort()).toEqual(['complete', 'fail', 'pause']);
});
