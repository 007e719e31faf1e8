import { Client } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const stderrKept = 4000;

/** What a tool answered: the text a host shows, and the data. */
export type ToolAnswer = { text: string; data: Record<string, unknown>; isError: boolean };

/** The demo's chat assistant: an MCP client and the server it started as a child process. */
export type Host = {
  pid: number | null;
  protocol: string;
  tools: string[];
  call(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  /** The last the server wrote to stderr. */
  readStderr(): string;
  /** Ends the child, gently first. */
  close(): Promise<void>;
};

/** Starts the server and connects. `confirm` is asked by the server, through the protocol, for the person's yes. */
export async function startHost(options: {
  self: { command: string; args: string[] };
  version: string;
  environment: Record<string, string>;
  confirm(message: string): Promise<boolean>;
}): Promise<Host> {
  const { self, version, environment, confirm } = options;
  const transport = new StdioClientTransport({
    command: self.command,
    args: self.args,
    env: { ...getDefaultEnvironment(), ...environment },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrKept);
  });
  const client = new Client(
    { name: 'jorbs-demo', title: 'The demo of jorbs', version },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const connect = async () => {
    await client.connect(transport);
    return (await client.listTools()).tools;
  };
  client.setRequestHandler('elicitation/create', async ({ params }) =>
    (await confirm(params.message))
      ? { action: 'accept' as const, content: {} }
      : { action: 'decline' as const },
  );
  const tools = await connect().catch(async (error) => {
    await client.close();
    throw new Error(`the server did not come up (${error.message})\n${stderr}`.trim(), { cause: error });
  });
  return {
    pid: transport.pid,
    protocol: client.getNegotiatedProtocolVersion() ?? 'unknown',
    tools: tools.map((tool) => tool.name),
    async call(name, args) {
      const result = await client.callTool({ name, arguments: args });
      const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      const data = result.structuredContent;
      return { text, data: isRecord(data) ? data : {}, isError: result.isError === true };
    },
    readStderr: () => stderr,
    close: () => client.close(),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
