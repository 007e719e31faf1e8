import type { Price } from '../action.ts';
import { foldGlyphs } from './reading.ts';

const period = '(?:months?|weeks?|years?|quarters?|annum|mth|mo|wk|yr)';
const recurring = new RegExp(
  `(?<!\\p{L})(?:(?:per|an?|each|every) |/ ?|pro |par |al |por )(?:${period}|monat|woche|jahr|mois|semaine|mes|semana|ano|mese|settimana)(?!\\p{L})|` +
    '(?<!\\p{L})(?:monthly|weekly|yearly|annual|annually|quarterly|fortnightly|subscriptions?|subscribe|membership|auto[- ]?renew\\p{L}*|renews?|recurring|instal+ments?|abonnement|suscripcion)(?!\\p{L})',
  'u',
);
const recurringUnit = new RegExp(`^${period}$`);

/** Whether the price typed, or the one the text means, falls due again and again. */
export function hasRecurringWords(text: string, price: Price | null): boolean {
  const unit = price?.per?.trim().toLowerCase() ?? '';
  return recurringUnit.test(unit) || recurring.test(foldGlyphs(text));
}
