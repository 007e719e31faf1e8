import { describe, expect, it } from 'vitest';
import type { Digest, DigestJorb, DigestMessage } from '../../../src/domain/digest.ts';
import { renderDigest } from '../../../src/domain/render/digest/digest.ts';
import { fitDigest, rooms } from '../../../src/domain/render/digest/fit.ts';
import { hourMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { emptyDigest, noRest, sampleDigest, whole } from '../../support/digest-sample.ts';

const zone = 'Europe/Berlin';

function render(change: Partial<Digest> = {}, digest: Digest = sampleDigest) {
  return renderDigest({ ...digest, ...change }, zone);
}

/** What a reader of the page sees: its text, without markup. */
function readHtml(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return body.replace(/<[^>]*>/g, '').replace(/&(\w+|#39);/g, (_, name) => named[name] ?? '?');
}

const squeezed = (text: string) => text.replace(/^> |^ {4}|^- /gm, '').replace(/[\s\u200b]+/g, '');

/** One message of somebody else in a digest of its own. */
function withMessage(text: string): Digest {
  const message: DigestMessage = {
    ...{ direction: 'in', id: 'event_1', channel: 'loopback', address: 'eve', contactName: 'Eve' },
    ...{ at: emptyDigest.until, status: 'handled', text: whole(text) },
  };
  const story = { id: 'jorb_1', name: 'Hotel', status: 'running' } as const;
  const told = { messages: [message], moreMessages: 0, decisions: [], moreDecisions: 0 };
  return { ...emptyDigest, stories: [{ ...story, ...told }] };
}

/** Every id and every text of a value, but for words that only name a kind. */
function listTexts(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return kinds.has(key) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((each) => listTexts(each, key));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => listTexts(each, name));
}
const kinds = new Set(
  [
    'kind',
    'date',
    'status',
    'pauseCause',
    'direction',
    'state',
    'consequence',
    'by',
    'currency',
    'treatment',
  ].concat(['message', 'new_recipient', 'share_info', 'cancel', 'commit', 'purchase', 'with', 'actions']),
);

describe('a digest', () => {
  it('reads so', () => {
    expect(render().subject).toBe('Jorbs daily summary – 2026-11-20 · 6 need you');
    expect(render().text).toMatchInlineSnapshot(`
      "Friday, November 20, 2026
      =========================
      From Nov 19, 10:00 to Nov 20, 10:00, Europe/Berlin time.
      6 need you · 5 open · 2 completed · 1 failed · 7 received · 5 sent · €80.00 committed · $0.2355 for models


      NEEDS YOU (6)
      -------------

      * May this be sent, at this price? [approval_3]
      jorb_47 “GDC Hotel” · asked Nov 20, 08:55
      To Magic concierge (loopback:magic)
      Price  $1,156.00
        $289.00 per night × 4 = $1,156.00
          Yes, please book the king at Hotel Nikko for March 17–21.
          
          Thank you!
          Ada

      Why it asks:
      - commit: the text accepts an offer ("please book")
      - purchase: $1,156.00 is more than $100.00

      Magic concierge wrote last (event_12):
      > Hotel Nikko has a king for $289/night.
      > Marriott is sold out.
      > Want me to book Nikko?

      Answer by Nov 27, 10:00: \`jorbs approve approval_3\`, or say to your assistant: \`review approvals\`

      * A question for you [approval_4]
      jorb_49 “Zahnarzt für Mia” · asked Nov 20, 05:00
          They can do Tuesday at 7:40 or Thursday at 16:15. Which one suits Mia, and is a new X-ray fine?

      Why it asks:
      - the agent asks

      Answer by Nov 26, 10:00: \`jorbs approve approval_4\`, or say to your assistant: \`review approvals\`

      * May this jorb have these limits? [approval_5]
      jorb_50 “Moving boxes” · asked Nov 20, 01:00
      The limits, in full:
      - May write to: Magic concierge (loopback:magic), loopback:+14155550101
      - Money: nothing without asking (the limit of $100.00 is not in use), $1,500.00 in all; at most $350.00 per night
      - Messages: at most 20 an hour, 50 a day, 10 a day to one address
      - May tell: name to all of them
      - Autonomy: without asking: message; asks you: new recipient, share info, cancel, commit, purchase
      - Asks again after 1 d without an answer
      - Quiet: 22:00–07:00 America/Los_Angeles
      - Deadline: 2026-11-22 10:00 GMT+1

      Why it asks:
      - purchase: a budget of $1,500.00 is more than may be set without you

      Answer by Nov 26, 10:00: \`jorbs approve approval_5\`, or say to your assistant: \`review approvals\`

      * Plumber [paused]
      jorb_48 · last activity Nov 20, 06:00
      Paused (at a limit): “two messages in a row without an answer”
      Where it stands: “Rohrfrei was asked for Tuesday; the second company does not exist any more.”

      To let it go on, say to your assistant: \`resume jorb_48\`

      * Was this sent? [unknown]
      to Rohrfrei GmbH (loopback:plumber) · outbox_17 · jorb_48 · Nov 20, 06:00
      What came back: “the connection broke after the text was handed over”
          Could you come on Tuesday between 8 and 10?
      It may or may not have arrived, and is not sent again by itself: ask them, or look there yourself.

      * Which jorb is this message for? [unmatched]
      from loopback:+491701234567 · event_31 · Nov 20, 07:00
      > Hi! Is the <b>bike</b> still for sale? 🚲 שלום, אפשר לבוא היום?
      Why it waits: no rule decides, and the model is not sure enough
      Perhaps jorb_48 “Plumber”, 41 % sure: “it came after our message to them” \`jorbs assign event_31 jorb_48\`
      - jorb_47 “GDC Hotel”: \`jorbs assign event_31 jorb_47\`


      FINISHED (4)
      ------------

      * Dinner with the Okonkwos [complete]
      jorb_46 · Nov 20, 04:00
      Outcome: “A table for four on Friday at 19:00, in the garden.”
      Where it stood: “Booked at Zur Linde under the name Lovelace.”

      Evidence:
      Zur Linde (loopback:linde) (event_11):
      > Gerne! Tisch für 4, Freitag 19 Uhr. Bis dann 🙂

      * Taxi to the airport [complete]
      jorb_44 · Nov 20, 02:00
      Outcome: “Booked a taxi for 6:15.”
      Unconfirmed: no message proves it.

      * Florist [failed]
      jorb_45 · Nov 19, 22:00
      Why: “The shop is closed for good.”

      * Bike ad [cancelled]
      jorb_43 · Nov 19, 12:00
      Why: “no longer wanted”


      OPEN JORBS (5)
      --------------
      1 of them waits for you, above.

      * GDC Hotel [paused]
      jorb_47 · last activity Nov 20, 08:55
      Paused (waits for your approval): “Magic offers Hotel Nikko at $289.00 a night”
      Where it stands: “Nikko $289.00, Marriott sold out”
      Waits for approval_3

      Promises:
      - by Nov 22, 10:00 loopback:magic to us (promise_3): “to hold the room until Sunday noon”
      and 1 more promise: \`jorbs show jorb_47\`

      * Lease a piano [running]
      jorb_51 · last activity Nov 19, 08:00
      Where it stands: “Three shops were asked; one has answered.”
      Looks again Nov 20, 13:00: “the shop opens at 12”

      * Zahnarzt für Mia [paused]
      jorb_49 · last activity Nov 20, 05:00
      Paused (waits for your answer)
      Waits for approval_4

      * Moving boxes [planning]
      jorb_50 · last activity Nov 20, 01:00
      Waits for approval_5


      WHAT WENT WRONG, OR CAME LATE
      -----------------------------

      * This was not sent [failed]
      to loopback:plumber2 · outbox_18 · jorb_48 · Nov 20, 06:00
      What came back: “no such number”
          Do you have time this week?

      * A late reply [late]
      from Fleurop (loopback:florist) · event_33 · jorb_40 “Flowers for Mum” · Nov 20, 08:00
      > Sorry for the delay — we could deliver after all, shall we?
      Its jorb was over: nobody answered, and nobody will by themselves.

      - Nov 20, 06:30 run_12: the handoff of 2026-11-20 04:30 failed: the data folder was locked
      - Nov 19, 14:00 jorb_48: a turn failed: the model was busy (turn_88)


      KEY EVENTS
      ----------

      - Nov 19, 12:00 jorb_43: was cancelled: “no longer wanted”
      - Nov 19, 13:00 jorb_47: the gate refused action_7 (budget)
      - Nov 20, 01:00 jorb_46: approval_2 was accepted
      - Nov 20, 06:00 jorb_48: paused: “two messages in a row without an answer”
      - Nov 20, 08:00 jorb_47: noted “best offer: Nikko, $289 a night” (fact_9)
      and 7 more events before them


      MESSAGES AND REASONS
      --------------------

      * GDC Hotel [paused]
      jorb_47 · 7 messages
      and 4 more messages before these: \`jorbs show jorb_47 --messages 50\`

      Nov 19, 11:00 to Magic concierge (loopback:magic), sent (outbox_14)
          Hello! Is a king room free from March 17 to 21, below $350 a night?

      Nov 19, 14:00 from Hotel Nikko (loopback:+14155550101), read (event_10)
      > Dear guest,
      > 
      > thank you for writing to Hotel Nikko. We have the following rooms for you:
      >   • King, city view — $289
      >   • Double queen — $309
      > 
      > NEEDS YOU (9)
      > <script>alert("paid")</script> & more at https://nikko.example/?a=1&b=2
      > שלום וברכה, נשמח לארח אתכם 🏨

      Nov 20, 08:50 from Magic concierge (loopback:magic), read (event_12)
      > Hotel Nikko has a king for $289/night.
      > Marriott is sold out.
      > Want me to book Nikko?

      Why:
      Nov 20, 08:54 anthropic (claude-haiku-5), 92 % sure (decision_31)
      > Nikko is within $350 and near Moscone; Marriott is sold out. Booking binds the owner, so they are asked.
      It led to action_9: send message (purchase), awaiting approval
      and 3 more decisions: \`jorbs decisions jorb_47\`

      * Plumber [paused]
      jorb_48 · 1 message
      Nov 20, 06:00 to Rohrfrei GmbH (loopback:plumber), may or may not have been sent (outbox_17)
          Could you come on Tuesday between 8 and 10?

      Why:
      Nov 20, 06:00 rules, 50 % sure (decision_32)
      > Nobody answers; asking a third time would be a nuisance.

      and 1 more jorb in which something happened: \`jorbs list --filter all\`


      COSTS
      -----

      Models:
      claude-haiku-5           $0.2314
        14 calls, 81,234 tokens in (52,000 cached), 4,120 out
      gpt-6-nano               $0.0041
        3 calls, 5,210 tokens in, 190 out
      Models in all            $0.2355
        17 calls, 86,444 tokens in (52,000 cached), 4,310 out
      of it to route messages  $0.0041
        3 calls, 5,210 tokens in, 190 out

      Messages:
      Received          7
      Sent by loopback  4
      Sent by web       1
      Sent in all       5

      Purchases and commitments:
      Reserved to loopback:magic   $1,156.00
        jorb_47 · action_9 · purchase · $289.00 per night × 4 = $1,156.00 · Nov 20, 09:00
      Committed to loopback:linde     €80.00
        jorb_46 · action_5 · commit · Nov 20, 01:00
      Committed in all                €80.00
      Reserved now                 $1,156.00

      Jorb by jorb:
      jorb_47 “GDC Hotel”                 $0.2314
        2 received · 1 sent by loopback · 14 calls, 81,234 tokens in (52,000 cached), 4,120 out · $1,156.00 reserved
      jorb_46 “Dinner with the Okonkwos”
        1 received · 2 sent by loopback · €80.00 committed
      and 1 more jorb: \`jorbs list --filter all\`


      --
      All jorbs ever: 1 planning, 2 running, 2 paused, 9 complete, 1 failed, 3 cancelled. Since the last summary: 2 created, 1 cancelled, 3 asked of you, 1 refused by the gate.
      Read it again: \`jorbs digest --date 2026-11-20\`. Words of others are quoted as they came. Nothing in this mail approves anything, and an answer to it is not read.
      "
    `);
  });

  it.each([
    [0, 'Jorbs daily summary – 2026-11-20'],
    [1, 'Jorbs daily summary – 2026-11-20 · 1 needs you'],
    [2, 'Jorbs daily summary – 2026-11-20 · 2 need you'],
  ])('names its date, and that %i wait', (needs, subject) => {
    expect(render({ needs }).subject).toBe(subject);
  });

  it('says all of it in both halves', () => {
    const { text, html } = render();
    const halves = { text: squeezed(text), html: squeezed(readHtml(html)) };
    const texts = [
      ...listTexts(sampleDigest),
      '1,156.00',
      '80.00',
      '0.2314',
      '0.2355',
      '81,234',
      '41 %',
      '92 %',
    ];
    expect(texts.length).toBeGreaterThan(150);
    for (const [half, said] of Object.entries(halves)) {
      const missing = texts.filter((each) => !said.includes(squeezed(each)));
      expect([half, missing]).toEqual([half, []]);
    }
  });

  it('says exactly what is asked, and how to answer', () => {
    for (const half of [render().text, readHtml(render().html)]) {
      expect(half).toContain('Yes, please book the king at Hotel Nikko for March 17–21.');
      expect(half).toContain('$289.00 per night × 4 = $1,156.00');
      expect(half).toContain('jorbs approve approval_3');
      expect(half).toContain('review approvals');
      expect(half).toContain('$1,500.00 in all');
    }
  });

  it('puts what needs the owner before everything else', () => {
    const { text } = render();
    const places = [
      'NEEDS YOU',
      'FINISHED',
      'OPEN JORBS',
      'WHAT WENT WRONG',
      'KEY EVENTS',
      'MESSAGES',
      'COSTS',
    ].map((title) => text.indexOf(`\n${title}`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('says first that everything is stopped and that the model is down', () => {
    const { until: at } = sampleDigest;
    const outage = { since: at, failures: 3, error: 'it is busy', retryAt: at, fallbackAt: null };
    const { text, html } = render({ stopped: { at, reason: 'on holiday' }, outage });
    for (const half of [text, readHtml(html)]) {
      expect(half.indexOf('STOPPED since')).toBeLessThan(half.search(/needs you \(6\)/i));
      expect(half).toContain('on holiday');
      expect(half).toContain('it is busy');
    }
  });

  it('calls a completion without evidence unconfirmed', () => {
    const taxi = render().text.split('* Taxi to the airport')[1]?.split('\n* ')[0];
    expect(taxi).toContain('Unconfirmed');
  });

  it('is short when nothing happened', () => {
    expect(render({}, emptyDigest).text).toMatchInlineSnapshot(`
      "Friday, November 20, 2026
      =========================
      From Nov 19, 10:00 to Nov 20, 10:00, Europe/Berlin time.
      0 need you · 0 open


      NOTHING NEEDS YOU
      -----------------
      Nothing waits for your answer.


      COSTS
      -----
      None: no message came or went, no model was asked, nothing was bought.


      --
      All jorbs ever: none.
      Read it again: \`jorbs digest --date 2026-11-20\`. Words of others are quoted as they came. Nothing in this mail approves anything, and an answer to it is not read.
      "
    `);
  });

  it('says nothing twice, and names no time at which a paused jorb looks at nothing', () => {
    const first = sampleDigest.active.find(({ approvals }) => approvals.includes('approval_3'));
    const reason = 'it waits for your answer to approval_3';
    const jorb = first && { ...first, reason, summary: 'They are silent.', wakeAt: testEpoch - hourMs };
    const read = (changes: Partial<DigestJorb>) =>
      renderDigest(
        { ...emptyDigest, needs: 1, open: sampleDigest.open, active: jorb ? [{ ...jorb, ...changes }] : [] },
        'UTC',
      ).text;
    const asked = read({});
    expect(asked).toContain(
      'Paused (waits for your approval)\nWhere it stands: “They are silent.”\nWaits for approval_3\n',
    );
    expect(asked).not.toContain('Looks again');
    const silent = read({ pauseCause: 'agent', reason: 'They are silent. There is no offer.' });
    expect(silent).toContain('Paused (by the agent): “They are silent. There is no offer.”\n');
    expect(silent).not.toContain('Where it stands');
  });

  it('knows of no summary before the first', () => {
    const activity = { ...emptyDigest.activity, created: 1 };
    expect(renderDigest({ ...emptyDigest, activity, since: null }, 'UTC').text).toContain(
      ' So far: 1 created.\n',
    );
    expect(renderDigest({ ...emptyDigest, activity }, 'UTC').text).toContain(
      ' Since the last summary: 1 created.\n',
    );
  });

  it('ends no line with a blank but one of a quote', () => {
    expect(renderDigest(sampleDigest, 'UTC').text).not.toMatch(/[^\s>] +$/m);
  });

  it('shows times in the zone of the owner, and the year where it is another', () => {
    const wakeAt = Date.UTC(2027, 0, 2, 3, 4);
    const [jorb] = sampleDigest.active.slice(1);
    const active = jorb ? [{ ...jorb, status: 'running' as const, wakeAt }] : [];
    expect(renderDigest({ ...sampleDigest, active }, 'Asia/Kolkata').text).toContain(
      'Looks again Jan 2 2027, 08:34',
    );
  });
});

describe('words of others in a digest', () => {
  it.each([
    ['markup', '<script>alert(1)</script><img src=x onerror=y>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [
      'a link that runs',
      '<a href="javascript:alert(1)">x</a>',
      '&lt;a href=&quot;javascript:alert(1)&quot;&gt;',
    ],
    ['an entity', 'a &lt; b &amp; c', 'a &amp;lt; b &amp;amp; c'],
    ['quotes', `it's "so"`, 'it&#39;s &quot;so&quot;'],
    ['the end of a quotation', '</blockquote><h2>Needs you</h2>', '&lt;/blockquote&gt;&lt;h2&gt;'],
    ['a change of direction', 'pay \u202e001$', 'pay ⟨U+202E⟩001$'],
    ['a character nobody sees', 'a\u200bb', 'a⟨U+200B⟩b'],
    ['a control character', 'a\u0007b', 'a⟨U+0007⟩b'],
  ])('do nothing: %s', (_, said, expected) => {
    const { html } = renderDigest(withMessage(said), zone);
    expect(html).toContain(`<blockquote dir="auto">${expected}`);
    expect(html.match(/<[^>]*>/g)?.join('')).not.toMatch(/<(script|img|a|iframe|form|link)\b|\son\w+=/i);
    expect(html).not.toMatch(/\u202e|\u200b/);
  });

  it('cannot pass for ours', () => {
    const said =
      'Hello\n\nNEEDS YOU (3)\n-------------\n* Pay now [approval_9]\nAnswer by today: `jorbs approve approval_9`';
    const { text, html } = renderDigest(withMessage(said), zone);
    const lines = text.split('\n');
    for (const line of said.split('\n').filter((each) => each !== '' && each !== '-------------')) {
      expect(lines).not.toContain(line);
      expect(lines).toContain(`> ${line}`);
    }
    expect(html.match(/<h2>/g)).toHaveLength(
      renderDigest(withMessage('Hello'), zone).html.match(/<h2>/g)?.length ?? 0,
    );
  });

  it('stay on one line where they stand in one of ours', () => {
    const [jorb] = sampleDigest.active;
    const name = 'Hotel”\n\nNEEDS YOU (3)\n<b>';
    const active = jorb ? [{ ...jorb, name, reason: name, summary: name }] : [];
    const { text, html } = render({ active });
    expect(text).not.toMatch(/^NEEDS YOU \(3\)/m);
    expect(text).toContain('“Hotel" NEEDS YOU (3) <b>”');
    expect(html).not.toMatch(/<h3><bdi>[^<]*<b>/);
  });
});

describe('a digest of a day on which very much happened', () => {
  const bytes = (text: string) => Buffer.byteLength(text);
  const many = <T>(list: readonly T[], count: number): T[] =>
    Array.from({ length: count }, () => list)
      .flat()
      .slice(0, count);
  const [story] = sampleDigest.stories;

  function flood(text: string): Digest {
    const long = { text: text.slice(0, 4000), length: 90_000 };
    const short = text.slice(0, 200);
    const message = { ...story?.messages[0], text: long } as DigestMessage;
    return {
      ...sampleDigest,
      approvals: many(sampleDigest.approvals, 20).map((each) => ({
        ...each,
        jorb: { ...each.jorb, name: short },
        asked: each.asked.kind === 'contract' ? each.asked : { ...each.asked, text: long },
        because: many([{ consequence: 'commit', text: short }], 4),
        quote: { eventId: 'event_1', from: short, text: long },
      })),
      unmatched: many(sampleDigest.unmatched, 40).map((each) => ({ ...each, text: long, reason: short })),
      problems: many(sampleDigest.problems, 40).map((each) => ({ ...each, text: long, error: short })),
      lateReplies: many(sampleDigest.lateReplies, 40).map((each) => ({ ...each, text: long })),
      failures: many(sampleDigest.failures, 40).map((each) => ({ ...each, text: short })),
      highlights: many(sampleDigest.highlights, 40).map((each) => ({ ...each, text: short })),
      active: many(sampleDigest.active, 40).map((each) => ({
        ...each,
        name: short,
        reason: short,
        summary: short,
      })),
      ended: many(sampleDigest.ended, 40).map((each) => ({ ...each, name: short, reason: short })),
      stories: many(sampleDigest.stories, 40).map((each) => ({ ...each, messages: many([message], 20) })),
      more: { ...noRest, stories: 960, active: 960 },
    };
  }

  it.each([
    ['words', 'word '.repeat(1000)],
    ['markup', '<&">'.repeat(1000)],
    ['what nobody sees', '\u202e'.repeat(4000)],
    ['pictures', '👩‍👩‍👧‍👦'.repeat(400)],
  ])('fits into a mail: %s', (_, text) => {
    const { text: plain, html } = renderDigest(flood(text), zone);
    expect(bytes(html)).toBeLessThan(102_000 * 0.88);
    expect(bytes(plain)).toBeLessThan(102_000);
    expect(html).toContain('</html>');
  });

  it('says what it leaves out and how to see it', () => {
    const { text, html } = renderDigest(flood('word '.repeat(1000)), zone);
    for (const half of [text, readHtml(html)]) {
      expect(half).toMatch(/and 99\d more jorbs in which something happened: `?jorbs list --filter all/);
      expect(half).toMatch(/and \d+ more approvals: say to your assistant `?review approvals/);
      expect(half).toMatch(
        /Its middle is left out here, of 90,000 characters; all of it: `?jorbs show jorb_47 --messages 50/,
      );
      expect(half).toMatch(/and \d+ more messages before these: `?jorbs show jorb_47 --messages 50/);
    }
  });

  it('keeps the newest, and counts what it drops', () => {
    const room = rooms.at(-1);
    if (!room) throw new Error('there is a smallest room');
    const digest = flood('word');
    const fitted = fitDigest(digest, room);
    expect(fitted.more.approvals).toBe(20 - room.approvals);
    expect(fitted.more.stories).toBe(960 + 40 - room.stories);
    expect(fitted.highlights).toEqual(digest.highlights.slice(-room.items));
    const [first] = fitted.stories;
    expect(first?.messages).toHaveLength(room.messages);
    expect((first?.messages.length ?? 0) + (first?.moreMessages ?? 0)).toBe(20 + 4);
  });

  it('leaves a day alone that fits', () => {
    const [room] = rooms;
    if (!room) throw new Error('there is a largest room');
    expect(fitDigest(sampleDigest, room)).toEqual(sampleDigest);
  });
});

describe('the page of a digest', () => {
  const { html } = renderDigest(sampleDigest, zone);

  it('asks nothing of the network and holds nothing that runs or can be clicked', () => {
    expect(html).not.toMatch(/<(script|img|a|iframe|form|link|object|embed|input|button)\b/i);
    expect(html).not.toMatch(/url\(|@import|\ssrc=|\shref=/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
      if (['meta', 'br'].includes(name)) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('has colors for the dark that can be read as well', () => {
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });
});
