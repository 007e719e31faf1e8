import type { Decision } from '../decision.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';

/** What was concluded and why, on one line, with the events it rests on. */
export function renderDecision(decision: Decision, timeZone?: string): string {
  const { id, at, by, reasoning, confidence, basedOn, inputTokens, outputTokens } = decision;
  const details = [
    `${by}, ${Math.round(confidence * 100)} % sure`,
    ...(basedOn.length > 0 ? [`from ${basedOn.join(', ')}`] : []),
    ...(inputTokens + outputTokens > 0 ? [`${inputTokens} + ${outputTokens} tokens`] : []),
  ];
  return `${formatInstant(at, timeZone)} ${id} ${renderLine(reasoning, 600)} (${details.join('; ')})`;
}
