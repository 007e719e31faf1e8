import { type Address, addressKey } from '../contact.ts';
import type { Contract } from '../contract.ts';
import { type Check, refuse } from './check.ts';

/** Check 3: only addresses of the contract, compared exactly; another one asks. Never one that opted out. */
export const checkRecipient: Check = ({ facts }, draft) => {
  if (draft.payload.kind !== 'send_message') return draft;
  const { to } = draft.payload;
  const key = addressKey(to);
  const known = facts.counterparties.find((counterparty) => addressKey(counterparty) === key);
  if (facts.recipient.optedOut || known?.optedOut) {
    return refuse(draft, 'opt_out', `${key} asked not to be written to; leave them alone`);
  }
  if (isCounterparty(facts.contract, to)) return draft;
  if (facts.contract.treatment.new_recipient === 'refuse') {
    return refuse(draft, 'recipient', `${key} is no contact of this jorb; write only to its contacts`);
  }
  const because = `${key} is not among the contacts the owner named`;
  return {
    ...draft,
    findings: [...draft.findings, { rule: 'recipient', consequence: 'new_recipient', because }],
  };
};

export function isCounterparty(
  contract: Contract,
  to: Pick<Address, 'address'> & { channel: string },
): boolean {
  return contract.counterparties.some(
    ({ channel, address }) => channel === to.channel && address === to.address,
  );
}
