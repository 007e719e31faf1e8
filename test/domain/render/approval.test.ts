import { describe, expect, it } from 'vitest';
import type { Approval } from '../../../src/domain/approval.ts';
import { renderApproval, renderApprovalLine } from '../../../src/domain/render/approval.ts';
import { dayMs, hourMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { sampleApproval, sampleContract } from './samples.ts';

function withText(text: string): Approval {
  const { action } = sampleApproval;
  if (action.payload.kind !== 'send_message') throw new Error('the sample is a message');
  return { ...sampleApproval, action: { ...action, payload: { ...action.payload, text } } };
}

describe('renderApproval', () => {
  it('shows who gets what, how much, why it asks, the quotation and what can be answered', () => {
    expect(renderApproval(sampleApproval, testEpoch)).toMatchInlineSnapshot(`
      "approval_3: may this message be sent, at this price?
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
      Nothing of it happens before you say yes."
    `);
  });

  it('shows a question of the agent', () => {
    const action = {
      ...sampleApproval.action,
      payload: { kind: 'ask_owner' as const, question: 'King or twin?' },
      findings: [],
    };
    expect(renderApproval({ ...sampleApproval, action, quote: null }, testEpoch)).toMatchInlineSnapshot(`
      "approval_3: the agent has a question for you
      Jorb: jorb_47 “GDC Hotel” (paused)

      Its question:
          King or twin?

      Answer until 2026-11-27 08:59Z (6 d 23 h left): answer (with your words), decline (with or without a reason).
      Nothing of it happens before you say yes."
    `);
  });

  it('shows every limit of a contract that is to be widened', () => {
    const action = {
      ...sampleApproval.action,
      payload: { kind: 'change_contract' as const, contract: sampleContract, startAfter: true },
      findings: [
        { rule: 'widening' as const, consequence: 'purchase' as const, because: 'the budget is $1,500.00' },
      ],
    };
    expect(renderApproval({ ...sampleApproval, action, quote: null }, testEpoch)).toMatchInlineSnapshot(`
      "approval_3: may this jorb start with these limits?
      Jorb: jorb_47 “GDC Hotel” (paused)

      The limits, in full:
      - May write to: loopback:magic, loopback:+14155550101
      - Money: nothing without asking (the limit of $100.00 is not in use), $1,500.00 in all; at most $350.00 per night
      - Messages: at most 20 an hour, 50 a day, 10 a day to one address
      - May tell: name to all of them
      - Autonomy: without asking: message; asks you: new recipient, share info, cancel, commit, purchase
      - Asks again after 1 d without an answer
      - Quiet: 22:00–07:00 America/Los_Angeles
      - Deadline: 2026-11-22 09:00Z

      Why it asks:
      - purchase: the budget is $1,500.00

      Answer until 2026-11-27 08:59Z (6 d 23 h left): accept, decline (with or without a reason).
      Nothing of it happens before you say yes."
    `);
  });

  it.each([
    [
      'accepted',
      { status: 'accepted', answeredAt: testEpoch, confirmedBy: 'terminal' },
      'Accepted 2026-11-20 09:00Z, confirmed by terminal.',
    ],
    [
      'declined with words',
      { status: 'declined', answeredAt: testEpoch, answerText: 'too dear' },
      'Declined 2026-11-20 09:00Z.\nYour words:\n    too dear',
    ],
    [
      'void',
      { status: 'expired', answeredAt: testEpoch, voidReason: 'the contract changed' },
      'Expired 2026-11-20 09:00Z: the contract changed.',
    ],
    ['late', { expiresAt: testEpoch - hourMs }, 'Its time was up 2026-11-20 08:00Z.'],
  ] as const)('says how it ended when it was %s', (_name, change, ending) => {
    expect(renderApproval({ ...sampleApproval, ...change }, testEpoch)).toContain(`\n\n${ending}`);
  });

  it('gives times in the zone of the owner', () => {
    expect(renderApproval(sampleApproval, testEpoch, 'Europe/Berlin')).toContain('2026-11-27 09:59 GMT+1');
  });

  it('shows the whole text however long it is', () => {
    const text = `start ${'word '.repeat(2000)}end`;
    expect(renderApproval(withText(text), testEpoch)).toContain(`    ${text}`);
  });

  it('escapes every invisible character of the text, so that what is shown is what is sent', () => {
    const shown = renderApproval(withText('pay\u200b 100\u202e\r\u2028x\u{e0041}'), testEpoch);
    expect(shown).toContain('    pay⟨U+200B⟩ 100⟨U+202E⟩⟨U+000D⟩⟨U+2028⟩x⟨U+E0041⟩');
  });

  it('keeps emoji whole', () => {
    expect(renderApproval(withText('Thanks ❤️ 👨‍👩‍👧'), testEpoch)).toContain('    Thanks ❤️ 👨‍👩‍👧');
  });

  it('lets no line of a third party pass for a line of ours', () => {
    const quote = {
      eventId: 'event_12' as const,
      from: 'Magic',
      text: 'Hi\n\nPrice: $1.00\r\nAnswer until never',
    };
    const lines = renderApproval({ ...sampleApproval, quote }, testEpoch).split('\n');
    expect(lines.filter((line) => line.includes('$1.00') || line.includes('never'))).toEqual([
      '> Price: $1.00',
      '> Answer until never',
    ]);
  });

  it('gives a total alone when the quantity does not divide it', () => {
    const { action } = sampleApproval;
    if (action.payload.kind !== 'send_message') throw new Error('the sample is a message');
    const payload = { ...action.payload, price: { minor: 1000, currency: 'USD', quantity: 3, per: 'night' } };
    expect(renderApproval({ ...sampleApproval, action: { ...action, payload } }, testEpoch)).toContain(
      'Price: $10.00 for 3 × night',
    );
  });
});

const extension: Approval = {
  ...sampleApproval,
  action: {
    ...sampleApproval.action,
    payload: {
      ...{ kind: 'change_contract', contract: sampleContract, startAfter: false },
      extension: { since: sampleApproval.askedAt - 14 * dayMs, until: sampleApproval.askedAt + 14 * dayMs },
    },
    findings: [],
  },
  quote: null,
};
const goesOn =
  'It has been open for 14 days (since 2026-11-06 08:59Z). Let it go on until 2026-12-04 08:59Z?';

describe('whether a jorb may go on', () => {
  it('is asked in words of code: since when, until when, under which limits, and what no answer means', () => {
    const text = renderApproval(extension, testEpoch);
    expect(text).toContain('approval_3: may this jorb go on?');
    expect(text).toContain(`${goesOn}\nIts limits stay as they are:\n- May write to:`);
    expect(text).toContain('It does nothing more before you say yes, and fails without a yes until then.');
  });

  it('is asked on a line, and in the zone of the owner', () => {
    expect(renderApprovalLine(extension)).toBe(`asks whether it may go on: ${goesOn}`);
    expect(renderApprovalLine(extension, 240, 'Asia/Tokyo')).toContain('since 2026-11-06 17:59 GMT+9');
  });
});

describe('renderApprovalLine', () => {
  it('says on one line what is asked', () => {
    expect(renderApprovalLine(sampleApproval)).toBe(
      'wants to write to Magic concierge (loopback:magic) for $289.00 per night × 4 = $1,156.00: “Yes, please book the king at Hotel Nikko for March 17–21. Thank you!”',
    );
  });
});
