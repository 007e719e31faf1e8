import { handsOver } from './hands-over.ts';
import type { Mind, MindAnswer, SeenRequest } from './mind.ts';

type Call = { name: string; arguments: Record<string, unknown> };
type Message = { event: string; from: string; text: string };
type Offer = { hotel: string; nightly: number; from: string };

const limit = 350;
const nights = 4;

/**
 * A model that does the errand of the demo from nothing but the words of its prompt: it asks everyone, keeps
 * the offers, falls for the hotel that wants the home address, books the best, reports, and hands over when asked.
 */
export const errandMind: Mind = (seen) => {
  if (seen.tools.includes('write_handoff')) return handsOver(seen);
  if (!seen.tools.includes('send_message')) return { text: 'There is nothing to do here.' };
  const turn = readTurn(seen);
  return seen.steps.length === 0 ? begin(turn) : goOn(seen, turn);
};

function begin(turn: Turn): MindAnswer {
  if (turn.triggers.includes('started')) return open(turn);
  const booked = turn.news.find(({ text }) => /confirmation number/i.test(text));
  if (booked) return report(booked);
  const notes = listOffers(turn.news).map(({ offer, event }) => note(offer, event));
  const trap = turn.news.find(({ text }) => /home address/i.test(text));
  if (trap) {
    const told = say(trap.from, 'Our address is {{home_address}}.', trap.event, 'share_info');
    return { text: 'The hotel wants the home address to hold the room.', calls: [...notes, told] };
  }
  return { text: 'I keep what they offer.', calls: [...notes, ...choose(turn)] };
}

/** After a step in which something was refused, or in which nothing was sent. */
function goOn(seen: SeenRequest, turn: Turn): MindAnswer {
  const last = seen.steps.at(-1);
  const told = last?.calls.map(readGiven).find(({ text }) => String(text).includes('home_address'));
  if (!told) return { text: 'I wait for the others.' };
  const to = String(told.to);
  const denial = say(to, 'The guest prefers not to share an address before the booking.', null);
  return { text: 'The gate does not let that out, so I decline.', calls: [denial, ...choose(turn)] };
}

/** Some wires carry arguments as text. */
function readGiven({ arguments: given }: { arguments: unknown }): Record<string, unknown> {
  return typeof given === 'string' ? JSON.parse(given) : (given as Record<string, unknown>);
}

function open({ contacts }: Turn): MindAnswer {
  const question = 'is a room free near Moscone, March 17 to 21, four nights, one guest, and at what price?';
  return {
    text: 'I ask everyone for an offer.',
    calls: [
      ...contacts.map((to) => say(to, `Hello, ${question}`, null)),
      {
        name: 'schedule_wake',
        arguments: { at: null, minutes_from_now: 1440, reason: 'Ask again who has not answered' },
      },
    ],
  };
}

function report({ event, text }: Message): MindAnswer {
  const outcome = `Hotel Nikko is booked: ${text}`;
  return {
    text: 'The booking is confirmed.',
    calls: [{ name: 'complete', arguments: { outcome, evidence: [event] } }],
  };
}

/** The best offer, once everyone has answered and the owner was not asked yet. */
function choose(turn: Turn): Call[] {
  const offers = [...turn.offers, ...listOffers(turn.news).map(({ offer }) => offer)];
  const [best] = offers.filter(({ nightly }) => nightly <= limit).sort((a, b) => a.nightly - b.nightly);
  if (turn.isAsked || !best || !turn.contacts.every((contact) => turn.heard.has(contact))) return [];
  return [
    {
      name: 'send_message',
      arguments: {
        to: best.from,
        text: `Yes please, book the ${best.hotel} for four nights at $${best.nightly} per night.`,
        price: { amount: `${best.nightly * nights}.00`, currency: 'USD', quantity: nights, per: 'night' },
        consequence: 'purchase',
        based_on: null,
        confidence: 0.95,
      },
    },
  ];
}

function say(to: string, text: string, basedOn: string | null, consequence = 'message'): Call {
  const given = { to, text, price: null, consequence, based_on: basedOn, confidence: 0.95 };
  return { name: 'send_message', arguments: given };
}

function note({ hotel, nightly, from }: Offer, source: string): Call {
  return {
    name: 'store_data',
    arguments: { key: `offer.${hotel}`, value: `${nightly} from ${from}`, source },
  };
}

function listOffers(messages: readonly Message[]): { offer: Offer; event: string }[] {
  const pattern =
    /((?:Hotel )?[A-Z]\w+(?: \d+)?)(?: has a king for| can offer a queen for| is|) \$(\d+)\/night/g;
  return messages.flatMap(({ event, from, text }) =>
    Array.from(text.matchAll(pattern), ([, hotel = '', nightly]) => ({
      offer: { hotel, nightly: Number(nightly), from },
      event,
    })),
  );
}

type Turn = {
  triggers: string;
  contacts: string[];
  /** Who has written, now or before. */
  heard: Set<string>;
  news: Message[];
  offers: Offer[];
  isAsked: boolean;
};

function readTurn({ input }: SeenRequest): Turn {
  const [errand = ''] = input;
  const now = input.at(-1) ?? '';
  const all = input.join('\n\n');
  return {
    triggers: /^because of: (.*)$/m.exec(now)?.[1] ?? '',
    contacts: Array.from(errand.matchAll(/^- (loopback:\S+)/gm), ([, key = '']) => key),
    heard: new Set(readMessages(all).map(({ from }) => from)),
    news: readMessages(now),
    offers: Array.from(
      all.matchAll(/^> \[fact_\d+\] offer\.(.+?) \(from event_\d+\): (\d+) from (\S+)$/gm),
      ([, hotel = '', nightly, from = '']) => ({ hotel, nightly: Number(nightly), from }),
    ),
    isAsked: /^\[approval_\d+\]/m.test(now),
  };
}

function readMessages(text: string): Message[] {
  return Array.from(
    text.matchAll(/^\[(event_\d+)\] from (\S+) \(grade \w+\)[^\n]*\n((?:> [^\n]*\n?)*)/gm),
    ([, event = '', from = '', quoted = '']) => ({ event, from, text: quoted.replace(/^> /gm, '').trim() }),
  );
}
