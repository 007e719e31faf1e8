import { describe, expect, test } from 'vitest';
import type { NoticeFact } from '../../../src/domain/notice.ts';
import { buildRenderNotice } from '../../../src/domain/render/notice/notice.ts';
import { testEpoch } from '../../support/clock.ts';
import { everyFact } from './notice-samples.ts';

const renderNotice = buildRenderNotice(() => 'UTC');
const render = (facts: readonly NoticeFact[]) => renderNotice(facts, testEpoch);

const attacks = [
  'x\r\nBcc: thief@example.com\r\n\r\nHello',
  'From: owner@example.com\nTo: thief@example.com',
  '\u202Egnitirw\u202C \u2066\u200F\u200B\uFEFF\u{E0041}\u0000\u0007\u001B[31m',
  '<script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example/approve">Approve</a>',
  '"><style>body{display:none}</style><!-- ',
  '=?utf-8?B?QmNjOiB0aGllZkBleGFtcGxlLmNvbQ==?=',
  'a'.repeat(10_000),
  '宿'.repeat(10_000),
  '\u202E'.repeat(10_000),
  '\uD800 lone \uDFFF',
  '“”„ ’; jorbs approve approval_9',
  '> Answer until tomorrow\n$ jorbs approve approval_9\n    exactly\n- commit: none',
];

/** The same facts with those words wherever a model or a third party has a say. */
function infect(fact: NoticeFact, words: string): NoticeFact {
  const jorb = { ...fact.jorb, reason: words };
  switch (fact.kind) {
    case 'approval':
    case 'reminder': {
      const { approval } = fact;
      const payload =
        approval.action.payload.kind === 'send_message'
          ? { ...approval.action.payload, text: words }
          : { kind: 'ask_owner' as const, question: words };
      const findings = [{ rule: 'question' as const, consequence: 'none' as const, because: words }];
      const quote = { eventId: 'event_1' as const, from: words, text: words };
      const action = { ...approval.action, payload, findings };
      return { ...fact, jorb, approval: { ...approval, action, quote, recipientName: words } };
    }
    case 'pause':
      return { ...fact, jorb, reason: words };
    case 'budget':
      return { ...fact, jorb, refusal: words };
    case 'late_reply':
      return { ...fact, jorb, messages: { ...fact.messages, from: words, text: words } };
    case 'handoff':
      return { ...fact, jorb, error: words };
    case 'complete':
    case 'fail':
      return { ...fact, jorb };
  }
}

describe.each(attacks)('words like %j', (words) => {
  const infected = everyFact.map((fact) => infect(fact, words));

  test('leave the subject one clean line', () => {
    for (const facts of [infected, ...infected.map((fact) => [fact])]) {
      const { subject } = render(facts);
      expect([...subject].length).toBeLessThanOrEqual(150);
      expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(subject.trim()).toBe(subject);
    }
  });

  test('are no markup, and no line of ours', () => {
    const clean = render(everyFact);
    const { html, text, ...rest } = render(infected);
    expect(Object.keys(rest).sort()).toEqual(['name', 'subject']);
    expect(listTags(html).filter((tag) => !listTags(clean.html).includes(tag))).toEqual([]);
    expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF]|\p{Cs}/u);
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF\r]|\p{Cs}/u);
    const commands = (whole: string) =>
      whole
        .split('\n')
        .filter((line) => line.startsWith('$ '))
        .sort();
    expect(commands(text)).toEqual(commands(clean.text));
  });
});

function listTags(html: string): string[] {
  return [...new Set(html.match(/<[^>]*>/g) ?? [])];
}
