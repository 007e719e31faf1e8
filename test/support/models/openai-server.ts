import type { FakeReply, FakeRequest, FakeServer, FakeServerOptions, openFakeServer } from './fake-server.ts';
import type { Mind, MindAnswer, SeenRequest } from './mind.ts';
import { errorBody, type Refused, refuse, toReply } from './openai-wire.ts';

/** A server with one of OpenAI's wires. */
export type OpenAiServer = FakeServer & {
  key: string;
  /** What it answered to, in order. */
  seen: SeenRequest[];
  /** What it refused of its own accord, in order. */
  refused: string[];
};

export type OpenAiServerOptions = {
  mind: Mind;
  /** The only key it takes; empty: any. */
  key?: string;
  /** Where given, every other model is unknown. */
  models?: string[];
  /** The longest prompt in tokens. */
  window?: number;
  /** What it takes in the schema of no strict tool. */
  refusedKeyword?: string;
  fault?: FakeServerOptions['fault'];
};

export type Wire = {
  check(request: FakeRequest, known: { key: string; models: string[] | undefined }): Refused | undefined;
  read(body: never): SeenRequest;
  countTokens(body: never): number;
  reply(body: never, answer: MindAnswer): FakeReply;
  errorEvent: FakeServerOptions['errorEvent'];
};

export async function openOpenAiServer(
  wire: Wire,
  { mind, key = '', models, window = Number.POSITIVE_INFINITY, refusedKeyword, fault }: OpenAiServerOptions,
  open: typeof openFakeServer,
): Promise<OpenAiServer> {
  const seen: SeenRequest[] = [];
  const refused: string[] = [];

  function check(request: FakeRequest): Refused | undefined {
    const problem = wire.check(request, { key, models });
    if (problem) return problem;
    if (refusedKeyword !== undefined && listStrictTools(request.body).includes(`"${refusedKeyword}":`)) {
      return refuse(
        `Invalid schema for function: '${refusedKeyword}' is not permitted.`,
        'invalid_function_parameters',
      );
    }
    const tokens = wire.countTokens(request.body as never);
    if (tokens <= window) return undefined;
    const message = `This model's maximum context length is ${window} tokens, and your messages took ${tokens}.`;
    return refuse(message, 'context_length_exceeded');
  }

  const server = await open({
    errorBody,
    errorEvent: wire.errorEvent,
    ...(fault && { fault }),
    answer: (request) => {
      const problem = check(request);
      if (problem) {
        refused.push(problem.message);
        return toReply(problem);
      }
      const view = wire.read(request.body as never);
      seen.push(view);
      return wire.reply(request.body as never, mind(view));
    },
  });
  return { ...server, key, seen, refused };
}

function listStrictTools(body: unknown): string {
  const { tools = [] } = body as { tools?: unknown[] };
  return JSON.stringify(tools.filter((tool) => JSON.stringify(tool).includes('"strict":true')));
}
