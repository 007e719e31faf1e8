import { squeeze } from '../../lib/text.ts';
import type { Finding, SendPayload } from '../action.ts';
import type { GateFacts, ProfileField } from '../gate.ts';
import { parseWebRequest, type WebRequest } from '../web-request.ts';
import { listReadings } from './encodings.ts';
import { holdsField, openForSearch } from './private-fields.ts';
import { isCounterparty } from './recipient.ts';
import { findSecret } from './secrets.ts';
import { isShared } from './share.ts';
import { findBindingWords } from './tripwires.ts';

/** In bytes that were decoded, a shorter value stands by chance. */
const shortestDecoded = 4;

/**
 * What a request to a web host does and gives away. Anything in it reaches the host, so an errand that
 * holds private data asks about each one: no search finds every way to spell a value.
 */
export function findWebTripwires(payload: SendPayload, facts: GateFacts): Finding[] {
  const parsed = parseWebRequest(payload.text);
  const request: WebRequest = parsed.ok
    ? parsed.value
    : { method: 'POST', path: payload.text, body: payload.text };
  return [
    ...findPost(request, facts),
    ...findHeld(facts),
    ...findTold(listTold(payload, request, facts), payload.to, facts),
  ];
}

function findPost({ method, body }: WebRequest, { recipient }: GateFacts): Finding[] {
  if (method !== 'POST') return [];
  const because = 'a POST can order, change or cancel something at the host';
  const post: Finding = { rule: 'web_post', consequence: 'commit', because };
  return [post, ...findBindingWords(body ?? '', recipient.lastInbound)];
}

function findHeld({ holdsPrivate }: GateFacts): Finding[] {
  if (!holdsPrivate) return [];
  const because =
    'this errand has or may have private data of yours, and a request can carry it in a form that no check finds; read its text';
  return [{ rule: 'private_data_held', consequence: 'share_info', because }];
}

/** All that leaves: a host that the owner did not name is looked up by its name, and that tells it too. */
function listTold({ to }: SendPayload, { path, body }: WebRequest, { contract }: GateFacts): string[] {
  return [...(isCounterparty(contract, to) ? [] : [to.address]), path, ...(body === null ? [] : [body])];
}

function findTold(told: string[], to: SendPayload['to'], { profile, contract }: GateFacts): Finding[] {
  const readings = told.flatMap(listReadings);
  // All at once, since looking for a value costs more than the length of what it is looked for in.
  const join = (isDecoded: boolean) =>
    readings.flatMap((reading) => (reading.isDecoded === isDecoded ? reading.text : [])).join('\n');
  const [plain, decoded] = [join(false), join(true)];
  const inPlain = openForSearch(plain);
  const inDecoded = openForSearch(decoded);
  const isTold = (field: ProfileField) =>
    holdsField(inPlain, field) ||
    (squeeze(field.value).length >= shortestDecoded && holdsField(inDecoded, field));
  const findings: Finding[] = profile
    .filter((field) => !isShared(contract, field.field, to) && isTold(field))
    .map(({ field }) => ({
      rule: 'private_field',
      consequence: 'share_info',
      because: `the request tells the owner's ${field}`,
    }));
  // The quotes of JSON stand between a name and its value.
  const secret = findSecret(`${plain}\n${decoded}`.replace(/["']/g, ''));
  if (secret === undefined) return findings;
  const because = `the request holds ${secret}`;
  return [...findings, { rule: 'secret_pattern', consequence: 'share_info', because }];
}
