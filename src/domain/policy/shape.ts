import { currencyDigits, mostMinor } from '../../lib/money.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { findInvisible } from '../../lib/text.ts';
import type { Payload, Price, SendPayload } from '../action.ts';
import { channelKinds, normalizeAddress } from '../contact.ts';
import { consequences, contractSchema } from '../contract.ts';
import type { GateFacts } from '../gate.ts';
import { formatWebRequest, longestBody, longestPath, parseWebRequest, readJson } from '../web-request.ts';
import { type Check, refuse } from './check.ts';
import { addFirstContactLine, dropFirstContactLine } from './first-contact.ts';
import { fillPlaceholders, hasPlaceholder } from './placeholders.ts';

const longestText = 4000;
const longestQuestion = 2000;
const longestRequest = 'POST \n\n'.length + longestPath + longestBody;
const mostUnits = 10_000;

/**
 * Check 1: whether it is a proposal at all. It also makes the payload final: placeholders filled,
 * the line of a first contact added. What the owner approved stays as it is.
 */
export const checkShape: Check = ({ request, facts }, draft) => {
  if (!consequences.includes(request.label)) {
    return refuse(draft, 'shape', `the consequence must be one of ${consequences.join(', ')}`);
  }
  const shaped = shapePayload(request.payload, facts, request.approved);
  return shaped.ok ? { ...draft, payload: shaped.value } : refuse(draft, 'shape', shaped.error);
};

function shapePayload(payload: Payload, facts: GateFacts, approved: boolean): Result<Payload, string> {
  switch (payload.kind) {
    case 'send_message':
      return shapeMessage(payload, facts, approved);
    case 'ask_owner': {
      const flaw = findFlaw('question', payload.question, longestQuestion);
      return flaw === undefined ? ok(payload) : err(flaw);
    }
    case 'change_contract':
      return contractSchema.safeParse(payload.contract).success
        ? ok(payload)
        : err('the contract is not complete; every limit must be set');
    default:
      return err('the kind of action must be send_message, ask_owner or change_contract');
  }
}

function shapeMessage(payload: SendPayload, facts: GateFacts, approved: boolean): Result<Payload, string> {
  const { channel, address: written } = payload.to;
  if (!channelKinds.includes(channel)) return err(`the channel must be one of ${channelKinds.join(', ')}`);
  const address = normalizeAddress(channel, written);
  if (!address.ok) return err(`the recipient ${address.error}`);
  // What is known of a recipient was read for the address as it is written.
  if (address.value !== written) return err(`the recipient must be written ${address.value}`);
  const priceFlaw = findPriceFlaw(payload.price);
  if (priceFlaw !== undefined) return err(priceFlaw);
  return channel === 'web' ? shapeWebRequest(payload, facts, approved) : shapeWords(payload, facts, approved);
}

function shapeWords(payload: SendPayload, facts: GateFacts, approved: boolean): Result<Payload, string> {
  const flaw = findFlaw('text', dropFirstContactLine(payload, facts), longestText);
  if (flaw !== undefined) return err(flaw);
  if (approved) {
    return hasPlaceholder(payload.text)
      ? err('an approved text has no placeholders left; write the value out')
      : ok(payload);
  }
  const filled = fillPlaceholders(payload.text, facts.profile);
  if (!filled.ok) return filled;
  const filledFlaw = findFlaw('text with its placeholders filled', filled.value, longestText);
  return filledFlaw === undefined
    ? ok(addFirstContactLine({ ...payload, text: filled.value }, facts))
    : err(filledFlaw);
}

/** No line of a first contact: a host does not read it, and the text is the request itself. */
function shapeWebRequest(payload: SendPayload, facts: GateFacts, approved: boolean): Result<Payload, string> {
  const flaw = findFlaw('request', payload.text, longestRequest);
  if (flaw !== undefined) return err(flaw);
  const request = parseWebRequest(payload.text);
  if (!request.ok) return request;
  const { body } = request.value;
  if (body === null || !hasPlaceholder(body)) return ok(payload);
  if (approved) return err('an approved request has no placeholders left; write the value out');
  const spell = readJson(body) ? (value: string) => JSON.stringify(value).slice(1, -1) : undefined;
  const filled = fillPlaceholders(body, facts.profile, spell);
  if (!filled.ok) return filled;
  const text = formatWebRequest({ ...request.value, body: filled.value });
  const filledFlaw = findFlaw('request with its placeholders filled', text, longestRequest);
  if (filledFlaw !== undefined) return err(filledFlaw);
  const final = parseWebRequest(text);
  return final.ok ? ok({ ...payload, text }) : final;
}

function findFlaw(what: string, text: string, longest: number): string | undefined {
  if (text.trim() === '') return `the ${what} is empty; say what to write`;
  if (text.length > longest) return `the ${what} has ${text.length} characters; ${longest} are the most`;
  const invisible = findInvisible(text);
  return invisible && `the ${what} holds the invisible character ${invisible}; leave it out`;
}

function findPriceFlaw(price: Price | null): string | undefined {
  if (price === null) return undefined;
  if (currencyDigits(price.currency) === undefined) return 'the price needs an ISO 4217 currency such as USD';
  if (!Number.isSafeInteger(price.minor) || price.minor < 1 || price.minor > mostMinor) {
    return `the price must be a whole number of minor units from 1 to ${mostMinor}; leave it out when nothing is paid`;
  }
  if (!Number.isInteger(price.quantity) || price.quantity < 1 || price.quantity > mostUnits) {
    return `the quantity of the price must be a whole number from 1 to ${mostUnits}`;
  }
  return price.per === null ? undefined : findFlaw('unit of the price', price.per, 40);
}
