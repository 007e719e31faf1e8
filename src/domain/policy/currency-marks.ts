/** Where a text names a currency, and which currencies may be meant. */
export type CurrencyMark = {
  start: number;
  end: number;
  /** Empty when it is none that a contract can hold. */
  currencies: readonly string[];
  /** A sign, which people put before the figure. */
  isSign: boolean;
};

const dollars = ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP'];

const signs: Record<string, readonly string[]> = {
  $: dollars,
  '€': ['EUR'],
  '£': ['GBP', 'EGP', 'LBP'],
  '¥': ['JPY', 'CNY'],
  '₹': ['INR'],
  '₩': ['KRW'],
  '₽': ['RUB'],
  '₺': ['TRY'],
  '₪': ['ILS'],
  '฿': ['THB'],
  '₫': ['VND'],
  '₱': ['PHP'],
  '₴': ['UAH'],
  '₦': ['NGN'],
  '₿': ['BTC'],
};

/** Letters before a dollar sign: `US$`, `R$`. */
const dollarsOf: Record<string, string> = {
  ...{ US: 'USD', C: 'CAD', CA: 'CAD', A: 'AUD', AU: 'AUD', NZ: 'NZD', HK: 'HKD', S: 'SGD', SG: 'SGD' },
  ...{ R: 'BRL', NT: 'TWD', MX: 'MXN' },
};

const words: Record<string, readonly string[]> = {
  ...name(dollars, 'dollar', 'dollars', 'dolares', 'buck', 'bucks'),
  ...name(['EUR'], 'euro', 'euros'),
  ...name(['GBP', 'EGP', 'LBP'], 'pound', 'pounds', 'quid', 'sterling'),
  ...name(['JPY'], 'yen'),
  ...name(['CNY'], 'yuan', 'renminbi', 'rmb'),
  ...name(['INR', 'PKR', 'LKR', 'NPR'], 'rupee', 'rupees'),
  ...name(['CHF', 'XOF', 'XAF'], 'franc', 'francs', 'franken'),
  ...name(['MXN', 'ARS', 'CLP', 'COP', 'PHP'], 'peso', 'pesos'),
  ...name(['SEK', 'NOK', 'DKK', 'ISK', 'CZK'], 'kr', 'kronor', 'kroner', 'koruna'),
  ...name(['PLN'], 'zl', 'zloty'),
  ...name([], 'bitcoin', 'btc', 'eth', 'usdt', 'usdc', 'cent', 'cents', 'pence', 'centimes'),
};

/** Codes that are no English word, and so count in lower case as well. */
const plainCodes = new Set(
  'usd eur gbp jpy cad aud nzd chf cny inr mxn sgd hkd sek nok dkk pln czk huf brl zar krw thb ils aed sar'.split(
    ' ',
  ),
);

const codes = new Set(Intl.supportedValuesOf('currency'));

/** In order of their place. `text` with look-alikes made plain and its case kept. */
export function findCurrencyMarks(text: string): CurrencyMark[] {
  const marks: CurrencyMark[] = [];
  for (const match of text.matchAll(signOrWord)) {
    const [found, country, sign] = match;
    const currencies = sign === undefined ? readWord(found) : readSign(country, sign);
    if (currencies === undefined) continue;
    const start = match.index;
    marks.push({ start, end: start + found.length, currencies, isSign: sign !== undefined });
  }
  return marks;
}

const signOrWord = /(?:(?<!\p{L})(\p{L}{1,2}))?(\p{Sc})|(?<!\p{L})\p{L}{2,9}(?!\p{L})/gu;

function readSign(country: string | undefined, sign: string): readonly string[] {
  const only = sign === '$' && country !== undefined ? dollarsOf[country.toUpperCase()] : undefined;
  return only === undefined ? (signs[sign] ?? []) : [only];
}

function readWord(found: string): readonly string[] | undefined {
  const lower = found.toLowerCase();
  if (Object.hasOwn(words, lower)) return words[lower];
  if (found.length !== 3) return undefined;
  const code = found.toUpperCase();
  return codes.has(code) && (found === code || plainCodes.has(lower)) ? [code] : undefined;
}

function name(currencies: readonly string[], ...spellings: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(spellings.map((spelling) => [spelling, currencies]));
}
