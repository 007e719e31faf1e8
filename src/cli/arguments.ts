import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { Refusal } from '../domain/refusal.ts';

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true; allowPositionals: true }>
>['values'];

/** Of a subcommand that takes nothing besides options. */
export const noPositionals = { least: 0, most: 0, names: '' };

/** Reads what follows a subcommand. Throws `Refusal` that names what is wrong and where the help is. */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: string[],
  shape: { options: Options; positionals: { least: number; most: number; names: string } },
): { values: Values<Options>; positionals: string[] } {
  const { options, positionals: expected } = shape;
  const parsed = parse(command, args, options);
  const { length } = parsed.positionals;
  if (length < expected.least || length > expected.most) {
    const wanted = expected.names || 'nothing besides options';
    throw new Refusal('invalid', `it takes ${wanted}, not ${length} words; see "jorbs ${command} --help"`);
  }
  return parsed;
}

/** A whole number in its bounds, or the default when the option was not given. */
export function readCount(
  option: string,
  text: string | undefined,
  bounds: { least: number; most: number; standard: number },
): number {
  if (text === undefined) return bounds.standard;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= bounds.least && count <= bounds.most) return count;
  throw new Refusal(
    'invalid',
    `${option} must be a whole number from ${bounds.least} to ${bounds.most}`,
    option,
  );
}

function parse<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = error.message] = error.message.split(/\.? To specify|\n/);
    throw new Refusal('invalid', `${sentence.replace(/\.$/, '')}; see "jorbs ${command} --help"`);
  }
}
