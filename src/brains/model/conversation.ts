import type { BrainStep, ModelRequest, Prompt } from '../../domain/brain.ts';
import { limitCalls } from './model-fetch.ts';

/** For a provider that refuses a message without content. */
export const goOn = 'Go on.';

/** The first words of a conversation. Empty blocks are left out, since some servers refuse them, and so is nothing. */
export function listBlocks({ input }: Prompt): string[] {
  const blocks = input.filter((block) => block.trim() !== '');
  return blocks.length > 0 ? blocks : [goOn];
}

/** A step of another brain, whose names for its calls may be none for this wire, or the same in each step. */
export function renameCalls({ answer, results, note }: BrainStep, position: number): BrainStep {
  const name = (call: number) => `call_${position}_${call}`;
  return {
    answer: { ...answer, toolCalls: answer.toolCalls.map((call, at) => ({ ...call, id: name(at) })) },
    results: results.map((result, at) => ({ ...result, callId: name(at) })),
    note,
  };
}

const longestName = 64;

/** The ids of all calls so far. */
export function listCallIds({ steps }: Pick<ModelRequest, 'steps'>): ReadonlySet<string> {
  return new Set(steps.flatMap(({ answer }) => answer.toolCalls.map(({ id }) => id)));
}

/** A name as every wire takes it back: a model may make one up that its own provider then refuses. */
export function mendName(name: string): string {
  if (/^[\w-]{1,64}$/.test(name)) return name;
  return name.replace(/[^\w-]+/g, '_').slice(0, longestName) || 'unnamed';
}

/** These ids, but others for those that the wire does not take and those that are taken: a result must find its call. */
export function nameCalls(
  ids: readonly string[],
  { fit, taken }: { fit: RegExp; taken: ReadonlySet<string> },
): string[] {
  limitCalls(ids.length);
  const used = new Set(taken);
  return ids.map((id) => {
    let unique = fit.test(id) ? id : '';
    for (let next = used.size + 1; unique === '' || used.has(unique); next += 1) unique = `call_${next}`;
    used.add(unique);
    return unique;
  });
}

/** One text for each of these calls, in their order: every wire refuses a call without its result. */
export function listResults(
  callIds: readonly string[],
  { results }: BrainStep,
): { callId: string; text: string }[] {
  const texts = new Map(
    results.map(({ callId, text, isError }) => [callId, isError ? `error: ${text}` : text]),
  );
  return callIds.map((callId) => ({ callId, text: texts.get(callId) ?? 'error: this was not carried out' }));
}

/** The same without half characters, which servers and hosts refuse as a whole: JSON escapes those and no others. */
export function toWellFormed<T extends object>(value: T): T {
  const json = JSON.stringify(value);
  return JSON.parse(json.replace(/\\(?:u(d[89a-f]..)|.)/g, (found, half) => (half ? '\u{fffd}' : found)));
}
