import { canonicalJson, type Json, sha256 } from '../lib/canonical.ts';
import type { NewCounterparty } from './contact.ts';
import { mostContacts, readContact, refuseSameAddress } from './contact-request.ts';
import type { Contract, ContractDefaults } from './contract.ts';
import { readContractRequest } from './contract-request.ts';
import { longestTitle, mostPhases } from './mend-phases.ts';
import type { NotifyOn } from './notice.ts';
import { readLine, readList, readText } from './read-fields.ts';
import { readNotifyOn, toNotifyOn } from './read-notify-on.ts';
import type { CreateJorbRequest } from './requests.ts';
import { computeWidening, type Widening } from './widening.ts';

export type NewJorb = {
  name: string;
  plan: string;
  phases: string[];
  counterparties: NewCounterparty[];
  /** In force at once. */
  contract: Contract;
  /** Asked of the owner; in force when they accept. */
  widening: Widening | null;
  /** With a widening, it starts when the owner accepts. */
  start: boolean;
  notifyOn: NotifyOn;
  idempotencyKey: string | null;
  /** Of the whole request: the same key with another hash is a conflict. */
  requestHash: string;
};

export const longestPlan = 20_000;
const longestName = 200;
const longestKey = 200;

export type ReadingContext = {
  defaults: ContractDefaults;
  /** The owner's, for dates without an offset. */
  timeZone: string;
  now: number;
};

/** What the assistant may create at once, and what of it needs the owner. Throws a `Refusal` that names the field. */
export function readCreateJorbRequest(request: CreateJorbRequest, context: ReadingContext): NewJorb {
  const name = readLine(request.name, 'name', longestName);
  const plan = readText(request.plan, 'plan', longestPlan);
  const phases = readPhases(request.phases ?? []);
  const limits = { field: 'contacts', least: 1, most: mostContacts, noun: 'contact' };
  const counterparties = readList(request.contacts, limits, readContact);
  refuseSameAddress(counterparties, 'contacts');
  const requested = readContractRequest(
    request.contract ?? {},
    openContract(context.defaults, counterparties),
    {
      ...context,
      contacts: counterparties,
    },
  );
  const { inForce, widening } = computeWidening(requested, {
    defaults: context.defaults,
    current: null,
    isStarted: false,
  });
  const { idempotency_key: key, ...content } = request;
  return {
    name,
    plan,
    phases,
    counterparties,
    contract: inForce,
    widening,
    start: request.start ?? true,
    notifyOn: toNotifyOn(request.notify_on && readNotifyOn(request.notify_on)),
    idempotencyKey: key === undefined ? null : readLine(key, 'idempotency_key', longestKey),
    requestHash: sha256(canonicalJson(JSON.parse(JSON.stringify(content)) as Json)),
  };
}

export function readPhases(phases: readonly string[]): string[] {
  const limits = { field: 'phases', least: 0, most: mostPhases, noun: 'phase' };
  return readList(phases, limits, (title, path) => readLine(title, path, longestTitle));
}

function openContract(defaults: ContractDefaults, counterparties: readonly NewCounterparty[]): Contract {
  return {
    ...defaults,
    counterparties: counterparties.map(({ channel, address }) => ({ channel, address })),
    quietHours: null,
    deadlineAt: null,
  };
}
