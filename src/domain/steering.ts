import { addressKey, type NewCounterparty } from './contact.ts';
import { findContact, mostContacts, readContact, refuseSameAddress } from './contact-request.ts';
import type { Contract } from './contract.ts';
import { readContractRequest } from './contract-request.ts';
import { isFinished, type JorbDetail } from './jorb.ts';
import { longestPlan, type ReadingContext, readPhases } from './new-jorb.ts';
import type { NoticeKind } from './notice.ts';
import { readList, readText, refuseField } from './read-fields.ts';
import { readNotifyOn } from './read-notify-on.ts';
import { Refusal } from './refusal.ts';
import type { SteerJorbRequest } from './requests.ts';
import { computeWidening, isSameContract, type Widening } from './widening.ts';

export type Steering = {
  guidance: string | null;
  plan: string | null;
  phases: string[] | null;
  /** All counterparties of the new contract, the known ones included. */
  counterparties: NewCounterparty[] | null;
  contract: Contract | null;
  widening: Widening | null;
  /** Null: as before. */
  notifyOn: NoticeKind[] | null;
  /** The contract version the change was computed from; another one is a conflict. */
  contractVersion: number;
};

const longestGuidance = 4_000;

/** What of a change holds at once, and what needs the owner. Throws a `Refusal` that names the field. */
export function readSteerJorbRequest(
  request: SteerJorbRequest,
  current: JorbDetail,
  context: ReadingContext,
): Steering {
  const { jorb } = current;
  if (isFinished(jorb.status)) {
    throw new Refusal('conflict', `${jorb.id} is ${jorb.status}; only an open jorb can be steered`, 'id');
  }
  refuseNothing(request);
  const { guidance, plan, phases, notify_on: notifyOn } = request;
  return {
    guidance: guidance === undefined ? null : readText(guidance, 'guidance', longestGuidance),
    plan: plan === undefined ? null : readText(plan, 'plan', longestPlan),
    phases: phases === undefined ? null : readPhases(phases),
    ...readLimits(request, current, context),
    notifyOn: notifyOn === undefined ? null : readNotifyOn(notifyOn),
    contractVersion: jorb.contractVersion,
  };
}

function refuseNothing(request: SteerJorbRequest): void {
  const {
    guidance,
    plan,
    phases,
    contract = {},
    add_contacts: added = [],
    remove_contacts: removed = [],
    notify_on: notifyOn,
  } = request;
  const isContract = Object.values(contract).some((value) => value !== undefined);
  const isText = [guidance, plan, phases, notifyOn].some((value) => value !== undefined);
  if (isText || isContract || added.length > 0 || removed.length > 0) return;
  throw new Refusal(
    'invalid',
    'nothing would change; give at least one of guidance, plan, phases, contract, add_contacts, remove_contacts and notify_on',
  );
}

function readLimits(
  request: SteerJorbRequest,
  { jorb, contract, counterparties }: JorbDetail,
  context: ReadingContext,
): Pick<Steering, 'counterparties' | 'contract' | 'widening'> {
  const { contract: changes, add_contacts: added, remove_contacts: removed } = request;
  const isStarted = jorb.status !== 'planning';
  if (isStarted && changes?.currency !== undefined && changes.currency !== contract.money.currency) {
    throw refuseField(
      'contract.currency',
      `stays ${contract.money.currency} once the jorb has started; create another jorb`,
    );
  }
  const inContract = new Set(contract.counterparties.map(addressKey));
  const known = counterparties.filter((each) => inContract.has(addressKey(each)));
  const contacts = changeContacts(known, added ?? [], removed ?? []);
  const requested = readContractRequest(changes ?? {}, contract, { ...context, contacts });
  const { inForce, widening } = computeWidening(requested, {
    defaults: context.defaults,
    current: contract,
    isStarted,
  });
  const isOther = (added?.length ?? 0) + (removed?.length ?? 0) > 0;
  return {
    counterparties: isOther ? contacts : null,
    contract: isSameContract(inForce, contract) ? null : inForce,
    widening,
  };
}

function changeContacts(
  known: readonly NewCounterparty[],
  added: NonNullable<SteerJorbRequest['add_contacts']>,
  removed: readonly string[],
): NewCounterparty[] {
  const gone = new Set(
    removed.map((text, index) => addressKey(findContact(known, text, `remove_contacts[${index}]`))),
  );
  const kept = known
    .filter((each) => !gone.has(addressKey(each)))
    .map(({ name, channel, address, ask }) => ({ name, channel, address, ask }));
  const limits = { field: 'add_contacts', least: 0, most: mostContacts, noun: 'contact' };
  const fresh = readList(added, limits, readContact);
  refuseSameAddress(fresh, 'add_contacts');
  const keys = new Set(kept.map(addressKey));
  const double = fresh.findIndex((each) => keys.has(addressKey(each)));
  if (double >= 0)
    throw refuseField(
      `add_contacts[${double}].address`,
      'is the address of a contact the jorb has already; leave it out',
    );
  const contacts = [...kept, ...fresh];
  if (contacts.length === 0)
    throw refuseField('remove_contacts', 'would leave no contact; keep or add at least one');
  if (contacts.length > mostContacts) {
    throw refuseField('add_contacts', `would make ${contacts.length} contacts; ${mostContacts} are the most`);
  }
  return contacts;
}
