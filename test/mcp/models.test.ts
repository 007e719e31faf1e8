import { expect, test } from 'vitest';
import type { SystemStatus } from '../../src/domain/brief.ts';
import { noModelUse } from '../../src/domain/model-money.ts';
import { briefShape, presentBrief } from '../../src/mcp/present/brief.ts';
import { jorbDetailShape, presentJorbDetail } from '../../src/mcp/present/jorb.ts';
import { presentStatus, statusShape } from '../../src/mcp/present/status.ts';
import { emptyBrief, sampleDetail } from '../domain/render/samples.ts';
import { testEpoch } from '../support/clock.ts';

const outage = { since: testEpoch, failures: 1, error: 'it is busy', retryAt: testEpoch, fallbackAt: null };
const at = '2026-11-20T09:00:00.000Z';

const status: SystemStatus = {
  ...{ now: testEpoch, version: '0.1.0', dataDir: '/data', stopped: null, runtime: null, nextDueAt: null },
  jorbs: emptyBrief.open,
  pending: { approvals: 0, unmatched: 0, openBatches: 0, queued: 0, sending: 0, unknown: 0 },
  ...{ channels: [], brain: 'openai', confirm: 'human' },
  progressLog: { file: '/data/jorbs_progress.txt', waiting: 0, error: null, lastAt: null },
  model: { name: 'gpt-6-luna', outage: null, dayMicros: 12_300, dayLimitMicros: 10_000_000 },
  schedules: [],
  mail: {
    ...{ kind: 'smtp', target: 'you@example.com by smtp.example.com:587' },
    ...{ queued: 0, unknown: 0, failed: 0, lastSentAt: null, error: null },
  },
};

test.each([
  [null, { state: 'answers' }],
  [outage, { state: 'down', since: at }],
  [
    { ...outage, fallbackAt: testEpoch },
    { state: 'fallback', since: at },
  ],
])('the status tells how the model is and what it costs: %j', (given, told) => {
  const model = status.model && { ...status.model, outage: given };
  expect(statusShape.parse(presentStatus({ ...status, model })).model).toEqual({
    ...{ name: 'gpt-6-luna', cost_24h: '$0.0123', limit_24h: '$10.0000' },
    ...told,
  });
});

test('the status tells how mail reaches the owner, and what is wrong with it', () => {
  expect(statusShape.parse(presentStatus(status)).mail).toEqual({
    ...{ kind: 'smtp', target: 'you@example.com by smtp.example.com:587' },
    ...{ queued: 0, unknown: 0, failed: 0 },
  });
  const mail = { ...status.mail, failed: 1, lastSentAt: testEpoch, error: 'it is busy' };
  expect(presentStatus({ ...status, mail }).mail).toMatchObject({
    ...{ failed: 1, last_sent_at: at, error: 'it is busy' },
  });
});

test('a brief tells what models cost and since when they are down', () => {
  const told = presentBrief({ ...emptyBrief, models: { costMicros: 1, outage } }, 300);
  expect(briefShape.parse(told)).toMatchObject({ model_cost: '$0.0001', model_down_since: at });
  expect(presentBrief(emptyBrief, 300)).not.toHaveProperty('model_cost');
});

test('a jorb tells what models took for it, of what they may', () => {
  const models = { ...noModelUse, calls: 2, costMicros: 12_300, inputTokens: 900, outputTokens: 70 };
  const told = presentJorbDetail({ ...sampleDetail, models, modelLimitMicros: 5_000_000 });
  const expected = { cost: '$0.0123', limit: '$5.0000', tokens: 970 };
  expect(jorbDetailShape.parse(told).models).toEqual(expected);
  expect(presentJorbDetail(sampleDetail)).not.toHaveProperty('models');
});

test('a jorb can be shown whatever its models have counted', () => {
  const models = { ...noModelUse, calls: 900, inputTokens: 9_000_000_000, outputTokens: 9_000_000_000 };
  const told = presentJorbDetail({ ...sampleDetail, models });
  expect(jorbDetailShape.parse(told).models?.tokens).toBe(18_000_000_000);
});
