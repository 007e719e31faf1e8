/** What a question is about, where the plan or the rules may hold the answer. `other` goes to the owner. */
export const questionTopics = [
  'book',
  'dates',
  'guests',
  'units',
  'name',
  'budget',
  'bot',
  'courtesy',
  'other',
] as const;
export type QuestionTopic = (typeof questionTopics)[number];

const topics: readonly { topic: QuestionTopic; pattern: RegExp }[] = [
  { topic: 'bot', pattern: /\b(?:bot|robot|human|real person|a machine|an? ai|automated)\b/i },
  {
    topic: 'budget',
    pattern:
      /\bbudget\b|\bhow much (?:can|could|will|would|do|are) you\b|\bwilling to (?:pay|spend)\b|\bprice range\b|\byour (?:limit|max\w*)\b/i,
  },
  {
    topic: 'name',
    pattern:
      /\b(?:what|which|under what|under which|whose|guest) name\b|\bname (?:for|of|on|should)\b|\bwho is (?:it|this|the (?:room|booking|reservation)) for\b/i,
  },
  {
    topic: 'book',
    pattern:
      /\b(?:want|like|wish) (?:me|us|to)\b[^?]{0,30}\b(?:book|reserve|hold|confirm|order|go ahead|take|proceed|secure)|\b(?:shall|should|can|may|could) (?:i|we)\b[^?]{0,30}\b(?:book|reserve|hold|confirm|order|go ahead|proceed|secure|put (?:you|it))|\bwould you like (?:it|one|this|that|the)\b|\b(?:do you|you) want (?:it|one|this|that|the)\b|\binterested\?|\b(?:does|do|would|will) (?:that|this|it|these|either) (?:work|suit|do)\b|\b(?:book|reserve|take) it\?|\bwhich (?:one|would|do) (?:\w+ )?(?:you )?(?:prefer|like|want)\b|\bok(?:ay)?(?: for you| with you)?\?/i,
  },
  { topic: 'units', pattern: /\bhow many (?:nights|tickets|seats|rooms|items|pieces|days)\b|\bhow long\b/i },
  {
    topic: 'guests',
    pattern:
      /\bhow many (?:guests|people|persons|adults|of you|will)\b|\bparty size\b|\bnumber of (?:guests|people|persons|adults)\b|\bhow many\?/i,
  },
  {
    topic: 'dates',
    pattern:
      /\b(?:which|what) (?:dates?|days?|nights?)\b|\bwhat(?:'s| is| are) (?:the|your) dates?\b|\bwhen (?:is|are|do|does|would|will|did)\b|\bfor when\b|\bdates?\?|\bcheck[ -]?in\b|\barrival\b/i,
  },
  {
    topic: 'courtesy',
    pattern:
      /\bhow are you\b|\b(?:anything|something) else\b|\bhow (?:can|may) (?:i|we) help\b|\bcan (?:i|we) help\b|\bhow's it going\b|\bmake sense\b|\bright\?$/i,
  },
];

const opensQuestion =
  /^(?:(?:and|also|so|but|ok|okay|sure|yes|hi|hello|great|thanks)[ ,]+)*(?:who|what|when|where|which|why|how|do|does|did|is|are|was|would|could|can|may|should|shall|will|have|has)\s/i;
const requestsDetail =
  /\b(?:please|kindly|could you|can you)\s(?:\w+\s)?(?:tell|let|specify|advise|send|provide|clarify|confirm)\b[^.!]{0,40}\b(?:dates?|guests?|number of|how many|name|which|whether|when|what)\b|\b(?:need|require) (?:to know )?(?:the |your )?(?:dates|number of (?:guests|people)|guest name)\b/i;

/** What a sentence asks, or undefined when it asks nothing. */
export function readQuestion(sentence: string): QuestionTopic | undefined {
  const asksPlainly = /\?["')\s]*$/.test(sentence);
  const asksWithoutMark = opensQuestion.test(sentence) && !/[.!]$/.test(sentence) && sentence.length < 120;
  if (!asksPlainly && !asksWithoutMark && !requestsDetail.test(sentence)) return undefined;
  return topics.find(({ pattern }) => pattern.test(sentence))?.topic ?? 'other';
}
