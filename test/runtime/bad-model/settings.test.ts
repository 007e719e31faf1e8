import { describe, expect, test } from 'vitest';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import { modelProviders } from '../../../src/domain/brain.ts';
import { secondMs } from '../../../src/lib/duration.ts';
import { expectPaused, expectReplied, readOwnerTexts } from '../../support/models/expect-thinking.ts';
import { startFakeServer } from '../../support/models/fake-server.ts';
import type { Fault } from '../../support/models/fault.ts';
import { openThinkingWorld, replies } from '../../support/models/thinking-world.ts';

const names = {
  openai: { name: 'OpenAI', likeness: 'OpenAI' },
  anthropic: { name: 'Anthropic', likeness: 'Anthropic' },
  local: { name: 'the model server', likeness: 'an OpenAI-compatible server' },
};
const status = (code: number, body?: unknown): Fault => ({
  ...{ kind: 'status', status: code },
  ...(body !== undefined && { body }),
});

describe.each(modelProviders)('a setting of %s that is wrong pauses with one sentence:', (wire) => {
  const { name, likeness } = names[wire];
  const stranger = `LLM_BASE_URL answers, but not as ${likeness} does`;
  const path = wire === 'anthropic' ? '' : ', which mostly ends in /v1';

  const settings: [string, (url: string) => Partial<ModelOptions>, string][] = [
    ['a wrong key', () => ({ apiKey: 'sk-wrong-98765432' }), `${name} does not accept LLM_API_KEY: check it`],
    [
      'no key where one is wanted',
      () => ({ apiKey: '' }),
      wire === 'anthropic' ? 'LLM_API_KEY is no key of Anthropic' : `${name} wants a key: set LLM_API_KEY`,
    ],
    [
      'a model that does not exist',
      () => ({ model: 'model-9' }),
      `${name} has no model "model-9": check AGENT_MODEL`,
    ],
    [
      'an address with another path',
      (url) => ({ baseUrl: `${url}/api` }),
      `${stranger} (status 404): check the address${path}`,
    ],
    [
      'an address that nobody dials',
      () => ({ baseUrl: 'http://127.0.0.1:6000/v1' }),
      'LLM_BASE_URL names a port that is never dialled: check the address',
    ],
  ];

  test.each(settings)('%s', async (_, wrong, reason) => {
    const thinking = await openThinkingWorld(wire);
    await thinking.restart(wrong(thinking.server.url));
    await thinking.hear();
    await expectPaused(thinking, reason);
    expect(await readOwnerTexts(thinking)).not.toContain('98765432');
    thinking.think(replies);
    await thinking.restart();
    await thinking.resume();
    await expectReplied(thinking);
  });

  const faults: [string, Fault, string][] = [
    ['a page', { kind: 'html' }, `${stranger}: check the address`],
    [
      'a page that is not there',
      status(404, '<html><body><h1>Not here</h1></body></html>'),
      `${stranger} (status 404): check the address${path}`,
    ],
    ['another API', status(200, { hello: 'world' }), `${stranger}: check the address`],
    [
      'a redirect',
      { kind: 'redirect', to: 'http://127.0.0.1:1/' },
      `${stranger} (status 307): check the address${path}`,
    ],
    [
      'no credit',
      status(402),
      `the account at ${name} has no credit ${wire === 'anthropic' ? '' : 'or quota '}left: top it up`,
    ],
    [
      'a conversation that does not fit',
      status(413),
      'the conversation is too long for the model "model-1": AGENT_MODEL may name one that takes more',
    ],
  ];

  test.each(faults)('%s', async (_, fault, reason) => {
    const thinking = await openThinkingWorld(wire);
    thinking.server.faults.push(fault);
    await thinking.hear();
    await expectPaused(thinking, reason);
    thinking.think(replies);
    await thinking.resume();
    await expectReplied(thinking);
  });

  test('a refusal of the request in words of the provider, without its key and its stack', async () => {
    const thinking = await openThinkingWorld(wire);
    const words = `Bad field for ${thinking.server.key}.\n    at handler (/srv/app.js:10:5)${' and so on'.repeat(900)}.`;
    const error =
      wire === 'anthropic'
        ? { type: 'error', error: { type: 'invalid_request_error', message: words } }
        : { error: { message: words, type: 'invalid_request_error', code: null } };
    thinking.server.faults.push(status(400, error));
    await thinking.hear();
    const [row] = thinking.world.sql('select reason from jorb');
    await expectPaused(thinking, String(row?.reason));
    expect(row?.reason).toMatch(new RegExp(`^${name} refused the request: Bad field for \\[key\\]`));
  });

  test('nobody at the address is waited for, and costs nothing', async () => {
    const thinking = await openThinkingWorld(wire);
    const gone = await startFakeServer({
      answer: () => ({ raw: '' }),
      errorBody: () => '',
      errorEvent: () => ({ data: '' }),
    });
    await gone.close();
    await thinking.restart({ baseUrl: `${gone.url}/v1` });
    await thinking.hear();
    expect(thinking.world.sql('select status, cost_micros from model_call order by id desc limit 1')).toEqual(
      [{ status: 'settled', cost_micros: 0 }],
    );
    expect(await readOwnerTexts(thinking)).toContain(`${name} cannot be reached (ECONNREFUSED); asked again`);
    thinking.think(replies);
    await thinking.restart();
    await thinking.world.advance(15 * secondMs);
    expect(thinking.world.wire.lines).toHaveLength(1);
  });
});
