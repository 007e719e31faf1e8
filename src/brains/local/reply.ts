import type OpenAI from 'openai';
import type { AnswerStop, Usage } from '../../domain/brain.ts';
import { readArguments } from '../model/arguments.ts';
import { nameCalls } from '../model/conversation.ts';
import { describeCut } from '../model/failures.ts';
import { buildSizeLimit } from '../model/model-fetch.ts';
import type { Asked, Reply } from '../model/reply.ts';
import { readUsage } from '../model/usage.ts';
import { describeStranger, type Provider } from '../openai/errors.ts';
import { type Draft, dropCutCall, extendDraft, startDraft, toMessage } from './draft.ts';
import type { AssistantMessage } from './request.ts';

type Chunk = OpenAI.Chat.ChatCompletionChunk;

export async function readReply(
  stream: AsyncIterable<Chunk>,
  asked: Asked,
  provider: Provider,
): Promise<Reply<AssistantMessage>> {
  const limit = buildSizeLimit();
  const draft = startDraft();
  let isKnown: boolean | undefined;
  let finish: string | undefined;
  let usage: Chunk['usage'];
  for await (const chunk of stream) {
    isKnown = isKnown || Array.isArray(chunk?.choices);
    usage = chunk?.usage ?? usage;
    const choice = chunk?.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    if (choice?.delta) limit(extendDraft(draft, choice.delta));
  }
  if (isKnown === false) throw describeStranger(provider);
  if (finish === undefined) throw describeCut(provider.name);
  return toReply(draft, { finish, usage, asked });
}

function toReply(
  draft: Draft,
  { finish, usage, asked }: { finish: string; usage: Chunk['usage']; asked: Asked },
): Reply<AssistantMessage> {
  const answered = JSON.stringify(toMessage(draft));
  if (finish === 'length') dropCutCall(draft);
  // Some servers give calls no id, or the same one in every answer.
  const ids = nameCalls(
    draft.calls.map(({ id }) => id),
    { fit: /./, taken: asked.callIds },
  );
  for (const [at, call] of draft.calls.entries()) call.id = ids[at] ?? call.id;
  const toolCalls = draft.calls.map(({ id, name, arguments: given }) => ({
    id,
    name,
    arguments: readArguments(given),
  }));
  return {
    items: [toMessage(draft)],
    text: readText(draft),
    toolCalls,
    usage: countUsage(usage, asked.body, answered),
    stop: readStop(finish, draft),
  };
}

/** Thoughts may stand in a field of their own or, where nobody told the server, in tags before the words. */
function readText({ content, refusal, reasoning, reasoning_content }: Draft): string {
  const words = content.replace(/^\s*<think>[\s\S]*?<\/think>/, '');
  return [refusal, words, reasoning_content, reasoning, content].find((text) => text.trim() !== '') ?? '';
}

function readStop(finish: string, { refusal, calls }: Draft): AnswerStop {
  if (finish === 'content_filter' || refusal !== '') return 'refused';
  if (finish === 'length') return 'cut';
  return calls.length > 0 ? 'tools' : 'end';
}

function countUsage(usage: Chunk['usage'], asked: string, answered: string): Usage {
  const details = usage?.prompt_tokens_details;
  return readUsage(
    {
      input: usage?.prompt_tokens,
      cached: details?.cached_tokens,
      written: undefined,
      output: usage?.completion_tokens,
    },
    { asked, answered },
  );
}
