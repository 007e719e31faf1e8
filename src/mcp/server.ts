import { CLIENT_CAPABILITIES_META_KEY, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Face } from '../runtime/face.ts';
import { buildConfirmations, type Confirmations } from './confirmations.ts';
import type { Tool, ToolCall } from './define-tool.ts';
import { loadPrompts, type Prompts } from './prompt-files.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources/register.ts';
import { tools } from './tools/catalog.ts';

/** What outlives one server: a confirmation may come back on another connection than it was asked on. */
export type Shared = { prompts: Prompts; confirmations: Confirmations };

/** Once for each face. Throws when a prompt file is missing or wrong. */
export function openShared(face: Face): Shared {
  return {
    prompts: loadPrompts(face.packageRoot),
    confirmations: buildConfirmations(face.owner.clock),
  };
}

/** Cheap, and may be called for each connection or request: nothing runs until it is connected. */
export function buildServer(face: Face, shared: Shared = openShared(face)): McpServer {
  const server = new McpServer(
    { name: 'jorbs', title: 'Jorbs', version: face.version },
    { instructions: shared.prompts.instructions, maxToolInputElements: 5000 },
  );
  for (const tool of tools) registerTool(server, tool, { face, confirmations: shared.confirmations });
  registerResources(server, face);
  registerPrompts(server, shared.prompts);
  return server;
}

function registerTool(
  server: McpServer,
  tool: Tool,
  { face, confirmations }: { face: Face; confirmations: Confirmations },
): void {
  const { name, title, description, hints, inputSchema, outputSchema } = tool;
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema,
      outputSchema,
      annotations: { title, ...hints },
    },
    (given, request) => {
      const call: ToolCall = {
        tool: name,
        arguments: given,
        request,
        canElicit: canElicit(server, request),
        confirmations,
      };
      return tool.run(face, call);
    },
  );
}

const declared = z.object({
  elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional(),
});

/** Said with each request in 2026-07-28, once at the start before. An empty capability means forms. */
function canElicit(server: McpServer, { mcpReq }: ServerContext): boolean {
  const said: unknown =
    Reflect.get(mcpReq.envelope ?? {}, CLIENT_CAPABILITIES_META_KEY) ?? server.server.getClientCapabilities();
  const elicitation = declared.safeParse(said).data?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
