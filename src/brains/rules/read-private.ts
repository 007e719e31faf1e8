/** Private fields by the name under which the owner's profile keeps them, and how people ask for them. */
const fields: readonly { field: string; words: RegExp }[] = [
  {
    field: 'home_address',
    words:
      /\b(?:home|street|mailing|postal|billing|residential|full|private|shipping|delivery) address\b|\baddress of (?:the guest|your (?:client|guest))\b|\b(?:guest|client|owner|customer|your|his|her|their)(?:'s)? (?:(?!e-?mail)\w+ )?address\b|\bwhere (?:do|does) (?:you|he|she|they|the guest) live\b|\bzip code\b/i,
  },
  {
    field: 'phone',
    words:
      /\b(?:phone|mobile|cell(?:phone)?|contact|telephone) (?:number|no\.?|#)|\b(?:his|her|their|your|guest's|guest) (?:phone|mobile|cell)\b|\bnumber to reach\b/i,
  },
  { field: 'email', words: /\be-?mail address\b|\b(?:his|her|their|your|guest's|guest) e-?mail\b/i },
  {
    field: 'card_number',
    words:
      /\b(?:credit |debit |payment )?card (?:number|no\.?|details|info\w*|on file)\b|\bcredit card\b|\bcvv\b|\bcvc\b/i,
  },
  { field: 'date_of_birth', words: /\bdate of birth\b|\bdob\b|\bbirth ?(?:date|day)\b/i },
  { field: 'passport_number', words: /\bpassport\b/i },
  {
    field: 'national_id',
    words: /\bsocial security\b|\bssn\b|\b(?:national|government) id\b|\bdriver'?s licen[cs]e\b/i,
  },
  {
    field: 'bank_account',
    words: /\bbank (?:account|details)\b|\biban\b|\brouting number\b|\baccount number\b/i,
  },
];

const asks =
  /\?\s*["')]*$|\b(?:send|give|provide|share|need|needs|require|requires|want|tell|text|e-?mail|dm|forward|supply|what(?:'s| is| are)|may (?:i|we)|can (?:i|we|you)|could (?:i|we|you)|please|require|missing|must have|have to have|enter|fill in)\b/i;
const declines =
  /\b(?:no|not|n't|without|never|isn't|don't)\s(?:\w+\s){0,3}(?:need|require|necessary|card|address|passport|phone)\b/i;
/** "Our address is 333 Ellis Street" tells, it does not ask. */
const tells = /\b(?:our|my)\s(?:\w+\s){0,2}(?:address|phone|number|e-?mail|iban|account)\b/i;

/** The profile fields that a sentence asks for. */
export function findPrivateRequest(sentence: string): string[] {
  if (!asks.test(sentence) || declines.test(sentence) || tells.test(sentence)) return [];
  return fields.filter(({ words }) => words.test(sentence)).map(({ field }) => field);
}

/** "home_address" as a person reads it. */
export function nameField(field: string): string {
  return field.replaceAll('_', ' ');
}
