import { type Brain, type BrainAnswer, BrainError, type BrainRequest, noUsage } from '../domain/brain.ts';
import { formatInstant } from '../domain/render/instant.ts';
import type { Thinker, TurnContext } from '../domain/turn.ts';

/** What the fallback may do: nothing that leaves, and nothing that ends the errand. */
const deeds = new Map([
  ['store_data', 'kept what it says'],
  ['ask_owner', 'asked you'],
  ['pause', 'paused'],
]);

/**
 * The built-in brain in the place of a model that is down: it looks once at the messages that it has not seen,
 * keeps what it learns from them and asks the owner. Everything else is left to the model, which sees the same
 * messages again: so it neither finishes nor goes on, and its second step has no answer.
 */
export function buildFallback(brain: Brain, { seen, since }: Extract<Thinker, { kind: 'fallback' }>): Brain {
  return {
    name: brain.name,
    async step(request, signal) {
      if (request.steps.length > 0) {
        throw new BrainError('the model does not answer', { kind: 'overload', usage: null });
      }
      const context = narrow(request.context, seen);
      const answer = await brain.step(replaceContext(request, context), signal);
      const toolCalls = answer.toolCalls.filter(({ name }) => deeds.has(name));
      return { ...answer, toolCalls, ...conclude(context, toolCalls, since), usage: noUsage, call: null };
    },
  };
}

/** The new messages alone. Words and answers of the owner wait for the model, and so does what time made due. */
function narrow(context: TurnContext, seen: Extract<Thinker, { kind: 'fallback' }>['seen']): TurnContext {
  return {
    ...context,
    triggers: ['message'],
    newMessages: context.newMessages.filter(({ eventId }) => !seen.includes(eventId)),
    approvals: context.approvals.map((approval) => ({ ...approval, isNew: false })),
    guidance: [],
  };
}

/** Without making the prompt, which no brain without a model reads. */
function replaceContext(request: BrainRequest, context: TurnContext): BrainRequest {
  const { tools, steps, purpose, jorbId } = request;
  return {
    context,
    tools,
    steps,
    purpose,
    jorbId,
    get prompt() {
      return request.prompt;
    },
  };
}

function conclude(
  { newMessages }: TurnContext,
  toolCalls: BrainAnswer['toolCalls'],
  since: number,
): Pick<BrainAnswer, 'reasoning' | 'basedOn' | 'stop'> {
  const done = [...new Set(toolCalls.map(({ name }) => deeds.get(name)))];
  const what = newMessages.length === 1 ? 'a message' : `${newMessages.length} messages`;
  const note = `The model has not answered since ${formatInstant(since)}; the built-in rules took note of ${what}`;
  const reasoning = `${[note, ...done].join(', ')}. The rest is for the model.`;
  return { reasoning, basedOn: newMessages.map(({ eventId }) => eventId), stop: 'end' };
}
