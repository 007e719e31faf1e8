import type { ToolCall } from '../domain/brain.ts';
import type { Effect, EffectOutcome, TurnContext } from '../domain/turn.ts';
import { findNearest } from '../lib/nearest.ts';
import { shorten } from '../lib/text.ts';
import type { AgentTool } from './tools/define-tool.ts';

/** A call that comes to nothing: a line that tells why, which the owner may read, then how the brain can mend it. */
export type NotDone = { kind: 'not_done'; outcome: EffectOutcome };

const longestName = 60;
const longestExcerpt = 200;

/** What a call asks for, if there is such a tool and it takes these arguments. */
export function prepareCall(
  { name, arguments: given }: ToolCall,
  tools: readonly AgentTool[],
  context: TurnContext,
): Effect | NotDone {
  const tool = tools.find((each) => each.name === name);
  if (!tool) return notDone(explainUnknown(name, tools), true);
  if (typeof given === 'string') {
    const excerpt = shorten(given.slice(0, 4 * longestExcerpt), longestExcerpt);
    return notDone(
      `the arguments of ${name} are no JSON that can be read: ${excerpt}${showExample(tool)}`,
      true,
    );
  }
  const effect = tool.prepare(given, context);
  return effect.ok
    ? effect.value
    : notDone(`the arguments of ${name} are not right: ${effect.error}${showExample(tool)}`, true);
}

export function notDone(text: string, isError: boolean): NotDone {
  return { kind: 'not_done', outcome: { text: text.toWellFormed(), isError, endsTurn: false } };
}

function explainUnknown(name: string, tools: readonly AgentTool[]): string {
  const names = tools.map((tool) => tool.name);
  const written = String(name).slice(0, longestName);
  const nearest = findNearest(written.toLowerCase(), names);
  return `there is no tool "${written}"\nThe nearest is "${nearest}", and there are ${names.join(', ')}.`;
}

function showExample({ example }: AgentTool): string {
  return example === undefined ? '' : `\nRight is for example ${JSON.stringify(example)}`;
}
