import { formatMoney } from '../lib/money.ts';
import type { Contract, ContractDefaults } from './contract.ts';

/** What a request is measured by: the freer of the defaults and the contract in force needs no human. */
export type Agreed = {
  defaults: ContractDefaults;
  /** Null for a new jorb. */
  current: Contract | null;
  /** Once it runs, its limits and addresses are what the owner agreed to. */
  isStarted: boolean;
};

/** One part of a contract: what of it may be in force at once, and in words what may not. */
export type Clipped<Part> = { inForce: Part; wider: string[] };

/** More without a question, and on a started jorb a higher or lifted budget or offer limit. */
export function clipMoney(
  { money }: Contract,
  { defaults, current, isStarted }: Agreed,
): Clipped<Contract['money']> {
  const { currency } = money;
  const wider: string[] = [];
  const format = (minor: number) => formatMoney({ minor, currency });
  const most = [defaults.money, current?.money]
    .filter((agreed) => agreed?.currency === currency)
    .reduce((sum, agreed) => Math.max(sum, agreed?.withoutApproval ?? 0), 0);
  if (money.withoutApproval > most) {
    wider.push(
      `the limit for spending without a question is ${format(money.withoutApproval)}, instead of ${format(most)}`,
    );
  }
  const inForce = { ...money, withoutApproval: Math.min(money.withoutApproval, most) };
  const { budget, offerLimit } = (isStarted && current?.money) || { budget: null, offerLimit: null };
  if (budget !== null && (money.budget === null || money.budget > budget)) {
    wider.push(
      money.budget === null
        ? `its budget of ${format(budget)} ends`
        : `its budget is ${format(money.budget)}, instead of ${format(budget)}`,
    );
    inForce.budget = budget;
  }
  if (offerLimit !== null && isWiderOffer(money.offerLimit, offerLimit)) {
    const before = `${format(offerLimit.minor)} per ${offerLimit.per}`;
    wider.push(
      money.offerLimit === null
        ? `the limit of ${before} for an offer ends`
        : `an offer may cost ${format(money.offerLimit.minor)} per ${money.offerLimit.per}, instead of ${before}`,
    );
    inForce.offerLimit = offerLimit;
  }
  return { inForce, wider };
}

type OfferLimit = NonNullable<Contract['money']['offerLimit']>;

/** Another unit cannot be compared, so it counts as wider. */
function isWiderOffer(requested: OfferLimit | null, agreed: OfferLimit): boolean {
  return requested === null || requested.minor > agreed.minor || requested.per !== agreed.per;
}
