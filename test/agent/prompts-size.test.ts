import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRenderPrompt, buildRenderRouting } from '../../src/agent/prompts.ts';
import type { RoutingQuestion } from '../../src/domain/routing.ts';
import type { TurnContext } from '../../src/domain/turn.ts';
import { canonicalJson, type Json } from '../../src/lib/canonical.ts';
import { testEpoch } from '../support/clock.ts';
import { buildErrandContext, buildNewMessage, buildPastMessage } from './errand-context.ts';
import { readPrompt } from './read-prompt.ts';

const mostCharacters = 60_000;
const render = buildRenderPrompt('');
const countCharacters = (context: TurnContext) => render(context).input.join('').length;

type Amounts = {
  contacts: number;
  past: number;
  news: number;
  facts: number;
  approvals: number;
  actions: number;
  words: number;
  promises: number;
  phases: number;
  older: number;
  plan: string;
  text: string;
};

/** As much of everything as one likes; every other text is short, so that both kinds meet. */
function buildAmount(amounts: Amounts): TurnContext {
  const base = buildErrandContext();
  const list = <T>(length: number, build: (n: number) => T): T[] =>
    Array.from({ length }, (_, n) => build(n));
  const text = (n: number) => (n % 2 === 0 ? amounts.text : 'short');
  const key = (n: number) => ({ channel: 'loopback' as const, address: `contact-${n}-${'x'.repeat(112)}` });
  const payload = (n: number) => ({ kind: 'send_message' as const, to: key(n), text: text(n), price: null });
  const counterparties = list(amounts.contacts, (n) => ({
    ...key(n),
    id: `address_${n}` as const,
    name: text(n),
    ask: text(n).slice(0, 2000),
    optedOut: true,
  }));
  const news = list(amounts.news, (n) => buildNewMessage(10_000 + n, { text: text(n), ...key(n) }));
  return {
    ...base,
    ownerName: amounts.text.slice(0, 200),
    jorb: {
      ...base.jorb,
      name: amounts.text.slice(0, 200),
      plan: amounts.plan,
      summary: amounts.text,
      wakeReason: amounts.text,
    },
    contract: {
      ...base.contract,
      counterparties: counterparties.map(({ channel, address }) => ({ channel, address })),
    },
    counterparties,
    newMessages: news,
    transcript: [
      ...list(amounts.past, (n) =>
        buildPastMessage(n, {
          text: text(n),
          status: n % 5 === 0 ? 'failed' : n % 7 === 0 ? 'queued' : 'sent',
        }),
      ),
      ...news.map(({ text, at }, n) => buildPastMessage(10_000 + n, { direction: 'in', text, at })),
    ],
    older: { messages: amounts.older, facts: amounts.older },
    facts: list(amounts.facts, (n) => ({
      id: `fact_${n}` as const,
      key: text(n).slice(0, 200),
      value: text(n).slice(0, 4000),
      sourceEventId: n % 3 === 0 ? null : (`event_${n}` as const),
      at: testEpoch + n * 1000,
    })),
    approvals: list(amounts.approvals, (n) => ({
      id: `approval_${n}` as const,
      actionId: `action_${n}` as const,
      payload: payload(n),
      status: n % 3 === 0 ? ('pending' as const) : ('declined' as const),
      answerText: text(n),
      isNew: n % 2 === 0,
    })),
    actions: list(amounts.actions, (n) => ({
      id: `action_${n}` as const,
      payload: payload(n),
      consequence: 'message' as const,
      status: 'rejected' as const,
      refusal: text(n),
      at: testEpoch,
      writtenAt: null,
    })),
    guidance: list(amounts.words, (n) => ({ text: text(n), at: testEpoch })),
    promises: list(amounts.promises, (n) => ({
      id: `promise_${n}` as const,
      by: 'them' as const,
      with: key(n),
      text: text(n),
      dueAt: testEpoch + n,
      sourceEventId: null,
    })),
    phases: list(amounts.phases, (n) => ({ title: text(n), status: 'pending' as const })),
  };
}

const upTo = (max: number) => fc.nat({ max });
const longText = fc
  .tuple(
    fc.constantFrom('word ', '\n', 'a\n', '\ufdfa', '👨‍👩‍👧', '\u200b', '"\\', '<|', '日本'),
    fc.constantFrom(1, 100, 3000, 100_000),
  )
  .map(([piece, length]) => piece.repeat(Math.ceil(length / piece.length)));
const amounts: fc.Arbitrary<Amounts> = fc.record({
  contacts: upTo(20),
  past: upTo(60),
  news: upTo(80),
  facts: upTo(200),
  approvals: upTo(40),
  actions: upTo(30),
  words: upTo(20),
  promises: upTo(50),
  phases: upTo(30),
  older: upTo(5000),
  plan: longText.map((text) => text.slice(0, 20_000)),
  text: longText,
});

const everything: Amounts = {
  contacts: 20,
  past: 60,
  news: 80,
  facts: 200,
  approvals: 40,
  actions: 30,
  words: 20,
  promises: 50,
  phases: 30,
  older: 5000,
  plan: 'Ask them all, every single one. '.repeat(625),
  text: 'word '.repeat(20_000),
};

test('a prompt is bounded, however much there is of everything and however long it is', () => {
  expect(countCharacters(buildAmount(everything))).toBeLessThanOrEqual(mostCharacters);
  fc.assert(
    fc.property(amounts, (given) => {
      expect(countCharacters(buildAmount(given))).toBeLessThanOrEqual(mostCharacters);
    }),
    { numRuns: 60 },
  );
});

test('the bound cuts neither the contract, nor an address, nor a plan of the most an owner may write', () => {
  const context = buildAmount(everything);
  const [errand = ''] = render(context).input;
  expect(errand.split('\n')).toContain(canonicalJson(context.contract as unknown as Json));
  expect(errand).toContain(context.jorb.plan.trim());
  expect(readPrompt(render(context).input).contacts).toHaveLength(20);
});

test('whatever is cut keeps its id and its status', () => {
  const { input } = render(buildAmount({ ...everything, approvals: 12, actions: 6, news: 6, promises: 5 }));
  const now = input.at(-1) ?? '';
  const ids = (pattern: RegExp) => Array.from(now.matchAll(pattern), ([, id]) => id);
  expect(ids(/^\[(event_\d+)\]/gm)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `event_${10_000 + n}`));
  expect(ids(/^\[(action_\d+)\] rejected: /gm).at(-1)).toBe('action_5');
  expect(ids(/^\[(approval_\d+)\] pending: /gm).at(-1)).toBe('approval_9');
  expect(ids(/^> \[(promise_\d+)\]/gm)).toContain('promise_0');
});

test('long words of the owner are shortened, and none of them is dropped', () => {
  const words = (n: number) => `Words ${n} begin ${'bla '.repeat(900)} and end`;
  const context = buildErrandContext({
    guidance: [1, 2, 3].map((n) => ({ text: words(n), at: testEpoch })),
    approvals: [4, 5, 6].map((n) => ({
      id: `approval_${n}` as const,
      actionId: `action_${n}` as const,
      payload: { kind: 'ask_owner', question: words(n) },
      status: 'answered',
      answerText: words(n),
      isNew: true,
    })),
  });
  const { guidance, answers } = readPrompt(render(context).input);
  const shown = [...guidance, ...answers.map((answer) => answer.words ?? '')];
  expect(shown).toHaveLength(6);
  for (const [index, text] of shown.entries())
    expect(text).toMatch(new RegExp(`^Words ${index + 1} begin .*and end$`));
});

test('one message of 100 kB shows both its ends and says how long it was', () => {
  const text = `Dear all, ${'bla '.repeat(25_000)} yours, Magic`;
  const context = buildErrandContext({ newMessages: [buildNewMessage(40, { text })] });
  const now = render(context).input.at(-1) ?? '';
  expect(now).toContain(`, ${text.length} characters, the middle left out [quote `);
  expect(now).toMatch(/> Dear all, bla [\s\S]*…[\s\S]*yours, Magic\n\[end of event_40/);
  expect(now.length).toBeGreaterThan(10_000);
});

test('short messages are whole beside a long one', () => {
  const short = [41, 42, 43].map((n) => buildNewMessage(n, { text: `Short ${'and sweet '.repeat(20)}${n}` }));
  const long = buildNewMessage(40, { text: 'bla '.repeat(25_000) });
  const { news } = readPrompt(render(buildErrandContext({ newMessages: [long, ...short] })).input);
  expect(news.slice(1).map(({ text }) => text)).toEqual(short.map(({ text }) => text));
});

test('too many new messages are the newest, and the others are named', () => {
  const newMessages = Array.from({ length: 300 }, (_, n) =>
    buildNewMessage(n + 1, { text: 'bla '.repeat(500) }),
  );
  const now = render(buildErrandContext({ newMessages })).input.at(-1) ?? '';
  const [, count, first, last] =
    /\((\d+) older new messages left out, (\w+) to (\w+); retrieve_data/.exec(now) ?? [];
  expect([first, last]).toEqual(['event_1', `event_${count}`]);
  expect(now).toContain('[event_300] from');
});

test('what is left out of the history is said', () => {
  const past = Array.from({ length: 60 }, (_, n) => buildPastMessage(n + 1, { text: 'bla '.repeat(500) }));
  const context = buildErrandContext({
    transcript: past,
    newMessages: [],
    older: { messages: 140, facts: 0 },
  });
  const history = render(context).input.slice(1, -1).join('\n\n');
  const shown = Array.from(history.matchAll(/^\[(?:outbox|event)_(\d+)\]/gm), ([, id]) => Number(id));
  expect(shown.at(-1)).toBe(60);
  const leftOut = 140 + 60 - shown.length;
  expect(history).toContain(`${leftOut} older messages and 0 older facts are left out here; retrieve_data`);
});

test('a question to the router is bounded as well, and keeps the likeliest jorbs and the newest words', () => {
  const text = 'word '.repeat(20_000);
  const question: RoutingQuestion = {
    now: testEpoch,
    from: { channel: 'loopback', address: 'magic' },
    contactName: text,
    messages: Array.from({ length: 200 }, (_, n) => ({
      eventId: `event_${n}`,
      grade: 'none',
      text,
      at: testEpoch,
    })),
    candidates: Array.from({ length: 500 }, (_, n) => ({
      id: `jorb_${n}`,
      name: text,
      status: 'running',
      finishedAt: null,
      lastActivityAt: testEpoch,
      summary: text,
      counterparties: Array.from({ length: 20 }, () => text),
    })),
    quoteMark: 'mark',
  };
  const input = buildRenderRouting('')(question).input.join('\n\n');
  expect(input.length).toBeLessThanOrEqual(16_000);
  expect(input).toMatch(/^\[jorb_0\] /m);
  expect(input).toMatch(/^\(\d+ more jorbs left out\)$/m);
  expect(input).toMatch(/^\[event_199\] from loopback:magic /m);
});
