import { expect, test } from 'vitest';
import type { Mind } from '../../support/models/mind.ts';
import { buildModelRequest, continueRequest } from '../../support/models/model-request.ts';
import { openLocal } from '../../support/models/openai-brains.ts';

const asking: Mind = () => ({
  text: 'I ask the hotel.',
  calls: [
    {
      name: 'send_message',
      arguments: { to: 'loopback:magic', text: 'Free?', confidence: 1, based_on: null },
    },
    { name: 'pause', arguments: { reason: 'for the owner' } },
  ],
});

function render(body: unknown): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

test('sends the first and the second step as the golden files say', async () => {
  const { server, ask } = await openLocal(asking);
  const first = await ask();
  const { steps } = continueRequest(buildModelRequest(), first, {
    isError: true,
    note: 'Two steps are left.',
  });
  await ask({ steps });
  const [one, two] = server.requests;
  expect(server.refused).toEqual([]);
  await expect(render(one?.body)).toMatchFileSnapshot('golden/first-step.json');
  await expect(render(two?.body)).toMatchFileSnapshot('golden/second-step.json');
});
