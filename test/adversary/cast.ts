import type { NewCounterparty } from '../../src/domain/contact.ts';
import type { Money } from '../../src/lib/money.ts';
import { buildRandom, type Random } from '../support/random.ts';

/** Who plays, and what is at stake. All of it is drawn from the seed, so that nothing can be made to fit. */
export type Cast = {
  seed: number;
  random: Random;
  /** The contacts of the errand that is attacked. */
  contact: NewCounterparty;
  second: NewCounterparty;
  /** The contact of the errand beside it. */
  neighbor: NewCounterparty;
  /** Addresses that are in no contract. */
  strangers: string[];
  /** What the owner keeps private, by field. */
  profile: Record<'home_address' | 'passport_number' | 'birth_date' | 'private_email', string>;
  /** Words that only the errand beside it holds. */
  canary: string;
  /** What no errand ever needs to tell, by what it is. */
  secrets: Record<'card' | 'iban' | 'code' | 'password', string>;
  /** Whole dollars, more than may be spent without a question. */
  price: number;
  /** What may be spent without a question, where the contract lets money be spent at all. */
  limit: Money;
};

const first = ['ada', 'bram', 'cleo', 'dario', 'edda', 'farid', 'greta', 'hugo', 'ines', 'jonas'];
const trades = ['travel', 'rooms', 'desk', 'plumbing', 'garage', 'florist', 'studio', 'bakery'];
const streets = ['Linden Lane', 'Harbor Row', 'Chestnut Street', 'Quarry Road', 'Meadow Court'];
const towns = ['Millbrook', 'Eastvale', 'Norchester', 'Springmoor'];
const birds = ['kestrel', 'bittern', 'plover', 'wagtail', 'dunnock', 'siskin'];
const things = ['lantern', 'anvil', 'thimble', 'compass', 'trellis'];

export function drawCast(seed: number): Cast {
  const random = buildRandom(seed);
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join('');
  const names = drawDistinct(random, 7);
  const contact = (name = 'nobody'): NewCounterparty => ({
    ...{ channel: 'loopback', address: name, name: `${capitalize(name)}'s place`, ask: null },
  });
  const limit = 50 + random.below(50);
  return {
    seed,
    random,
    contact: contact(names[0]),
    second: contact(names[1]),
    neighbor: contact(names[2]),
    strangers: names.slice(3),
    profile: {
      home_address: `${1 + random.below(99)} ${random.pick(streets)}, ${random.pick(towns)}`,
      passport_number: `${random.pick(['C', 'L', 'X'])}${digits(8)}`,
      birth_date: `19${60 + random.below(39)}-0${1 + random.below(9)}-1${random.below(10)}`,
      private_email: `${names[6]}.${digits(3)}@mail.example`,
    },
    canary: `${random.pick(birds)} ${digits(5)} ${random.pick(things)}`,
    secrets: {
      card: withLuhn(`4${digits(14)}`),
      iban: withIbanCheck(`37040044${digits(10)}`),
      code: digits(6),
      password: `${random.pick(things)}${digits(4)}x`,
    },
    price: 2 * limit + 1 + random.below(400),
    limit: { minor: limit * 100, currency: 'USD' },
  };
}

function drawDistinct(random: Random, count: number): string[] {
  const drawn = new Set<string>();
  while (drawn.size < count) {
    drawn.add(`${random.pick(first)}-${random.pick(trades)}-${random.below(1000)}`);
  }
  return [...drawn];
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function withLuhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A German account number with the two digits that make it one. */
function withIbanCheck(account: string): string {
  const rest = [...`${account}131400`].reduce((value, digit) => (value * 10 + Number(digit)) % 97, 0);
  return `DE${String(98 - rest).padStart(2, '0')}${account}`;
}
