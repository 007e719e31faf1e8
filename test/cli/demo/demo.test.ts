import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startDemo } from './start-demo.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readServerPid(out: string): number {
  return Number(/The server runs \(process (\d+)/.exec(out)?.[1]);
}

it('runs the errand from the request to the booking, refuses the trap, and leaves nothing behind', async () => {
  const { output, ended, folder } = startDemo();
  const [code] = await ended;
  const { out, err } = output;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('1 batch from 5 messages goes to jorb_1');
  expect(out).toMatch(/refused +“/);
  expect(out).toContain('Price: $289.00 per night × 4 = $1,156.00');
  expect(out).toContain('approval_1 is accepted, confirmed by elicitation');
  expect(out).toContain('jorb_1 is complete');
  expect(out).toMatch(/messages reached the wire, and the owner's home address is in 0 of them/);
  expect(out).not.toContain('1842 Hyde');
  expect(out).not.toContain('\u001b');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  expect(isAlive(readServerPid(out))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('jorbs-demo-'))).toEqual([]);
}, 90_000);

it('ends its server and removes its folder on Ctrl-C', async () => {
  const { child, output, ended, folder } = startDemo();
  const looked = new Promise<void>((resolve) => {
    child.stdout.on('data', () => {
      if (output.out.includes('1 batch from')) resolve();
    });
  });
  await Promise.race([looked, ended]);
  child.kill('SIGINT');
  const [code] = await ended;
  expect({ code, err: output.err }).toEqual({ code: 130, err: '' });
  expect(isAlive(readServerPid(output.out))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('jorbs-demo-'))).toEqual([]);
}, 90_000);

it.each([
  [['--brain', 'openai'], {}, 'LLM_API_KEY is not set; the brain "openai" needs your key'],
  [
    ['--brain', 'anthropic'],
    { LLM_API_KEY: 'k' },
    'AGENT_MODEL is not set; the brain "anthropic" needs the exact name of a model',
  ],
  [
    ['--brain', 'local'],
    { AGENT_MODEL: 'm' },
    'LLM_BASE_URL is not set; the brain "local" needs the address of the server, such as http://localhost:11434/v1',
  ],
  [['--brain', 'gpt'], {}, '--brain must be one of rules, openai, anthropic, local'],
])('says what is missing for %j', async (args, env, sentence) => {
  const { output, ended } = startDemo(args, env);
  const [code] = await ended;
  expect({ code, ...output }).toEqual({ code: 2, out: '', err: `jorbs: ${sentence}\n` });
});
