/**
 * What people write when they have nothing, agree, cancel, are away or press. Words of third parties are
 * only described by these; what follows from them is decided elsewhere, and never obeyed.
 */

const unavailable = [
  /\bsold[ -]?out\b/i,
  /\b(?:fully|all|completely|totally|already|solidly)[ -]?(?:booked|reserved|taken)\b/i,
  /\bbooked (?:up|out|solid)\b/i,
  /\b(?:we're|we are|is|are|it's|totally|completely) full\b/i,
  /\bno (?:more )?(?:\w+ )?(?:rooms?|availability|vacanc(?:y|ies)|space|tickets?|tables?|seats?|slots?|openings?|stock|kings?|beds?)\b/i,
  /\bnothing (?:\w+ )?(?:available|left|free|open|for (?:those|these|that))\b|\bnone (?:left|available)\b/i,
  /\b(?:not|isn't|aren't|no longer|n't) (?:\w+ )?(?:available|free|possible|open|offer(?:ed|ing)?)\b|\bunavailable\b/i,
  /\bout of stock\b|\bwaitlist(?:ed)? only\b|\bclosed (?:for|on|that|those|all)\b/i,
  /\b(?:can't|cannot|can not|won't be able to|unable to|not able to|couldn't) (?:\w+ )?(?:accommodate|offer|help|do|host|make|take|serve|find|provide|book|fit)\b/i,
  /\b(?:don't|do not|doesn't|does not|didn't) have (?:any|anything|availability|space|rooms?|a (?:room|table|slot|king)|one|that|it)\b/i,
  /\b(?:have|has|had) to (?:decline|pass)\b|\b(?:we'll|we will|i'll|i will|going to) pass\b|\bnot interested\b|\bno,? thank(?:s| you)\b/i,
  /\b(?:is|are|it's|just|already|all) gone\b|\bfell through\b/i,
];
const stillAvailable =
  /\b(?:or|before|until|unless|if|when|once)\b[^,.;!?]{0,20}\b(?:gone|sold out|full|taken|booked)\b|\b(?:not|isn't|aren't|never) (?:\w+ )?(?:sold out|fully booked|full)\b|\bno (?:extra|additional|hidden) \b|\bno (?:room|space) (?:service|fee)\b/i;

const available =
  /\b(?:available|availability|vacanc(?:y|ies)|in stock|still open|open slots?)\b|\b(?:have|has|got|hold(?:ing)?|offer) (?:\w+ ){0,3}(?:a|an|one|two|some|rooms?|space|king|queen|tables?|tickets?|seats?|slots?)\b|\bcan (?:offer|do|fit you|accommodate|host|seat)\b|\b(?:is|are) (?:still )?(?:free|open)\b/i;
const availabilityNegated =
  /\b(?:no|not|n't|isn't|aren't|if|whether|check(?:ing)?|any)\b[^,.;]{0,20}\bavailab/i;

const confirmation =
  /\b(?:booked|confirmed|reserved|ordered|secured|finali[sz]ed)\b|\b(?:confirmation|booking|reservation|order) (?:number|no\.?|code|ref(?:erence)?|id|#)|\b(?:all set|all done|it's done|that's done|you're in|you are in|done deal)\b|^(?:done|booked|confirmed)\b/i;
const notConfirmed = [
  /\b(?:fully|all|completely|over|double|already|solidly)[ -]?booked\b|\bbooked (?:up|out|solid)\b|\balready (?:reserved|taken)\b/i,
  /\b(?:not|n't|un|never|isn't|to|until|once|when|if|unless|before|after|whether|can|could|will|would|shall|must|should|may|might|want|like|need|needs|get|getting|have|hold)\s(?:\w+\s){0,3}(?:booked|confirmed|reserved|ordered|secured|finali[sz]ed)\b/i,
  /\b(?:cannot|can't|couldn't|unable)\b[^.!]{0,30}\b(?:book|confirm|reserve)/i,
  /\bneeds? (?:a |the |your )?(?:confirmation|booking|reservation) (?:number|code)\b/i,
];
const reference =
  /\b(?:confirmation|booking|reservation|order|ref(?:erence)?|conf)\b\s?(?:number|no\.?|code|ref(?:erence)?|id|#)?\s?(?:is|:|#|=|-)?\s?:?\s?#?([A-Z0-9][A-Z0-9-]{3,23})\b/gi;

const cancellation =
  /\b(?:have|has|had|having|need(?:ed)?|forced|going) to cancel\b|\b(?:has|have|had|was|were|been|is|are) (?:\w+ )?cancell?ed\b|\b(?:we|i|they|hotel|system) (?:\w+ )?cancell?ed\b|\bcancell?ing your\b|\bcan no longer honou?r\b|\bfell through\b/i;
const notCancelled =
  /\b(?:can|may|could|if|unless|be|once|when|free|fully|until) (?:\w+ ){0,2}cancell?|\bcancell?ation (?:policy|fee|is free|until|up to)\b|\bfree cancell?ation\b|\bnot (?:been )?cancell?ed\b/i;

const away =
  /\bout[ -]of[ -](?:the )?office\b|\bauto(?:matic|mated)?[ -]?(?:reply|response|responder)\b|\b(?:i am|i'm|we are|we're|currently|is) (?:\w+ )?(?:away|on (?:vacation|holiday|leave|annual leave|parental leave))\b|\blimited access to (?:my )?e-?mail\b|\bwill (?:respond|reply|answer|get back)\b[^.]{0,40}\b(?:when i|once i|upon my|on my) return\b|\b(?:office|desk|we are|we're) (?:is )?closed (?:until|from|for the (?:day|weekend|holiday))\b|\bback (?:in the office )?on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i;

const holding =
  /\b(?:let me|i'll|i will|we'll|we will|gonna|going to) (?:just )?(?:check|look|see|think|get (?:that|this|it)|ask|find out|get back|call|confirm with|come back|verify)\b|\bchecking\b|\b(?:one|a|just a) (?:moment|sec|second|minute|min)\b|\bhold on\b|\bhang on\b|\bbear with\b|\blooking into\b|\b(?:get|getting|come|be) back to you\b|\bon it\b|\bworking on (?:it|this)\b|\bgive me (?:a|an|five|ten|\d+)\b|\bstand by\b/i;

const courtesyStart =
  /^(?:hi|hello|hey|dear|thanks?|thank you|thx|many thanks|cheers|received|noted|got it|good (?:morning|afternoon|evening|day)|best|kind regards|regards|sincerely|welcome|happy to help|have a (?:nice|great|good))\b/i;
const courtesyWords =
  /\b(?:hi|hello|hey|dear|thanks?|thank you|thx|many|cheers|received|noted|got it|good (?:morning|afternoon|evening|day)|best|kind|regards|sincerely|welcome|happy to help|have a (?:nice|great|good) (?:day|one|evening|weekend)|there|again|all|team|so much|very much|a lot|for|your|the|reaching out|message|inquiry|enquiry|patience|interest|e-?mail|asking|and)\b/gi;

const pressures = [
  {
    kind: 'owner_approved',
    says: 'says that the owner already agreed',
    pattern:
      /\b(?:owner|boss|client|principal|your (?:guest|customer|user|human|employer)|the guest|s?he|they)\b[^.?!]{0,24}\b(?:approved|agreed to|authori[sz]ed|said yes|gave (?:the )?(?:ok|green light|permission)|signed off|confirmed (?:with|to) us)\b|\b(?:already|pre-?) ?(?:approved|authori[sz]ed)\b|\byou (?:have|got) (?:the )?(?:permission|approval|authori[sz]ation)\b|^\s*approve\s+\S+\s*$/i,
  },
  {
    kind: 'ignore_instructions',
    says: 'gives the agent instructions',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.?!]{0,30}\b(?:instructions?|rules?|polic(?:y|ies)|prompts?|limits?|guidelines|approval|owner)\b|\byou are now\b|\bnew instructions?\b|^\s*(?:system|developer|assistant)\s?:|\b(?:developer|admin|debug) mode\b|\b(?:do not|don't|no need to) (?:ask|tell|inform|notify|check with|contact|involve)\b[^.?!]{0,20}\b(?:owner|boss|client|guest|human|anyone|them|him|her)\b|<\/?(?:system|instructions?)>/i,
  },
  {
    kind: 'confirm_now',
    says: 'presses for an immediate yes',
    pattern:
      /(?<!\b(?:i|we) (?:can|could|will|already) )\b(?:confirm|book|reserve|accept|pay|decide|reply yes|say yes|commit)\b[^.?!]{0,30}\b(?:right (?:now|away)|now|immediately|at once|straight away|asap|within (?:the next )?(?:\w+ )?(?:min\w*|hours?)|in the next \w+ (?:min\w*|hours?)|today only|or (?:you(?:'ll| will)? )?(?:lose|it's gone|we))\b|\b(?:need|must have|want) (?:a |your |an )?(?:yes|confirmation|answer|commitment) (?:right )?(?:now|immediately|at once|within)\b|\b(?:last|only one) (?:room|chance|one)\b|\b(?:offer|price|rate) (?:expires|ends|is only good|valid only)\b|\breply (?:with )?"?yes"? to (?:confirm|book|accept)\b|\bact now\b|\bhurry\b/i,
  },
] as const;

export type PressureKind = (typeof pressures)[number]['kind'];

const note =
  /\b(?:double queen|two queens?|two doubles?|king|queen|twin|double|single|suite|studio|deluxe|standard|executive|accessible|non-?refundable|refundable|(?:incl(?:\.|udes|uding)? |with )?breakfast(?: included)?|economy|premium economy|business class|first class|window|aisle|balcony|stalls|orchestra|city view|parking included)\b/gi;

export function saysUnavailable(text: string): boolean {
  return !stillAvailable.test(text) && unavailable.some((pattern) => pattern.test(text));
}

export function saysAvailable(text: string): boolean {
  return available.test(text) && !availabilityNegated.test(text) && !saysUnavailable(text);
}

export function saysConfirmed(sentence: string): boolean {
  if (sentence.endsWith('?') || notConfirmed.some((pattern) => pattern.test(sentence))) return false;
  return confirmation.test(sentence) && !/\bplease confirm\b/i.test(sentence);
}

/** The number or code to quote later: it holds at least one digit. */
export function findReference(text: string): string | null {
  for (const [, code = ''] of text.matchAll(reference)) if (/\d/.test(code)) return code;
  return null;
}

export function saysCancelled(sentence: string): boolean {
  return cancellation.test(sentence) && !notCancelled.test(sentence) && !sentence.endsWith('?');
}

export function saysAway(text: string): boolean {
  return away.test(text);
}

export function saysHolding(sentence: string): boolean {
  return holding.test(sentence);
}

/** Thanks and greetings: nothing to keep or to answer. */
export function isCourtesy(sentence: string): boolean {
  if (!courtesyStart.test(sentence)) return false;
  const rest = sentence.replace(courtesyWords, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  // A name or a signature may be left over, a number or a yes may not.
  return rest.length <= 2 && !rest.some((word) => /\d|^(?:yes|no|ok|okay|sure|fine|works?)$/i.test(word));
}

export function findPressure(sentence: string): { kind: PressureKind; says: string } | undefined {
  return pressures.find(({ pattern }) => pattern.test(sentence));
}

/** The words that tell one offer of a subject from another: "king, breakfast included". */
export function findNote(text: string): string | null {
  const words = Array.from(text.matchAll(note), ([word]) => word.toLowerCase());
  return words.length > 0 ? [...new Set(words)].slice(0, 3).join(', ') : null;
}
