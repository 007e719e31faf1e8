import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type InputRequiredResult, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import type { Approval } from '../domain/approval.ts';
import { Refusal } from '../domain/refusal.ts';
import { canonicalJson, type Json, sha256 } from '../lib/canonical.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs } from '../lib/duration.ts';
import { randomTokens, type Tokens } from '../lib/ids.ts';
import type { ToolCall } from './define-tool.ts';

/** What the person said to the form, and which approval the form showed. */
export type Heard = { approvalId: string; hash: string; accepted: boolean };

export type Confirmations = {
  /** Has the host show `message` in an empty form, in which accepting means yes, and call again. */
  ask(call: ToolCall, approval: Approval, message: string): InputRequiredResult;
  /**
   * The person's answer when this is such a second call, else undefined. It can be heard once: an
   * answer to another call, a forged, old or repeated one is refused.
   */
  hear(call: ToolCall): Heard | undefined;
};

type Sealed = { digest: string; approvalId: string; hash: string; nonce: string; expiresAt: number };

const requestName = 'confirm';
const lifetimeMs = 15 * minuteMs;

/** One for each process: the key never leaves it, and what was heard is remembered until it expires. */
export function buildConfirmations(clock: Clock, tokens: Tokens = randomTokens): Confirmations {
  const key = randomBytes(32);
  const heard = new Map<string, number>();

  function open(state: string, call: ToolCall): Sealed {
    const now = clock.now();
    for (const [nonce, expiresAt] of heard) if (expiresAt <= now) heard.delete(nonce);
    const sealed = unseal(key, state);
    if (!sealed || sealed.expiresAt <= now || heard.has(sealed.nonce)) {
      throw new Refusal(
        'expired',
        `this confirmation was used, changed or came too late; call ${call.tool} again to ask the person anew`,
      );
    }
    if (sealed.digest !== digestCall(call)) {
      throw new Refusal(
        'conflict',
        `this confirmation was given for other arguments; call ${call.tool} again to ask the person anew`,
      );
    }
    heard.set(sealed.nonce, sealed.expiresAt);
    return sealed;
  }

  return {
    ask(call, approval, message) {
      const state = seal(key, {
        digest: digestCall(call),
        approvalId: approval.id,
        hash: approval.hash,
        nonce: tokens.key(),
        expiresAt: clock.now() + lifetimeMs,
      });
      const form = inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: {} } });
      return inputRequired({ inputRequests: { [requestName]: form }, requestState: state });
    },
    hear(call) {
      const { requestState, inputResponses } = call.request.mcpReq;
      const state = requestState();
      if (state === undefined && inputResponses === undefined) return undefined;
      const { approvalId, hash } = open(typeof state === 'string' ? state : '', call);
      const view = inputResponse(inputResponses, requestName);
      return { approvalId, hash, accepted: view.kind === 'elicit' && view.action === 'accept' };
    },
  };
}

/** The exact call: its tool and all its arguments, an edited text included. */
function digestCall({ tool, arguments: given }: ToolCall): string {
  const json: Json = JSON.parse(JSON.stringify(given ?? {}));
  return sha256(canonicalJson({ tool, arguments: json }));
}

function seal(key: Buffer, sealed: Sealed): string {
  const body = Buffer.from(JSON.stringify(sealed), 'utf8').toString('base64url');
  return `${body}.${sign(key, body).toString('base64url')}`;
}

function unseal(key: Buffer, state: string): Sealed | undefined {
  const [body = '', signature = ''] = state.split('.');
  const given = Buffer.from(signature, 'base64url');
  const right = sign(key, body);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
}

function sign(key: Buffer, body: string): Buffer {
  return createHmac('sha256', key).update(body, 'utf8').digest();
}
