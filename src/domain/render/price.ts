import { formatMoney } from '../../lib/money.ts';
import type { Price } from '../action.ts';

/** `$289.00 per night × 4 = $1,156.00`; a total that the quantity does not divide is given as a total alone. */
export function renderPrice({ minor, currency, quantity, per }: Price): string {
  const total = formatMoney({ minor, currency });
  const unit = minor / quantity;
  if (per === null && quantity === 1) return total;
  if (!Number.isInteger(unit)) return `${total} for ${quantity} × ${per ?? 'unit'}`;
  return `${formatMoney({ minor: unit, currency })} per ${per ?? 'unit'} × ${quantity} = ${total}`;
}
