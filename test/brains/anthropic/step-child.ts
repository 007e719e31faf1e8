/** One step in a process of its own, whose environment and stdout a test looks at. The answer goes to the parent. */
import { buildAnthropicBrain } from '../../../src/brains/anthropic/anthropic-brain.ts';
import { buildRequest, model } from './ask.ts';

const [baseUrl, apiKey = ''] = process.argv.slice(2);
const brain = buildAnthropicBrain({
  apiKey,
  baseUrl,
  model,
  computeCost: () => 0,
  mostOutputTokens: 4000,
  now: Date.now,
});
const answer = await brain.step(buildRequest(), new AbortController().signal);
process.send?.(answer.reasoning);
