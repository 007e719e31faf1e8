import { formatMicros } from '../../lib/micros.ts';
import { formatShare } from '../../lib/share.ts';
import { addressKey } from '../contact.ts';
import type { Decision, DecisionPage, DecisionRecord } from '../decision.ts';
import { formatInstant } from './instant.ts';
import { renderLine, renderQuoted } from './quote.ts';

const outcomeLength = 200;

/** What was concluded and why, on one line, with the events it rests on. */
export function renderDecision(decision: Decision, timeZone?: string): string {
  const { id, at, reasoning, basedOn } = decision;
  const details = [
    `${renderBy(decision)}, ${formatShare(decision.confidence)} sure`,
    ...(basedOn.length > 0 ? [`from ${basedOn.join(', ')}`] : []),
    ...renderUsage(decision),
  ];
  return `${formatInstant(at, timeZone)} ${id} ${renderLine(reasoning, 600)} (${details.join('; ')})`;
}

/** Each with what it was made on, what was done for it and what that came to. A model's words are quoted. */
export function renderDecisions({ decisions, rest }: DecisionPage, timeZone?: string): string {
  const end = {
    none: [],
    more: ['There are older ones.'],
    not_looked_at: ['Older ones were not looked at: ask for one jorb.'],
  };
  if (decisions.length === 0 && rest === 'none') return 'No decisions.';
  return [...decisions.map((decision) => renderRecord(decision, timeZone)), ...end[rest]].join('\n\n');
}

/** `event_1, event_2 of loopback:magic; event_3 of loopback:hotel`. */
function renderInfluence(after: DecisionRecord['after']): string {
  const senders = Map.groupBy(after, addressKey);
  return Array.from(
    senders,
    ([key, events]) => `${events.map(({ eventId }) => eventId).join(', ')} of ${renderLine(key, 150)}`,
  ).join('; ');
}

function renderRecord(decision: DecisionRecord, timeZone: string | undefined): string {
  const { id, at, kind, jorbId, reasoning, confidence, after, calls, actions } = decision;
  const what = kind === 'routing' ? `routing${jorbId ? ` to ${jorbId}` : ''}` : (jorbId ?? 'no jorb');
  const usage = renderUsage(decision);
  return [
    `${id}, ${formatInstant(at, timeZone)}, ${what}, by ${renderBy(decision)}, ${formatShare(confidence)} sure`,
    ...(after.length > 0 ? [`after ${renderInfluence(after)}`] : []),
    renderQuoted(reasoning.trim() || 'no reason given', 600),
    ...calls.map(
      ({ tool, outcome, isError }) =>
        `- ${renderLine(tool, 60)}${isError ? ', which failed' : ''}: ${outcome === null ? 'nothing came of it' : renderLine(outcome, outcomeLength)}`,
    ),
    ...actions.map(
      (action) =>
        `- ${action.id}: ${action.kind.replaceAll('_', ' ')} (${action.consequence.replaceAll('_', ' ')}), ${action.status.replaceAll('_', ' ')}`,
    ),
    ...(usage.length > 0 ? [usage.join(', ')] : []),
  ].join('\n');
}

function renderBy({ by, model }: Decision): string {
  return model === null ? renderLine(by, 60) : `${renderLine(by, 60)} (${renderLine(model, 100)})`;
}

function renderUsage(decision: Decision): string[] {
  const { inputTokens, cachedTokens, outputTokens, costMicros, durationMs, model } = decision;
  const cached = cachedTokens > 0 ? ` (${cachedTokens} cached)` : '';
  return [
    ...(inputTokens + outputTokens > 0 ? [`${inputTokens} tokens in${cached}, ${outputTokens} out`] : []),
    ...(model === null ? [] : [formatMicros(costMicros), `${(durationMs / 1000).toFixed(1)} s`]),
  ];
}
