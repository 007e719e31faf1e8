import { expect, test } from 'vitest';
import { modelProviders } from '../../src/domain/brain.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { steerJorb } from '../../src/runtime/owner/steer-jorb.ts';
import { handsOver } from '../support/models/hands-over.ts';
import type { Mind } from '../support/models/mind.ts';
import { idles, openThinkingWorld } from '../support/models/thinking-world.ts';

const forgets: Mind = (seen) => {
  const answer = handsOver(seen);
  const [written] = answer.calls ?? [];
  return {
    ...answer,
    calls: [{ name: 'write_handoff', arguments: { ...(written?.arguments as object), status: '' } }],
  };
};

test.each(modelProviders)('a handoff is written over the wire of %s, at the second asking', async (wire) => {
  const { world, server, think } = await openThinkingWorld(wire);
  think((seen) => {
    if (!seen.tools.includes('write_handoff')) return idles(seen);
    return seen.steps.length === 0 ? forgets(seen) : handsOver(seen);
  });
  await world.advance(3 * dayMs);
  const asked = server.seen.filter(({ tools }) => tools.includes('write_handoff'));
  expect(asked).toHaveLength(2);
  expect(asked[1]?.steps[0]?.results[0]?.text).toContain('status is empty');
  expect(server.refused).toEqual([]);
  const [row] = world.sql('select status, "by", body from handoff');
  expect(row).toMatchObject({ status: 'accepted', by: wire });
  expect(JSON.parse(String(row?.body))).toMatchObject({ status: 'The errand is under way.' });
  await steerJorb(world.otherFace, 'jorb_1', { guidance: 'And?' });
  await world.settle();
  expect(server.seen.at(-1)?.input[1]).toContain('> status: The errand is under way.');
});
