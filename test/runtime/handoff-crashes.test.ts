import { describe, expect, test } from 'vitest';
import { BrainError } from '../../src/domain/brain.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { call } from '../support/brains.ts';
import { type HandingWorld, handOver, openHandingWorld } from '../support/handing-world.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';

const operations = ['beginReset', 'claimHandoff', 'acceptHandoff', 'failHandoff', 'postponeHandoff'];
const places = [
  ...listKilledBy('handoffs'),
  ...operations.flatMap((name) => [`before ${name}`, `after ${name}`]),
];

/** Two errands: one is handed over at the second asking; the other first meets a model that is down, and then one that says nothing. */
async function open(): Promise<HandingWorld> {
  const handing = await openHandingWorld({ jorbs: 2 });
  const asked = { jorb_1: 0, jorb_2: 0 };
  handing.write((request, signal) => {
    const id = request.jorbId as 'jorb_1' | 'jorb_2';
    asked[id] += 1;
    if (id === 'jorb_1')
      return request.steps.length === 0 ? [call('write_handoff', {})] : handOver(request, signal);
    if (asked.jorb_2 === 1) throw new BrainError('busy', { kind: 'overload', usage: null });
    return [];
  });
  return handing;
}

function readResult({ world, listHandoffs, listResets }: HandingWorld) {
  return {
    handoffs: listHandoffs().map(({ jorb_id: id, status, by, error }) => ({ id, status, by, error })),
    resets: listResets().map(({ finished_at: at }) => at !== null),
    entries: world.sql('select count(*) as entries from progress_entry where written_at is not null'),
    audit: world.sql("select what, count(*) as times from audit where what like 'handoff.%' group by what"),
    jorbs: world.sql('select id, handoff_id from jorb order by id'),
    notices: world.sql("select count(*) as notices from notice where kind = 'handoff'"),
  };
}

const expected = {
  handoffs: [
    { id: 1, status: 'accepted', by: 'openai', error: null },
    { id: 2, status: 'failed', by: null, error: expect.stringContaining('no handoff that can be used') },
  ],
  resets: [true],
  entries: [{ entries: 1 }],
  audit: [
    { what: 'handoff.accepted', times: 1 },
    { what: 'handoff.failed', times: 1 },
  ],
  jorbs: [
    { id: 1, handoff_id: 1 },
    { id: 2, handoff_id: null },
  ],
  notices: [{ notices: 1 }],
};

describe('a process that dies over a handoff', () => {
  test('could die at each of these places', async () => {
    const handing = await open();
    const passed = new Set<string>();
    handing.world.diesAt = (point) => {
      passed.add(point);
      return false;
    };
    await handing.world.advance(4 * dayMs);
    expect(places.filter((place) => !passed.has(place))).toEqual([]);
    expect(readResult(handing)).toEqual(expected);
  });

  test.each(places)('at %s leaves it to the next, which neither loses nor doubles it', async (place) => {
    for (const nth of [1, 2]) {
      const handing = await open();
      handing.world.diesAt = dieOnce((point) => point === place, nth);
      await handing.world.advance(4 * dayMs);
      expect(readResult(handing), `${place}, ${nth}`).toEqual(expected);
      expect(handing.world.crashes).toBeLessThanOrEqual(1);
      if (nth === 1) expect(handing.world.crashes).toBe(1);
    }
  });
});
