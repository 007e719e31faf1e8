import { readArguments } from '../arguments.ts';
import type { Command } from '../io.ts';

const options = { yes: { type: 'boolean' }, keep: { type: 'boolean' } } as const;

export const demoCommand: Command = {
  name: 'demo',
  usage: '[--yes] [--keep]',
  summary: 'Watch one errand from the request to the booking, in about ten seconds',
  help: [
    'Starts the real server as a chat assistant would, in a temporary data folder, and lets a small',
    'simulated world answer it. Nothing leaves this machine.',
    '--yes   approve without being asked (so it is where no person sits at a terminal)',
    '--keep  keep the data folder and say where it is',
    'Ends with 0 only if the errand was completed, the trap refused and nothing private was sent.',
  ],
  async run({ config, io, args }) {
    const { values } = readArguments('demo', args, {
      options,
      positionals: { least: 0, most: 0, names: '' },
    });
    const { runDemo } = await import('./run-demo.ts');
    return runDemo({ config, io }, { asks: io.isTerminal && !values.yes, keep: values.keep ?? false });
  },
};
