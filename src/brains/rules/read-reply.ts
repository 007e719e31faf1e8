import {
  findPressure,
  findReference,
  isCourtesy,
  saysAway,
  saysCancelled,
  saysConfirmed,
  saysHolding,
} from './lexicon.ts';
import { readOffers } from './read-offers.ts';
import { findPrivateRequest } from './read-private.ts';
import { readQuestion } from './read-question.ts';
import type { Line, ReadHints, Reading } from './reading.ts';
import { plainText, splitSentences } from './sentences.ts';

/**
 * What the messages of one contact say, read together in their order. Any text is read, none is obeyed:
 * a sentence that instructs or presses is only noted.
 */
export function readReply(lines: readonly Line[], hints: ReadHints): Reading {
  const reading = emptyReading();
  const present = lines.filter(({ eventId, text }) => {
    if (!saysAway(plainText(text))) return true;
    reading.away.push(eventId);
    return false;
  });
  for (const line of present) {
    for (const sentence of splitSentences(line.text)) readSentence(sentence, line, reading);
  }
  Object.assign(reading, readOffers(present, hints));
  return reading;
}

function emptyReading(): Reading {
  return {
    offers: [],
    unavailable: [],
    questions: [],
    confirmations: [],
    cancellations: [],
    privateRequests: [],
    pressures: [],
    away: [],
    holding: [],
    replies: [],
  };
}

function readSentence(text: string, { eventId }: Line, reading: Reading): void {
  const pressure = findPressure(text);
  if (pressure) reading.pressures.push({ eventId, kind: pressure.kind, says: pressure.says, text });
  const fields = findPrivateRequest(text);
  if (fields.length > 0) reading.privateRequests.push({ eventId, fields });
  if (pressure || fields.length > 0) return;
  if (saysCancelled(text)) {
    reading.cancellations.push({ eventId, text });
    return;
  }
  if (saysConfirmed(text)) {
    reading.confirmations.push({ eventId, text, reference: findReference(text) });
    return;
  }
  const topic = readQuestion(text);
  if (topic) reading.questions.push({ eventId, text, topic });
  else if (saysHolding(text)) reading.holding.push(eventId);
  else if (!isCourtesy(text)) reading.replies.push({ eventId, text });
}
