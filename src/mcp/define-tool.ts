import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
  StandardSchemaWithJSON,
  ToolAnnotations,
} from '@modelcontextprotocol/server';
import { isInputRequiredResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { Face } from '../runtime/face.ts';
import type { Confirmations } from './confirmations.ts';
import { describeInvalidInput } from './invalid-input.ts';
import { listSchema } from './list-schema.ts';

/** Hints for the host's permission dialog, never policy. All of them are said, so that none is guessed. */
export type Hints = Required<Omit<ToolAnnotations, 'title'>>;

/** One call as it came, with what a tool may need of its connection. */
export type ToolCall = {
  tool: string;
  /** Unchecked, as the host sent them. */
  arguments: unknown;
  request: ServerContext;
  /** Whether the host said that it can show the person a form. */
  canElicit: boolean;
  confirmations: Confirmations;
};

/** The same facts twice: some hosts show a model only the text, some only the data. */
export type ToolAnswer<Data> = {
  text: string;
  data: Data;
  /** Where the host can read on and watch for changes. */
  link?: { uri: string; name: string };
};

export type Tool = {
  name: string;
  title: string;
  description: string;
  hints: Hints;
  inputSchema: StandardSchemaWithJSON;
  outputSchema: StandardSchemaWithJSON;
  /** Never rejects: what goes wrong is one sentence in an error result. */
  run(face: Face, call: ToolCall): Promise<CallToolResult | InputRequiredResult>;
};

/** Hosts cut or hide longer results. Of the whole result as JSON. */
export const mostResultBytes = 20_000;

/** `needsRuntime`: somebody has to run for what this tool asks; the face stands for election. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(definition: {
  name: string;
  title: string;
  description: string;
  hints: Hints;
  input: Input;
  output: Output;
  needsRuntime: (args: z.infer<Input>) => boolean;
  handle: (
    face: Face,
    args: z.infer<Input>,
    call: ToolCall,
  ) => Promise<ToolAnswer<z.infer<Output>> | InputRequiredResult>;
}): Tool {
  const { name, input, output, needsRuntime, handle } = definition;
  return {
    name,
    title: definition.title,
    description: definition.description,
    hints: definition.hints,
    inputSchema: listSchema(input, 'input'),
    outputSchema: listSchema(output, 'output'),
    async run(face, call) {
      const parsed = input.safeParse(call.arguments ?? {}, { reportInput: true });
      if (!parsed.success) return fail(describeInvalidInput(parsed.error, name, Object.keys(input.shape)));
      try {
        if (needsRuntime(parsed.data)) face.stand();
        const answer = await handle(face, parsed.data, call);
        if (isInputRequiredResult(answer)) return answer;
        return succeed(answer.text, output.parse(answer.data), answer.link);
      } catch (error) {
        if (error instanceof Refusal) return fail(describeRefusal(error, parsed.data));
        face.log.error({ err: error, tool: name }, 'a tool failed');
        return fail(
          `${name} failed for a reason of its own, and the log of the server says which; look with get_status before trying again`,
        );
      }
    },
  };
}

function succeed(
  text: string,
  data: Record<string, unknown>,
  link: ToolAnswer<unknown>['link'],
): CallToolResult {
  const links = link ? [{ type: 'resource_link' as const, mimeType: 'application/json', ...link }] : [];
  return { content: [{ type: 'text', text }, ...links], structuredContent: data };
}

function fail(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** The sentence names the field as the caller wrote it. What stands in `id` is a name by itself. */
function describeRefusal({ field, message }: Refusal, given: Record<string, unknown>): string {
  const root = field?.split(/[.[]/)[0] ?? '';
  const value = given[root];
  const isNamed = message.includes(root) || (root === 'id' && message.includes(String(value)));
  return Object.hasOwn(given, root) && !isNamed ? `${field}: ${message}` : message;
}
