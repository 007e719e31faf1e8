import { describe, expect, test } from 'vitest';
import type { NoticeFact } from '../../../src/domain/notice.ts';
import { buildRenderNotice } from '../../../src/domain/render/notice/notice.ts';
import { renderFactSubject } from '../../../src/domain/render/notice/subject.ts';
import { testEpoch } from '../../support/clock.ts';
import {
  approvalFact,
  budgetFact,
  completeFact,
  everyFact,
  failFact,
  handoffFact,
  lateFact,
  pauseFact,
  questionFact,
} from './notice-samples.ts';

const renderNotice = buildRenderNotice(() => 'UTC');
const render = (facts: readonly NoticeFact[]) => renderNotice(facts, testEpoch);

describe('the subject', () => {
  test('tells the whole story of one fact', () => {
    expect(everyFact.map(renderFactSubject)).toMatchInlineSnapshot(`
      [
        "Approve? $1,156.00 to Magic concierge (GDC Hotel, approval_3)",
        "A question: “King or twin? They have both at the same price.” (GDC Hotel, approval_5)",
        "Reminder: Approve? Wider limits (GDC Hotel, approval_6)",
        "Flights paused: the model's money for this jorb is spent",
        "GDC Hotel is at its limit of money: only $44.00 of the budget is left; find a cheaper offer or ask the owner",
        "No handoff for GDC Hotel: it goes on with its long context",
        "Late reply: Zuni Café (loopback:zuni) wrote to Dinner, which is complete",
        "Failed: Florist – the shop is closed for good",
        "Done: Dinner – Booked at Zuni Café, Friday 19:00, table for four.",
      ]
    `);
  });

  test('of a long question begins as it does, and breaks off between words', () => {
    const question = `Casa do Largo, €18.00 per day is the best offer, but the plan does not say for how many days. How should I go on?`;
    const { approval } = questionFact;
    const action = { ...approval.action, payload: { kind: 'ask_owner' as const, question } };
    expect(renderFactSubject({ ...questionFact, approval: { ...approval, action } })).toBe(
      'A question: “Casa do Largo, €18.00 per day is the best offer, but the plan does not say for…” (GDC Hotel, approval_5)',
    );
  });

  test('says unconfirmed where nothing proves a completion', () => {
    const fact = { ...completeFact, jorb: { ...completeFact.jorb, evidence: [] } };
    expect(renderFactSubject(fact)).toBe(
      'Done, unconfirmed: Dinner – Booked at Zuni Café, Friday 19:00, table for four.',
    );
  });

  test.each<[string, NoticeFact[]]>([
    [
      'Approve? $1,156.00 to Magic concierge (GDC Hotel, approval_3) – and 2 more',
      [approvalFact, failFact, completeFact],
    ],
    ['2 need you: GDC Hotel and Flights', [approvalFact, pauseFact]],
    [
      '3 need you: GDC Hotel and Flights, and 1 more to know',
      [approvalFact, questionFact, pauseFact, failFact],
    ],
    ['1 done, 1 failed, 1 late reply: Dinner and Florist', [lateFact, failFact, completeFact]],
  ])('of several facts is %s', (subject, facts) => {
    expect(render(facts).subject).toBe(subject);
  });

  test('names two jorbs and counts the others', () => {
    const facts = ['Hotel', 'Flights', 'Dinner', 'Taxi'].map((name, index) => ({
      ...budgetFact,
      jorb: { ...budgetFact.jorb, id: `jorb_${index + 1}` as const, name },
    }));
    expect(render(facts).subject).toBe('4 need you: Hotel, Flights and 2 more');
  });
});

describe('a mail', () => {
  test('asks in full, as it is rendered by code, and says how to answer and until when', () => {
    expect(render([approvalFact]).text).toMatchInlineSnapshot(`
      "Approve? $1,156.00 to Magic concierge (GDC Hotel, approval_3)

      ————————————————————

      approval_3: may this message be sent, at this price?
      Jorb: jorb_47 “GDC Hotel” (paused)

      To: Magic concierge (loopback:magic)
      Price: $289.00 per night × 4 = $1,156.00
      Text, exactly:
          Yes, please book the king at Hotel Nikko for March 17–21.
          
          Thank you!

      Why it asks:
      - commit: the text accepts an offer ("please book")
      - purchase: $1,156.00 is more than $100.00

      The last words of Magic concierge (event_12), quoted:
      > Hotel Nikko has a king for $289/night.
      > Marriott is sold out.
      > Want me to book Nikko?

      Answer until 2026-11-27 08:59Z (6 d 23 h left): accept, edit (with another text), decline (with or without a reason).
      Nothing of it happens before you say yes.

      Asked 2026-11-20 08:59Z. To answer, tell your assistant, or type in a terminal:
      $ jorbs approve approval_3

      ————————————————————

      Jorbs wrote this to you, and nobody else gets it. An answer to this mail is not read.
      Which of these a jorb sends is its notify_on; to change it, tell your assistant.
      "
    `);
  });

  test('tells every kind of fact, what came of it and where to ask further', () => {
    expect(
      render([pauseFact, budgetFact, handoffFact, lateFact, failFact, completeFact]).text,
    ).toMatchInlineSnapshot(`
      "2 need you: Flights and GDC Hotel, and 4 more to know

      - Flights paused: the model's money for this jorb is spent
      - GDC Hotel is at its limit of money: only $44.00 of the budget is left; find a cheaper offer or ask the owner
      - No handoff for GDC Hotel: it goes on with its long context
      - Late reply: Zuni Café (loopback:zuni) wrote to Dinner, which is complete
      - Failed: Florist – the shop is closed for good
      - Done: Dinner – Booked at Zuni Café, Friday 19:00, table for four.

      ————————————————————

      jorb_48 “Flights” paused 2026-11-20 08:59Z, at a limit.

      Why:
          the model's money for this jorb is spent: the next question to the model may cost $0.1000, and $4.9900 of the $5.0000 that models may cost in one jorb is spent; raise MODEL_SPEND_LIMIT_JORB, or do the rest yourself

      To let it go on, tell your assistant to resume or steer it. All about it:
      $ jorbs show jorb_48

      ————————————————————

      jorb_47 “GDC Hotel” wanted to spend more than its contract allows; action_12 was refused.

      Why:
          only $44.00 of the budget is left; find a cheaper offer or ask the owner

      To allow more, tell your assistant to steer it with another budget. All about it:
      $ jorbs show jorb_47

      ————————————————————

      For jorb_47 “GDC Hotel” no handoff could be had. It goes on with the context it had; nothing is lost.

      Why:
          two drafts had no next step

      All about it:
      $ jorbs show jorb_47

      ————————————————————

      jorb_46 “Dinner” is complete, and Zuni Café (loopback:zuni) wrote to it (event_31, event_32). It is not answered unless you have it answered.

      The message, quoted:
      > Hello again!
      > Would 19:30 do as well?

      All about it:
      $ jorbs show jorb_46

      ————————————————————

      jorb_45 “Florist” failed.

      Why:
          the shop is closed for good

      All about it:
      $ jorbs show jorb_45

      ————————————————————

      jorb_46 “Dinner” is done (evidence: event_11).

      What came of it:
          Booked at Zuni Café, Friday 19:00, table for four.

      All about it:
      $ jorbs show jorb_46

      ————————————————————

      Jorbs wrote this to you, and nobody else gets it. An answer to this mail is not read.
      Which of these a jorb sends is its notify_on; to change it, tell your assistant.
      "
    `);
  });

  test('says the same in both halves', () => {
    const { text, html } = render(everyFact);
    const shown = readHtml(html);
    const told = text
      .split('\n')
      .map((line) => line.replace(/^( {4}|> |- |\$ |—+$)/, '').trim())
      .filter((line) => line !== '');
    expect(told.length).toBeGreaterThan(60);
    expect(told.filter((line) => !shown.includes(line))).toEqual([]);
  });

  test('tells a crowd in lines, each of which can be asked for', () => {
    const facts = Array.from({ length: 60 }, (_, index) => ({
      ...pauseFact,
      jorb: { ...pauseFact.jorb, id: `jorb_${index + 1}` as const, name: `Errand ${index + 1}` },
    }));
    const { text, html } = render(facts);
    for (const { jorb } of facts) {
      expect(text).toContain(`${jorb.name} paused`);
      expect(html).toContain(`${jorb.name} paused`);
    }
    expect(html.length).toBeLessThan(100_000);
  });

  test('holds no code, no link and nothing that a mail program fetches or runs', () => {
    const { html, text } = render(everyFact);
    expect(html).not.toMatch(
      /<(a|img|script|form|input|button|iframe|link|object|svg)\b|\b(href|src|on\w+)=/i,
    );
    expect(html).not.toMatch(/https?:|url\(/i);
    expect(text).not.toMatch(/https?:/);
  });
});

/** What a reader sees of it. */
function readHtml(html: string): string {
  return html
    .replace(/^[\s\S]*<body/, '<body')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
