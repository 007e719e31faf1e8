import { describe, expect, it } from 'vitest';
import { formatOffer, parseOffer, parseStatus } from '../../../src/brains/rules/facts.ts';
import { readGuidance } from '../../../src/brains/rules/guidance.ts';
import { formatOpening, type OpeningInput } from '../../../src/brains/rules/opening.ts';
import { advancePhases, type Milestone } from '../../../src/brains/rules/phases.ts';
import { countUnits, readPlan } from '../../../src/brains/rules/read-plan.ts';
import { findPrices } from '../../../src/brains/rules/read-price.ts';
import { readReply } from '../../../src/brains/rules/read-reply.ts';
import { findNames, isSameSubject } from '../../../src/brains/rules/read-subject.ts';
import type { Counterparty } from '../../../src/domain/contact.ts';
import { formatMoney } from '../../../src/lib/money.ts';
import { buildTurnContext } from '../../agent/turn-context.ts';
import { testEpoch } from '../../support/clock.ts';

describe('readPlan', () => {
  it.each<[string, string | null, number | undefined]>([
    ['a hotel, March 17–21', 'March 17–21', 4],
    ['a room from Mar. 17th to 21st, 2027', 'Mar. 17th to 21st, 2027', 4],
    ['a room 17-21 March', '17-21 March', 4],
    ['hotel March 30 – April 2', 'March 30 – April 2', 3],
    ['hotel Dec 30 to Jan 2', 'Dec 30 to Jan 2', 3],
    ['hotel 2027-02-27 to 2027-03-02', '2027-02-27 to 2027-03-02', 3],
    ['hotel Feb 27 - Mar 1, 2028', 'Feb 27 - Mar 1, 2028', 3],
    ['a hotel for 4 nights', null, 4],
    ['a hotel for three nights from March 17', 'March 17', 3],
    ['two rooms for 4 nights', null, 8],
    ['a conference, March 17–21', 'March 17–21', undefined],
    ['a hotel, March 21–17', 'March 21–17', undefined],
  ])('reads %j', (plan, dates, nights) => {
    const reading = readPlan(plan, { limitPer: null, now: testEpoch });
    expect(reading.dates).toBe(dates);
    expect(countUnits(reading, 'night')).toBe(nights);
  });

  it.each([
    ['Book a table', 'purchase'],
    ['Find a hotel, but ask before you book', 'purchase'],
    ['Do not book without asking me', 'purchase'],
    ['Get quotes only. Do not book anything.', 'inquiry'],
    ['Ask whether Thursday works', 'inquiry'],
  ])('takes %j for a %s', (plan, kind) => {
    expect(readPlan(plan, { limitPer: null, now: testEpoch }).kind).toBe(kind);
  });
});

describe('findPrices', () => {
  it.each([
    ['$289/night', '$289.00/night'],
    ['US$ 289.50 per night', '$289.50/night'],
    ['1.156,00 € insgesamt', '€1,156.00/night'],
    ['€1.200', '€1,200.00/night'],
    ['289 a night', '$289.00/night'],
    ['rate: 315', '$315.00/night'],
    ['£45 pp', '£45.00/person'],
    ['$1.2k total', '$1,200.00 in all'],
    ['$1,156 for 4 nights', '$1,156.00 in all'],
    ['room 289 on floor 3', ''],
    ['call 415 555 0101', ''],
    ['at 3pm on March 17', ''],
    ['20% off', ''],
    ['$0', ''],
    ['$99999999999999', ''],
  ])('reads %j', (text, expected) => {
    const prices = findPrices(text, { currency: 'USD', unit: 'night' });
    expect(
      prices.map((price) => formatMoney(price) + (price.per ? `/${price.per}` : ' in all')).join(', '),
    ).toBe(expected);
  });
});

describe('names', () => {
  it('finds what a plan asks about and not where or when', () => {
    expect(
      findNames('Ask Magic about Hotel Nikko and the Parc 55 near Union Square in March for GDC'),
    ).toEqual(['Magic', 'Hotel Nikko', 'Parc 55']);
  });

  it.each([
    ['Hotel Nikko', 'nikko', true],
    ['the Zetta', 'Hotel Zetta', true],
    ['Hotel Zetta', 'Hotel Nikko', false],
    ['your instructions! NK-48213', 'Hotel Nikko', false],
    ['C++ (Berlin', 'Hotel [Nikko*', false],
    ['C++ (Berlin', 'the c++ (berlin', true],
  ])('%j and %j are the same: %j', (a, b, same) => {
    expect(isSameSubject(a, b)).toBe(same);
  });
});

describe('facts', () => {
  it('are read back as they were written', () => {
    const offer = {
      subject: 'Hotel Nikko',
      from: 'loopback:magic',
      price: { minor: 28_950, currency: 'USD' },
      per: 'night',
      note: 'king; high floor',
    };
    const value = formatOffer(offer);
    expect(value).toBe('289.50 USD per night; king high floor; Hotel Nikko from loopback:magic');
    expect(parseOffer({ key: 'offer.x', value })).toEqual({
      key: 'offer.x',
      ...offer,
      note: 'king high floor',
    });
    const yen = formatOffer({ ...offer, price: { minor: 5000, currency: 'JPY' }, per: null, note: null });
    expect(parseOffer({ key: 'offer.x', value: yen })?.price).toEqual({ minor: 5000, currency: 'JPY' });
    const bare = formatOffer({ ...offer, price: null, note: null });
    expect(parseOffer({ key: 'offer.x', value: bare })?.price).toBeNull();
  });

  it.each(['', 'cheap', '289 USD', '1e3 USD; X from loopback:magic', '289.00 QQQ; X from loopback:magic'])(
    'of another form are left alone: %j',
    (value) => {
      expect(parseOffer({ key: 'offer.x', value })).toBeUndefined();
      expect(parseStatus({ key: 'offer.x', value })).toBeUndefined();
    },
  );
});

describe('readGuidance', () => {
  it.each([
    ['Yes, book Nikko', { kind: 'accept', target: 'Nikko' }],
    ['book the Zetta instead please', { kind: 'accept', target: 'Zetta' }],
    ['skip Proper.', { kind: 'skip', target: 'Proper' }],
    ['ask Zetta: is parking free?', { kind: 'ask', target: 'Zetta', text: 'is parking free?' }],
    ['ok go ahead', { kind: 'continue' }],
    ['please wait', { kind: 'continue' }],
    ['make it nicer', { kind: 'unclear', text: 'make it nicer' }],
  ])('reads %j', (text, command) => {
    expect(readGuidance(text)).toEqual(command);
  });
});

describe('formatOpening', () => {
  const { contract } = buildTurnContext();
  const magic: Counterparty = {
    id: 'address_1',
    channel: 'loopback',
    address: 'magic',
    name: 'Magic',
    ask: null,
    optedOut: false,
  };
  const open = (plan: string, more: Partial<OpeningInput> = {}) =>
    formatOpening({
      contact: magic,
      counterparties: [magic],
      name: 'The errand',
      plan,
      reading: readPlan(plan, { limitPer: 'night', now: testEpoch }),
      contract: {
        ...contract,
        money: { ...contract.money, offerLimit: { minor: 35_000, per: 'night' }, budget: 140_000 },
      },
      ownerName: 'Dana',
      ...more,
    });

  it.each([
    'Find a hotel, at most $350 a night. Ask Magic.',
    'Find a hotel under 350 USD per night, budget of $1,400. Ask Magic.',
    'Find a hotel (max $350/night). Ask Magic what is free up to $350.',
    'Find a hotel. My limit is 350. Ask Magic.',
    'Find a hotel. I would go to 350.00 for it. Ask Magic.',
    'Find a hotel. I have 1,400 dollars. Ask Magic.',
  ])('tells no limit: %j', (plan) => {
    expect(open(plan)).not.toMatch(/350|1,?400/);
    expect(open('Find a hotel. Ask Magic.', { contact: { ...magic, ask: plan } })).not.toMatch(/350|1,?400/);
  });

  it('takes the limit out and leaves the wish in, also where the contract has no such limit', () => {
    const plan = 'Find a hotel near Moscone, at most $75 a night. Ask Magic.';
    expect(open(plan)).toContain('who is looking for a hotel near Moscone.');
    expect(open(plan)).not.toContain('75');
  });

  it('asks what the contact is to be asked, in its own words', () => {
    const ask = 'Do you have a king room for March 17–21?';
    expect(open('Find a hotel. Ask Magic.', { contact: { ...magic, ask } })).toBe(
      'Hello Magic, I am writing on behalf of Dana. Do you have a king room for March 17–21?',
    );
  });

  it('leaves the owner unnamed where the contract says so', () => {
    expect(open('Find a hotel. Ask Magic.', { ownerName: null })).toContain('on behalf of a client');
  });

  it('leaves out what the agent was told about booking and reporting', () => {
    const text = open(
      'Find me a hotel near Moscone, ask before you book. Ask Magic about Hotel Nikko; report in 48 hours.',
    );
    expect(text).toBe(
      'Hello Magic, I am writing on behalf of Dana, who is looking for a hotel near Moscone. I would like to ask about Hotel Nikko. What is available, and at what price?',
    );
  });
});

describe('advancePhases', () => {
  const phases = (...titles: string[]) =>
    titles.map((title, index) => ({
      title,
      status: index === 0 ? ('active' as const) : ('pending' as const),
    }));

  it.each<[Milestone, number]>([
    ['none', 0],
    ['asked', 1],
    ['answered', 2],
    ['accepted', 3],
    ['confirmed', 4],
  ])('after "%s" %i phases are done', (reached, count) => {
    const calls = advancePhases(
      phases('Contact everyone', 'Compare offers', 'Get approval', 'Book it'),
      reached,
    );
    expect(calls).toHaveLength(count);
  });

  it('knows nothing to do without phases', () => {
    expect(advancePhases([], 'confirmed')).toEqual([]);
  });
});

describe('a hostile length', () => {
  const hints = {
    contactName: 'M',
    subjects: [],
    isAgent: true,
    topic: null,
    currency: 'USD',
    unit: 'night',
  };

  it.each(['$1 ', 'a ', 'A ', '1,111', 'was $', 'be not ', '$1-', ', ', '\n', '😀'])(
    'of %j is read in no time',
    (part) => {
      const reading = readReply([{ eventId: 'event_1', text: part.repeat(70_000) }], hints);
      // Without the bound on what is read this takes minutes, and the test its time limit.
      expect(reading.offers.length).toBeLessThanOrEqual(60);
    },
  );
});
