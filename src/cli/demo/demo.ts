import type { Thinking } from '../../config.ts';
import { modelProviders } from '../../domain/brain.ts';
import { Refusal } from '../../domain/refusal.ts';
import { noPositionals, readArguments } from '../arguments.ts';
import type { Command } from '../io.ts';

const options = { yes: { type: 'boolean' }, keep: { type: 'boolean' }, brain: { type: 'string' } } as const;

export const demoCommand: Command = {
  name: 'demo',
  usage: '[--yes] [--keep] [--brain NAME]',
  summary: 'Watch one errand from the request to the booking, in about ten seconds',
  help: [
    'Starts the real server as a chat assistant would, in a temporary data folder, and lets a small',
    'simulated world answer it. Nothing leaves this machine.',
    '--yes   approve without being asked (so it is where no person sits at a terminal)',
    '--keep  keep the data folder and say where it is',
    '--brain rules (the default), openai, anthropic or local: let a model think, with your LLM_* and AGENT_MODEL',
    'Ends with 0 only if the errand was completed, the trap refused and nothing private was sent.',
  ],
  async run({ config, io, args }) {
    const { values } = readArguments('demo', args, {
      options,
      positionals: noPositionals,
    });
    const thinking = config.chooseThinking(readBrain(values.brain));
    if (!thinking.ok) throw thinking.error;
    const { runDemo } = await import('./run-demo.ts');
    return runDemo(
      { config: { ...config, thinking: thinking.value }, io },
      { asks: io.isTerminal && !values.yes, keep: values.keep ?? false },
    );
  },
};

function readBrain(name = 'rules'): Thinking['provider'] {
  const brains = ['rules', ...modelProviders] as const;
  const brain = brains.find((known) => known === name);
  if (brain === undefined) {
    throw new Refusal('invalid', `--brain must be one of ${brains.join(', ')}`, '--brain');
  }
  return brain;
}
