import { appendFileSync } from 'node:fs';
import { test, describe } from 'vitest';
import { modelProviders } from '../../src/domain/brain.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import type { Fault } from '../support/models/fault.ts';
import type { Mind } from '../support/models/mind.ts';
import { openThinkingWorld, waitOn, lookAgain, type ThinkingWorld } from '../support/models/thinking-world.ts';
import { renderBrief } from '../../src/domain/render/brief.ts';
import { takeBrief } from '../../src/runtime/owner/take-brief.ts';

const out = (s: string) => appendFileSync('/tmp/explore.txt', s + '\n');
const ok = waitOn;
const call = (name: string, args: unknown) => ({ name, arguments: args });
const status = (n: number, more = {}): Fault => ({ kind: 'status', status: n, ...more }) as Fault;
type Case = [string, { mind?: Mind; faults?: Fault[]; settings?: (url: string) => object; server?: object }];
const once = (a: ReturnType<Mind>): Mind => (seen) => (seen.steps.length === 0 ? a : waitOn(seen));
const cases: Case[] = [
  ['wrong key', { settings: () => ({ apiKey: 'sk-wrong-key-00000000' }) }],
  ['empty key', { settings: () => ({ apiKey: '' }) }],
  ['no such model', { settings: () => ({ model: 'model-9' }) }],
  ['url wrong path', { settings: (u) => ({ baseUrl: `${u}/api` }) }],
  ['url no server', { settings: () => ({ baseUrl: `http://127.0.0.1:9/v1` }) }],
  ['url html', { faults: [{ kind: 'html' }] }],
  ['url 404 html', { faults: [status(404, { body: '<html><h1>Not here</h1></html>' })] }],
  ['200 json stranger', { faults: [status(200, { body: { hello: 1 } })] }],
  ['redirect', { faults: [{ kind: 'redirect', to: 'http://127.0.0.1:9/' }] }],
  ['answers nothing', { mind: () => ({}) }],
  ['answers nothing once', { mind: once({}) }],
  ['400', { faults: [status(400)] }],
  ['402', { faults: [status(402)] }],
  ['403', { faults: [status(403)] }],
  ['413', { faults: [status(413)] }],
  ['429', { faults: [status(429)] }],
  ['429 retry', { faults: [status(429, { retryAfter: 120 })] }],
  ['500', { faults: [status(500)] }],
  ['529', { faults: [status(529)] }],
  ['502', { faults: [status(502)] }],
  ['midstream', { faults: [{ kind: 'midstream', type: 'overloaded_error' }] }],
  ['cut', { faults: [{ kind: 'cut' }] }],
  ['short', { faults: [{ kind: 'short' }] }],
  ['reset', { faults: [{ kind: 'reset' }] }],
  ['garbage', { faults: [{ kind: 'garbage' }] }],
  ['endless', { faults: [{ kind: 'endless', after: 3 }], mind: () => ({ text: 'x'.repeat(3000) }) }],
  ['10MB', { mind: () => ({ text: 'x'.repeat(10_000_000) }) }],
  ['1.5MB', { mind: () => ({ text: 'x'.repeat(1_500_000) }) }],
  ['0.9MB', { mind: () => ({ text: 'x'.repeat(900_000) }) }],
  ['3MB args', { mind: once({ calls: [call('store_data', { key: 'a', value: 'y'.repeat(3_000_000), source: null })] }) }],
  ['0.9MB args', { mind: once({ calls: [call('store_data', { key: 'a', value: 'y'.repeat(900_000), source: null })] }) }],
  ['surrogate', { mind: once({ text: 'half \ud83d here', calls: [call('store_data', { key: 'a\udc00', value: 'v\ud83d\u0000w', source: null }), call('ask_owner', { question: 'Really \ud83d?' })] }) }],
  ['surrogate end', { mind: () => ({ text: 'half \ud83d here\u0000 \u202e x' }) }],
  ['bytes', { mind: () => ({ text: 'bad \ufffd bytes' }), faults: [{ kind: 'bytes' }, { kind: 'bytes' }] }],
  ['refuse words', { mind: () => ({ text: 'I cannot help with that.', stop: 'refused' as const }) }],
  ['refuse no words', { mind: () => ({ stop: 'refused' as const }) }],
  ['cut text', { mind: () => ({ text: 'It goes on and', stop: 'cut' as const }) }],
  ['cut call', { mind: () => ({ calls: [lookAgain], stop: 'cut' as const }) }],
  ['cut once', { mind: once({ text: 'It', stop: 'cut' as const }) }],
  ['endless calls', { mind: () => ({ text: 'again', calls: [call('retrieve_data', { from: 'facts', words: 'hotel' })] }) }],
  ['200 calls', { mind: once({ calls: Array.from({ length: 200 }, (_, i) => call('store_data', { key: `k${i}`, value: 'v', source: null })) }) }],
  ['unknown tool', { mind: once({ calls: [call('book_hotel', { a: 1 })] }) }],
  ['unknown odd tool', { mind: once({ calls: [call('book hotel!', { a: 1 })] }) }],
  ['empty tool name', { mind: once({ calls: [call('', { a: 1 })] }) }],
  ['long tool name', { mind: once({ calls: [call('a'.repeat(300), { a: 1 })] }) }],
  ['unknown forever', { mind: () => ({ calls: [call('book_hotel', { a: 1 })] }) }],
  ['args string', { mind: once({ calls: [call('store_data', '{"key": ')] }) }],
  ['args array', { mind: once({ calls: [call('store_data', '[1]')] }) }],
  ['args null', { mind: once({ calls: [call('store_data', 'null')] }) }],
  ['args number', { mind: once({ calls: [call('store_data', '5')] }) }],
  ['args extra', { mind: once({ calls: [call('store_data', { key: 'a', value: 'b', source: null, more: 1 })] }) }],
  ['args types', { mind: once({ calls: [call('send_message', { to: 5, text: [], price: 'x', consequence: 'zzz', based_on: {}, confidence: '1' })] }) }],
  ['args proto', { mind: once({ calls: [call('store_data', '{"__proto__": {"key": "a"}, "key": "a", "value": "b", "source": null}')] }) }],
  ['args deep', { mind: once({ calls: [call('store_data', '['.repeat(20000) + ']'.repeat(20000))] }) }],
  ['args mid-bad forever', { mind: () => ({ calls: [call('store_data', '{"key": ')] }) }],
];
const only = process.env.ONLY?.split(',');
describe.each(modelProviders)('%s', (wire) => {
  test.each(cases.filter(([n]) => !only || only.includes(n)))('%s', { timeout: 60000 }, async (name, { mind = ok, faults = [], settings, server }) => {
    const t: ThinkingWorld = await openThinkingWorld(wire, mind, { server });
    t.server.faults.push(...faults);
    if (settings) { Object.assign(t.settings, settings(t.server.url)); await t.world.crash(); }
    const began = Date.now();
    let thrown = '';
    try { await t.hear(); } catch (e) { thrown = String(e).slice(0, 300); }
    const ms = Date.now() - began;
    const { world } = t;
    const j = world.sql('select status, pause_cause, reason, due_at, turn_failures from jorb')[0] as any;
    out(`## ${wire} / ${name}  (${ms} ms)${thrown ? ` THROWN ${thrown}` : ''}`);
    out(`  jorb: ${j.status} ${j.pause_cause} ${JSON.stringify(j.reason)?.slice(0, 600)} due ${j.due_at === null ? null : (j.due_at - world.clock.now()) / 1000} failures ${j.turn_failures}`);
    out(`  turn: ${JSON.stringify(world.sql('select status, error from turn order by id desc limit 1'))?.slice(0, 500)}`);
    out(`  event: ${JSON.stringify(world.sql('select status from event'))} outage ${JSON.stringify(world.sql('select error, retry_at - since w from outage'))}`);
    out(`  requests ${t.server.requests.length} refused ${JSON.stringify(t.server.refused).slice(0, 300)}`);
    out(`  calls ${JSON.stringify(world.sql('select status s, cost_micros c, reserved_micros r, input_tokens i, output_tokens o, error from model_call').slice(2, 6)).slice(0, 900)}`);
    const results = t.server.seen.at(-1)?.steps.flatMap((s) => [...s.results.map((r) => r.text), `note ${s.note}`]);
    if (results?.length) out(`  results ${JSON.stringify(results.slice(0, 3)).slice(0, 900)}`);
    try { out(renderBrief(await takeBrief(world.otherFace, { peek: true } as any)).split('\n').slice(0, 6).map((l) => '    | ' + l).join('\n')); } catch (e) { out('brief broke ' + e); }
  });
});
