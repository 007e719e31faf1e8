import { expect, test } from 'vitest';
import type { JorbStatus } from '../../src/domain/jorb.ts';
import { type RouteCandidate, type RouteInput, routeBatch } from '../../src/domain/routing.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { testEpoch } from '../support/clock.ts';

function jorb(
  id: number,
  status: JorbStatus = 'running',
  finishedAgoMs: number | null = null,
): RouteCandidate {
  const finishedAt = finishedAgoMs === null ? null : testEpoch - finishedAgoMs;
  return { id: `jorb_${id}`, name: `jorb ${id}`, status, finishedAt, lastActivityAt: testEpoch };
}

function route(input: Partial<RouteInput>) {
  return routeBatch({ now: testEpoch, repliedTo: undefined, assigned: undefined, candidates: [], ...input });
}

const routes: [string, Partial<RouteInput>, string, string][] = [
  [
    'a reply to a message of a jorb',
    { repliedTo: jorb(1), assigned: jorb(2), candidates: [jorb(3)] },
    'jorb_1',
    'reply',
  ],
  ['a reply to a jorb that finished', { repliedTo: jorb(1, 'complete', dayMs) }, 'jorb_1', 'reply'],
  [
    'a reply to a jorb that finished long ago',
    { repliedTo: jorb(1, 'complete', 15 * dayMs), candidates: [jorb(2)] },
    'jorb_2',
    'only_candidate',
  ],
  [
    'a conversation that the owner assigned',
    { assigned: jorb(2), candidates: [jorb(1), jorb(2)] },
    'jorb_2',
    'assigned',
  ],
  [
    'a conversation assigned to a jorb that finished',
    { assigned: jorb(2, 'complete', 1), candidates: [jorb(1)] },
    'jorb_1',
    'only_candidate',
  ],
  [
    'the only open jorb of a counterparty',
    { candidates: [jorb(1, 'paused'), jorb(2, 'planning'), jorb(3, 'failed', dayMs)] },
    'jorb_1',
    'only_candidate',
  ],
  [
    'the only jorb that finished lately',
    { candidates: [jorb(1, 'complete', dayMs), jorb(2, 'complete', 20 * dayMs)] },
    'jorb_1',
    'late_reply',
  ],
];

test.each(routes)('%s decides', (_, input, jorbId, rule) => {
  expect(route(input)).toMatchObject({ kind: 'routed', jorbId, rule });
});

test.each([
  ['nobody knows the sender', {}, 'no open jorb'],
  ['two open jorbs have the sender', { candidates: [jorb(1), jorb(2, 'paused')] }, 'jorb_1, jorb_2'],
  [
    'two jorbs that finished lately had the sender',
    { candidates: [jorb(1, 'complete', 1), jorb(2, 'cancelled', 1)] },
    '2 finished',
  ],
  ['the only jorb has not started', { candidates: [jorb(1, 'planning')] }, 'no open jorb'],
  ['the only jorb finished long ago', { candidates: [jorb(1, 'complete', 15 * dayMs)] }, 'no open jorb'],
])('is left to the owner when %s', (_, input, reason) => {
  const result = route(input);
  expect(result).toMatchObject({ kind: 'unmatched' });
  expect(result.reason).toContain(reason);
});
