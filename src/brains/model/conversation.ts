import type { BrainStep, Prompt } from '../../domain/brain.ts';

/** The first words of a conversation. Empty blocks are left out, since some servers refuse them, and so is nothing. */
export function listBlocks({ input }: Prompt): string[] {
  const blocks = input.filter((block) => block.trim() !== '');
  return blocks.length > 0 ? blocks : ['Go on.'];
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

/** The JSON of a body without half characters, which the servers refuse as a whole. */
export function toWellFormed<T extends object>(body: T): T {
  return JSON.parse(
    JSON.stringify(body, (_, value) => (typeof value === 'string' ? value.toWellFormed() : value)),
  );
}
