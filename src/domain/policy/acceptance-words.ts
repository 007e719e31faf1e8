import { readPhrases, readWordSet } from './phrases.ts';

/** Verbs that take up an offer or place an order, also when only wished for after an answer came. */
export const strongVerbs = readWordSet(`
  book rebook prebook reserve order preorder buy purchase rent hire accept approve subscribe enroll enrol take choose go
`);

/** Verbs that bind only where the sentence does them. */
export const weakVerbs = readWordSet(
  'pay hold charge schedule register proceed agree commit finalize finalise authorize authorise sign settle',
);

/** `we are booking it`. */
export const gerunds = readWordSet(
  'booking reserving ordering buying purchasing renting hiring accepting paying confirming taking going',
);

/** A verb that means an order only together with what follows it. */
export const neededFollowers = new Map([
  ['go', readWordSet('ahead with forward for')],
  ['going', readWordSet('ahead with forward for')],
  ['sign', readWordSet('up us me the it')],
]);

/** `take a look`, `choose between`. */
export const sparedFollowers = new Map([
  ['take', readWordSet('care your time note part place into about long longer advantage')],
  ['choose', readWordSet('between from')],
  ['approve', readWordSet('whether if')],
]);

export const sparedObjects = readWordSet('look moment minute while break bit note few day');

export const bookingNouns = readWordSet(
  'booking reservation order purchase deal appointment offer agreement acceptance contract enrolment subscription',
);

/** Alone at the opening of a statement: `Confirmed.`, `Deal!` */
export const closers = readWordSet('confirmed agreed accepted booked deal sold approved done');

export const bindingPhrases = readPhrases(`
  go for it, count us in, count me in, lock it in, lock that in, lock this in, put us down, put me down, make the booking,
  make the reservation, make that booking, make that reservation, place the order, place an order, place our order, a deal,
  consider it booked, consider it done, consider it sold, let's do it, lets do it, offer accepted, our acceptance,
  my acceptance, hereby accept, done deal, transfer the money, send the money, wire the money, payment is on its way,
  je confirme, nous confirmons, je prends, nous prenons, d'accord, de acuerdo, trato hecho, ich nehme, wir nehmen,
  sage zu, sagen zu, affare fatto, doe maar
`);

/** First persons and imperatives of other languages. */
export const bindingWords = readWordSet(`
  acepto aceptamos confirmo confirmamos resérvelo resérvala resérvalo resérvenos reservamos compro compramos
  j'accepte jaccepte acceptons réservez réservons confirmez akzeptiere einverstanden buche bestelle bestätige
  accetto accettiamo confermo confermiamo prenoto prenoti prenotate prenotiamo aceito aceitamos
  accepteer akkoord bookit goahead bookthe bookthem
`);

/** Infinitives of other languages: an inquiry may name them, an answer does more. */
export const bindingAfterReply = readWordSet(`
  buchen reservieren bestellen akzeptieren bestätigen reservar confirmar aceptar aceitar réserver confirmer accepter
  prenotare confermare accettare boeken reserveren
`);

/** Words of a counterparty that a mere yes would seal. */
export const sealableWords = readWordSet(`
  book booking reserve reservation confirm confirmed want shall should proceed ahead hold deal accept agree ready take buy
  order pay charge sign interested secure finalize yes ok okay reservar buchen réserver prenotare
`);

export const yesWords = readWordSet(`
  yes yeah yep yup ya ok okay okey k sure absolutely definitely certainly agreed deal affirmative indeed aye correct y
  si sí oui ja da да hai vale claro certo sim gerne perfecto
`);

export const yesPhrases = readPhrases(`
  sounds good, sounds great, sounds perfect, works for us, works for me, that works, this works, please do, do so, do it,
  do that, fine by us, fine with us, fine by me, fine with me, happy with, good to go, all good, of course, why not,
  by all means, with pleasure, looks good, looks great, va bene, we are on, we're on, we are in, we're in, count on us
`);

/** Approval when it is all that a message says. */
export const nods = readWordSet(
  'great perfect good fine excellent super wonderful lovely cool nice done works brilliant right go',
);

export const nodSigns = /[👍👌✅🆗✔🤝👏🙌💯]/u;
