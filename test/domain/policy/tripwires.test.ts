import { expect, test } from 'vitest';
import { findTripwires } from '../../../src/domain/policy/tripwires.ts';
import { buildFacts, judgeText, listRules } from '../../support/gate.ts';

const to = { channel: 'loopback' as const, address: 'magic' };
const offer = 'Hotel Nikko has a king for $289/night. Marriott is sold out. Want me to book Nikko?';

function rulesFor(text: string, lastInbound: string | null): string[] {
  const recipient = { everSent: 1, lastInbound, optedOut: false };
  return findTripwires(text, to, buildFacts({ recipient })).map(({ rule }) => rule);
}

test('the opening of an errand that asks for availability and price is a plain message', () => {
  const text =
    'Hello Magic, I would like to ask about Hotel Nikko and Marriott Union Square for March 17–21 (GDC, near Moscone). ' +
    'Is a king room available, and what is the price per night?';
  expect(judgeText(text)).toMatchObject({ kind: 'allow', consequence: 'message', findings: [] });
});

test('the acceptance of an offer is a commitment', () => {
  const text = 'Yes, please book the king room at Hotel Nikko for March 17–21 at $289 per night.';
  const verdict = judgeText(text, { recipient: { everSent: 1, lastInbound: offer, optedOut: false } });
  expect(verdict).toMatchObject({ kind: 'ask', consequence: 'commit' });
  expect(listRules(verdict)).toEqual(expect.arrayContaining(['acceptance', 'price_in_text']));
});

test.each([
  'book it',
  'Book Nikko',
  'please confirm the booking',
  'go ahead',
  'Please go ahead and book it.',
  'I accept',
  'yes, we accept 500, deal',
  "we'll take it",
  'We’ll take the king',
  'reserve it for us',
  'Could you book it for us?',
  'can you please reserve the room',
  "Let's do it",
  'Count us in',
  'Confirmed.',
  'Deal!',
  'I hereby confirm',
  'We hereby accept your terms.',
  'b o o k it',
  'b.o.o.k the room',
  'bооk it (Cyrillic o)',
  'ＢＯＯＫ it',
  'pleáse bóok it',
  'So please, book',
  'we are booking the room',
  'Please hold the king room until tomorrow',
  'acepto la oferta',
  'Ja, bitte buche das Zimmer',
  "J'accepte votre offre",
  'Please proceed with the reservation',
  'We will pay via the link',
  'Please charge the card on file',
  'You may book it',
  'Do we have a deal? We accept.',
  'Is the room free? If so, book it.',
  'Lock it in, please',
  'We are going ahead',
])('takes up an offer, whatever came before: %s', (text) => {
  expect(rulesFor(text, null)).toContain('acceptance');
});

test.each([
  'Hello, do you have a king room available for March 17–21, and what is the price per night?',
  'Please let me know the price before we book anything.',
  'Please do not book or confirm anything yet.',
  'Do we need to book ahead?',
  'How do I book?',
  'Could you confirm the price per night and that the room can be cancelled free of charge?',
  'Thank you. I have passed the offer on and will come back to you once it is decided.',
  "I'll confirm with Ana and get back to you.",
  'I need to confirm with my client first.',
  'Take your time.',
  "I'll take a look",
  'What is your cancellation policy?',
  'Is the price for the whole stay? I ask in order to compare.',
  'Is your order book full?',
  'Please hold on.',
  'Do you accept cards?',
  'How can we pay?',
  'What deposit do you charge?',
  'Can we cancel free of charge until the day before?',
  'If we cancel, is there a fee?',
  'Following up on my question of yesterday about the room.',
  'We do not accept that.',
  'We have not decided yet.',
  'No, thank you.',
  'Thank you, I will come back to you.',
  'Is breakfast included, and is $289 with taxes?',
  'We arrive on 17 March at 10:30 and leave on 2027-03-21 in room 412.',
  'The second of two people comes 50% of the days.',
])('is plain talk, also after an offer: %s', (text) => {
  expect(rulesFor(text, null)).toEqual([]);
  expect(rulesFor(text, offer)).toEqual([]);
});

test.each([
  'Yes please',
  'yes',
  'OK',
  'Sounds good',
  'Great',
  'Perfect, thanks!',
  'please do',
  'please',
  'That works for us',
  '👍',
  'Sí',
  'We would like to book it',
  'Can we book it then?',
])('seals an offer, and is plain talk without one: %s', (text) => {
  expect(rulesFor(text, offer)).toContain('acceptance');
  expect(rulesFor(text, null)).toEqual([]);
});

test('a yes seals an offer that a long message hides', () => {
  const noise = 'The weather is fine and the sea is blue. '.repeat(2_000);
  expect(rulesFor('Yes', `${offer} ${noise}`)).toContain('acceptance');
  expect(rulesFor('Yes', `${noise} ${offer}`)).toContain('acceptance');
  expect(rulesFor('Yes', noise)).toEqual([]);
});

test.each([
  'Please cancel my reservation',
  'we need to cancel',
  "I'd like to cancel the booking",
  'We are cancelling',
  'c.a.n.c.e.l the booking',
  'please саncel it (Cyrillic)',
  'We no longer need the room',
  'storniere bitte',
])('calls something off: %s', (text) => {
  expect(rulesFor(text, null)).toContain('cancellation');
});
