import { expect, test, vi } from 'vitest';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import type { BrainError } from '../../../src/domain/brain.ts';
import type { Fault } from './fault.ts';
import type { Mind } from './mind.ts';
import { catchBrainError, type Opened } from './openai-brains.ts';

type Expected = Partial<Pick<BrainError, 'kind' | 'retryAfterMs' | 'usage'>> & { message?: RegExp };
type Open = (mind: Mind, options?: Partial<ModelOptions>) => Promise<Opened>;

const answering: Mind = () => ({
  text: 'I ask the hotel.',
  calls: [{ name: 'pause', arguments: { reason: 'x' } }],
});
const hour = 3_600_000;
const key = 'sk-proj-0123456789abcdef';

function status(code: number, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault {
  return { kind: 'status', status: code, ...more };
}

function complain(code: string, message: string): { body: unknown } {
  return { body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}

/** Nothing was taken, and asking again is no use. */
const permanent: Expected = { kind: 'permanent', usage: null, retryAfterMs: null };
const overload: Expected = { kind: 'overload', usage: null, retryAfterMs: null };
/** Nobody knows what was taken. */
const cut: Expected = { kind: 'timeout', usage: undefined };

const cases: [string, Fault, Expected][] = [
  ['a wrong key', status(401), { ...permanent, message: /does not accept LLM_API_KEY/ }],
  ['a forbidden key', status(403), { ...permanent, message: /does not accept LLM_API_KEY/ }],
  ['no credit', status(402), { ...permanent, message: /no credit or quota/ }],
  [
    'a used up quota',
    status(429, complain('insufficient_quota', 'You exceeded your current quota.')),
    { ...permanent, message: /no credit or quota/ },
  ],
  [
    'an unknown model',
    status(404, complain('model_not_found', 'The model `model-1` does not exist.')),
    { ...permanent, message: /has no model "model-1": check AGENT_MODEL/ },
  ],
  [
    'an address without the API',
    status(404, { body: '404 page not found' }),
    { ...permanent, message: /check the address, which mostly ends in .v1/ },
  ],
  ['a redirect', status(302, { body: '' }), { ...permanent, message: /LLM_BASE_URL answers, but not as/ }],
  ['a page', { kind: 'html' }, { ...permanent, message: /LLM_BASE_URL answers, but not as/ }],
  [
    'a bad request',
    status(400, complain('unsupported', 'No such thing.')),
    { ...permanent, message: /refused the request: No such thing$/ },
  ],
  [
    'a conversation that is too long',
    status(400, complain('context_length_exceeded', 'Too long.')),
    { kind: 'too_long', usage: null, message: /too long for the model "model-1"/ },
  ],
  ['a body that is too large', status(413), { kind: 'too_long', usage: null }],
  ['too many requests', status(429), overload],
  ['a wait in seconds', status(429, { retryAfter: 17 }), { ...overload, retryAfterMs: 17_000 }],
  ['a wait in parts of a second', status(429, { retryAfter: '1.5' }), { ...overload, retryAfterMs: 1500 }],
  [
    'a wait until a date',
    status(503, { retryAfter: 'Fri, 20 Nov 2026 12:00:30 GMT' }),
    { ...overload, retryAfterMs: 30_000 },
  ],
  [
    'a wait until a date in the past',
    status(503, { retryAfter: 'Fri, 20 Nov 2026 11:00:30 GMT' }),
    { ...overload, retryAfterMs: 0 },
  ],
  ['a wait of a day', status(429, { retryAfter: 86_400 }), { ...overload, retryAfterMs: hour }],
  ['a wait of nonsense', status(429, { retryAfter: 'soon' }), overload],
  ['an error of the server', status(500), overload],
  ['an unavailable server', status(503), overload],
  ['an overloaded server', status(529), overload],
  ['a gateway without an answer', status(502), { ...overload, usage: undefined }],
  ['a gateway that gave up', status(504), { kind: 'timeout', usage: undefined }],
  [
    'an error in the stream',
    { kind: 'midstream', type: 'server_error' },
    { kind: 'overload', usage: undefined },
  ],
  [
    'an error as the first event',
    { kind: 'midstream', type: 'server_error', after: 0 },
    { kind: 'overload', usage: undefined },
  ],
  ['a connection cut in the answer', { kind: 'cut' }, cut],
  ['a connection cut before the first event', { kind: 'cut', after: 0 }, cut],
  ['an answer without its end', { kind: 'short' }, cut],
  ['an empty stream', { kind: 'short', after: 0 }, cut],
  ['a connection reset at once', { kind: 'reset' }, { ...cut, message: /cannot be reached \(\w+\)/ }],
  ['a stream that is no JSON', { kind: 'garbage' }, { kind: 'malformed', usage: undefined }],
];

/** What each fault of a server becomes, for both of OpenAI's wires. */
export function describeFaults(open: Open): void {
  test.each(cases)('%s becomes an error by which its reader knows what to do', async (_, fault, expected) => {
    const { server, ask } = await open(answering);
    server.faults.push(fault);
    const { kind, retryAfterMs, usage, message } = await catchBrainError(ask());
    const { message: pattern = /./, ...fields } = expected;
    expect({ kind, retryAfterMs, usage }).toMatchObject(fields);
    expect(message).toMatch(pattern);
    expect(message.length).toBeLessThan(300);
    // Retries are the caller's, in rows.
    expect(server.requests).toHaveLength(1);
    expect((await ask()).toolCalls).toHaveLength(1);
  });

  test('a server that is not there cannot be reached, and has counted nothing', async () => {
    const { server, ask } = await open(answering);
    await server.close();
    const { kind, usage, message } = await catchBrainError(ask());
    expect({ kind, usage }).toEqual({ kind: 'timeout', usage: null });
    expect(message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  test('names ROUTER_MODEL when the router asks for an unknown model', async () => {
    const { server, ask } = await open(answering);
    server.faults.push(status(404, complain('model_not_found', 'No such model.')));
    expect((await catchBrainError(ask({ purpose: 'routing', jorbId: null }))).message).toMatch(
      /check ROUTER_MODEL/,
    );
  });

  test('an endless answer is left after two megabytes', async () => {
    const { server, ask } = await open(() => ({ text: 'ham '.repeat(100_000) }));
    server.faults.push({ kind: 'endless', after: 6 });
    const { kind, usage } = await catchBrainError(ask());
    expect({ kind, usage }).toEqual({ kind: 'malformed', usage: undefined });
    await server.waitForHangUp();
  });

  test('an answer of three megabytes is not read to its end', async () => {
    const { ask } = await open(() => ({ text: 'x'.repeat(3_000_000) }));
    const { kind, usage } = await catchBrainError(ask());
    expect({ kind, usage }).toEqual({ kind: 'malformed', usage: undefined });
  });

  test('an answer of a megabyte and more is not kept, but counted', async () => {
    const { ask } = await open(() => ({ text: 'x'.repeat(1_200_000) }));
    const { kind, usage } = await catchBrainError(ask());
    expect(kind).toBe('malformed');
    expect(usage?.outputTokens).toBeGreaterThan(100_000);
  });

  test.each<Fault>([{ kind: 'hang' }, { kind: 'stall' }, { kind: 'stall', after: 0 }])(
    'an abort ends the call at once with the reason of the signal: %o',
    async (fault) => {
      const { server, ask } = await open(answering);
      server.faults.push(fault);
      const stop = new AbortController();
      const step = ask({}, stop.signal);
      await server.waitForRequests(1);
      const reason = new Error('the owner stopped it');
      stop.abort(reason);
      await expect(step).rejects.toBe(reason);
      await server.waitForHangUp();
    },
  );

  test('nothing is sent once the signal is aborted', async () => {
    const { server, ask } = await open(answering);
    const reason = new Error('stopped');
    await expect(ask({}, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test('no key and no credential of the address is in an error', async () => {
    const { server, ask } = await open(answering, { apiKey: key });
    const body = complain('x', `Incorrect key ${key} or sk-other0123456789 at https://me:pass@host/v1`);
    for (const code of [400, 401, 403, 429, 500]) server.faults.push(status(code, body));
    for (const _ of server.faults.slice()) {
      const { message } = await catchBrainError(ask());
      expect(message).not.toMatch(/0123456789|pass/);
    }
    expect(server.requests).toHaveLength(5);
  });

  test('an address with a password and a key that no header can carry are refused before the call', async () => {
    for (const options of [
      { baseUrl: 'http://me:secret-word@127.0.0.1:9/v1' },
      { apiKey: 'sk-secret-word\n' },
    ]) {
      const { ask } = await open(answering, options);
      const { kind, usage, message } = await catchBrainError(ask());
      expect({ kind, usage }).toEqual({ kind: 'permanent', usage: null });
      expect(message).not.toMatch(/secret-word/);
    }
  });

  test('nothing is written to the terminal, whatever goes wrong', async () => {
    vi.stubEnv('OPENAI_LOG', 'debug');
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const consoles = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name),
    );
    const { server, ask } = await open(answering);
    const faults: Fault[] = [
      status(401),
      status(500),
      { kind: 'garbage' },
      { kind: 'cut' },
      { kind: 'html' },
    ];
    server.faults.push(...faults);
    for (const _ of faults) await catchBrainError(ask());
    await ask();
    const written = [out, err, ...consoles].map((spy) => spy.mock.calls.length);
    for (const spy of [out, err, ...consoles]) spy.mockRestore();
    vi.unstubAllEnvs();
    expect(written).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('the environment changes nothing', async () => {
    const names = 'BASE_URL API_KEY ADMIN_KEY ORG_ID PROJECT_ID WEBHOOK_SECRET LOG'.split(' ');
    const { server, ask } = await open(answering);
    await ask();
    for (const name of names) vi.stubEnv(`OPENAI_${name}`, 'nonsense');
    vi.stubEnv(
      'OPENAI_CUSTOM_HEADERS',
      'authorization: Bearer other\nx-mine: nonsense\nuser-agent: nonsense',
    );
    // The SDK reads them when a client is made, which is at the first step.
    const { server: other, ask: askAgain } = await open(answering);
    await askAgain();
    vi.unstubAllEnvs();
    const [plain, stubbed] = [server, other].map(({ requests }) => ({ ...requests[0]?.headers, host: '' }));
    expect(stubbed).toEqual(plain);
    expect(JSON.stringify(stubbed)).not.toContain('nonsense');
  });
}
