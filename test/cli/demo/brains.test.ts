/** The demo's errand with a model behind it, over each real wire against its fake server. */
import { expect, it } from 'vitest';
import { startChatServer } from '../../support/models/chat-server.ts';
import { errandMind } from '../../support/models/errand-mind.ts';
import { startMessagesServer } from '../../support/models/messages-server.ts';
import { startResponsesServer } from '../../support/models/responses-server.ts';
import { startDemo } from './start-demo.ts';

const mind = errandMind;
const prices = { 'errand-model': { in: 1, out: 5, cacheRead: 0.1, cacheWrite: 1.25 } };

const wires = {
  openai: async () => {
    const server = await startResponsesServer({ mind });
    return { server, key: server.key, url: `${server.url}/v1` };
  },
  anthropic: async () => {
    const server = await startMessagesServer({ mind });
    return { server, key: server.key, url: server.url };
  },
  local: async () => {
    const server = await startChatServer({ mind });
    return { server, key: server.key, url: `${server.url}/v1` };
  },
};

it.each(Object.entries(wires))(
  '%s does the errand of the demo',
  async (brain, start) => {
    const { server, key, url } = await start();
    const { output, ended } = startDemo(['--brain', brain], {
      LLM_API_KEY: key ?? '',
      LLM_BASE_URL: url,
      AGENT_MODEL: 'errand-model',
      MODEL_PRICES: JSON.stringify(prices),
    });
    const [code] = await ended;
    const { out, err } = output;
    expect({ code, err, refused: server.refused }).toEqual({ code: 0, err: '', refused: [] });
    expect(out).toContain('Price: $289.00 per night × 4 = $1,156.00');
    expect(out).toMatch(/refused +“Our address is/);
    expect(out).toContain('jorb_1 is complete');
    expect(out).not.toContain('1842 Hyde');
    expect(server.requests.length).toBeGreaterThan(3);
  },
  90_000,
);
