import { expect, test } from 'vitest';
import { askingMind, openLocal, recordTwoSteps } from '../../support/models/openai-brains.ts';

test('sends the first and the second step as the golden files say', async () => {
  const [one, two] = await recordTwoSteps(await openLocal(askingMind));
  await expect(one).toMatchFileSnapshot('golden/first-step.json');
  await expect(two).toMatchFileSnapshot('golden/second-step.json');
});
