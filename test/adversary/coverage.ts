/** Where each attack that no case of this folder plays is shown, or which part it needs that is not there yet. */
export type Elsewhere = { test: readonly [file: string, name: string] } | { absent: Part };

/** Parts of the product that a later issue brings, and what is out of its scope. */
export const parts = [
  'email',
  'sms',
  'telegram',
  'webhooks',
  'calendar',
  'files',
  'mcp over http',
  'the approval page',
  'payments',
  'several channels to the owner',
  'export',
  'restore',
  'a vault for secrets',
  'hardening of the process',
  'the release',
  'tools of others',
  'out of scope: a channel in time and length',
] as const;
export type Part = (typeof parts)[number];

const fetched = 'test/channels/web/guarded-fetch.test.ts';

const tests: Record<string, readonly [string, string]> = {
  C20: ['test/adversary/host.test.ts', 'C20 L10: one yes of the person is heard once'],
  G04: [fetched, 'is not reached by a name that changes its mind: what was vetted is dialled'],
  G05: [fetched, 'an address that is not public'],
  G07: [fetched, 'of a POST, with %i, is the answer'],
  G10: [fetched, 'comes of one that drips its headers'],
  G13: [fetched, 'is made once, says who asks and brings nothing along'],
  G14: ['test/architecture.test.ts', 'each library is known to one folder'],
  I13: ['test/runtime/inbox.test.ts', 'the row is on disk before anyone is told'],
  L08: ['test/mcp/bad-input.test.ts', 'an argument list of ten thousand things is refused'],
  L14: ['test/mcp/stdio.test.ts', 'a mistake of ours is logged and told in one fixed sentence'],
  J02: ['test/channels/mail/smtp-mailer.test.ts', 'nothing in a mail makes a file or an address be read'],
  J05: [
    'test/channels/mail/smtp-mailer.test.ts',
    'arrives as it is, in every script, with long lines and lines of dots',
  ],
  O07: ['test/lib/cron.test.ts', 'no local day has two runs, and none is left out'],
  O13: ['test/db/open.test.ts', 'is refused in one sentence: one on a full disk'],
  P04: ['test/db/open.test.ts', 'creates it for its owner alone'],
};

const absent: Record<Part, string> = {
  email: 'C04 C05 D07 E08 H04 H05 H07 H08 H10 H11 H13',
  sms: 'J04',
  telegram: 'C22 H14',
  webhooks: 'I01 I02 I05 I07 I08 I11 I14 I16',
  calendar: 'E05 J10',
  files: 'K01 K02 K04 K05 K07 K10 K11',
  'mcp over http': 'L01 L02 L04 L05 L07 L11 L13 L16',
  'the approval page': 'C23',
  payments: 'B10',
  'several channels to the owner': 'H20',
  export: 'E16',
  restore: 'Q07',
  'a vault for secrets': 'P05',
  'hardening of the process': 'P08',
  'the release': 'R02',
  'tools of others': 'R01',
  'out of scope: a channel in time and length': 'E11',
};

export const elsewhere: ReadonlyMap<string, Elsewhere> = new Map<string, Elsewhere>([
  ...Object.entries(tests).map(([id, test]) => [id, { test }] as const),
  ...parts.flatMap((part) => absent[part].split(' ').map((id) => [id, { absent: part }] as const)),
]);
