import { z } from 'zod';
import type { Price } from '../../domain/action.ts';
import { currencyDigits, type Money } from '../../lib/money.ts';

/** On the wire, as everywhere outside: an amount is a plain decimal string, a time is ISO 8601 in UTC. */
export const moneyShape = z.object({ amount: z.string(), currency: z.string() });

export const priceShape = moneyShape.extend({
  quantity: z.int().min(0).max(1e6),
  per: z.string().optional(),
});

export function presentTime(at: number): string {
  return new Date(at).toISOString();
}

/** "289.00"; "5000" for a currency without minor unit. */
export function presentAmount({ minor, currency }: Money): string {
  const digits = currencyDigits(currency) ?? 2;
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function presentMoney(money: Money): z.infer<typeof moneyShape> {
  return { amount: presentAmount(money), currency: money.currency };
}

export function presentPrice({ quantity, per, ...money }: Price): z.infer<typeof priceShape> {
  return { ...presentMoney(money), quantity, ...known({ per }) };
}

/** The fields that say something: on the wire, absent means none. */
export function known<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], null | undefined> } {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof Fields]?: Exclude<Fields[Key], null | undefined> };
}
