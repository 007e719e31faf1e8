import { expect, test } from 'vitest';
import type { JorbStatus } from '../../src/domain/jorb.ts';
import {
  concludeRouting,
  concludeWithoutModel,
  leaveToOwner,
  type RouteCandidate,
  type RouteInput,
  routeBatch,
} from '../../src/domain/routing.ts';
import { defaultThresholds as thresholds } from '../../src/domain/thresholds.ts';
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

function inputOf(input: Partial<RouteInput>): RouteInput {
  const nothing = { repliedTo: undefined, assigned: undefined, candidates: [], hasOpenJorb: true };
  const lately = { asked: 0, ofSender: 0 };
  return { now: testEpoch, stopped: false, lately, ...nothing, ...input };
}

const route = (input: Partial<RouteInput>) => routeBatch(inputOf(input));

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

const undecided: [string, Partial<RouteInput>, string][] = [
  ['nobody knows the sender', {}, 'no open jorb'],
  ['two open jorbs have the sender', { candidates: [jorb(1), jorb(2, 'paused')] }, 'jorb_1, jorb_2'],
  ['the only jorb finished long ago', { candidates: [jorb(1, 'complete', 15 * dayMs)] }, 'no open jorb'],
];

test.each(undecided)('the rules do not decide when %s', (_, input, reason) => {
  const verdict = route(input);
  expect(verdict).toMatchObject({ kind: 'undecided', reason: expect.stringContaining(reason) });
  expect(leaveToOwner(verdict)).toEqual({ kind: 'unmatched', reason: verdict.reason });
});

test.each([
  ['nobody knows the sender and no jorb is open', { hasOpenJorb: false }, 'no open jorb'],
  [
    'two jorbs that finished lately had the sender',
    { candidates: [jorb(1, 'complete', 1), jorb(2, 'cancelled', 1)] },
    '2 finished',
  ],
  [
    'the only jorb has not started',
    { candidates: [jorb(1, 'planning')], hasOpenJorb: false },
    'no open jorb',
  ],
])('is left to the owner when %s', (_, input, reason) => {
  const result = route(input);
  expect(result).toMatchObject({ kind: 'unmatched' });
  expect(result.reason).toContain(reason);
});

const two = { candidates: [jorb(1), jorb(2)] };
const conclude = (
  choice: { jorbId: 'jorb_2' | null; confidence: number },
  {
    input = two,
    chosen = jorb(2),
  }: { input?: Partial<RouteInput>; chosen?: RouteCandidate | undefined } = {},
) => {
  const reason = 'it names the hotel';
  return concludeRouting(inputOf(input), { choice: { ...choice, reason }, chosen, thresholds });
};

test.each([
  [1, 'routed', undefined],
  [0.85, 'routed', undefined],
  [0.8499, 'unmatched', { jorbId: 'jorb_2', confidence: 0.8499 }],
  [0.5, 'unmatched', { jorbId: 'jorb_2', confidence: 0.5 }],
  [0.4999, 'unmatched', undefined],
  [0, 'unmatched', undefined],
  [Number.NaN, 'unmatched', undefined],
] as const)('a model that is %d sure: %s', (confidence, kind, suggestion) => {
  const route = conclude({ jorbId: 'jorb_2', confidence });
  expect(route.kind).toBe(kind);
  if (route.kind === 'routed') expect(route).toMatchObject({ jorbId: 'jorb_2', rule: 'model' });
  else expect(route.suggestion).toEqual(suggestion);
});

test('a model that finds none leaves it to the owner, with what it said', () => {
  const route = conclude({ jorbId: null, confidence: 1 });
  expect(route).toMatchObject({ kind: 'unmatched', reason: expect.stringContaining('“it names the hotel”') });
  expect(route).not.toHaveProperty('suggestion');
});

test.each([
  ['a jorb that finished meanwhile', jorb(2, 'complete', 1), 'complete by now'],
  ['a jorb that has not started', jorb(2, 'planning'), 'planning by now'],
  ['a jorb that is not there', undefined, 'gone by now'],
])('a model cannot choose %s', (_, chosen, reason) => {
  const choice = { jorbId: 'jorb_2' as const, confidence: 1, reason: 'it must be' };
  const route = concludeRouting(inputOf(two), { choice, chosen, thresholds });
  expect(route).toMatchObject({ kind: 'unmatched', reason: expect.stringContaining(reason) });
});

test('what the rules decide meanwhile goes before what a model chose', () => {
  const input = { ...two, assigned: jorb(1) };
  expect(conclude({ jorbId: 'jorb_2', confidence: 1 }, { input })).toMatchObject({
    jorbId: 'jorb_1',
    rule: 'assigned',
  });
  expect(concludeWithoutModel(inputOf(input), 'the model is down')).toMatchObject({ jorbId: 'jorb_1' });
});

test('where no model could be asked, the owner reads why', () => {
  expect(concludeWithoutModel(inputOf(two), 'the model is down')).toEqual({
    kind: 'unmatched',
    reason: '2 open jorbs have this counterparty: jorb_1, jorb_2; the model is down',
  });
});
