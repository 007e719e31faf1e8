import type { Payload } from './action.ts';
import type { ProfileField } from './gate.ts';

/** Anything shorter stands in too many words by chance. */
const shortestValue = 4;

export type Privacy = { hideText(text: string): string; hidePayload(payload: Payload): Payload };

/**
 * Puts `{{field}}` back where the gate wrote a private value, so that a brain can read what was sent and
 * never the value. The owner's name is no secret: the agent writes in it.
 */
export function buildPrivacy(profile: readonly ProfileField[]): Privacy {
  const fields = profile
    .filter(({ field, value }) => field !== 'name' && value.trim().length >= shortestValue)
    .sort((a, b) => b.value.length - a.value.length)
    .map(({ field, value }) => ({ field, pattern: new RegExp(escapePattern(value.trim()), 'giu') }));
  const hideText = (text: string) =>
    fields.reduce((hidden, { field, pattern }) => hidden.replace(pattern, () => `{{${field}}}`), text);
  return {
    hideText,
    hidePayload: (payload) =>
      payload.kind === 'send_message' ? { ...payload, text: hideText(payload.text) } : payload,
  };
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
