import type { CliIo } from '../io.ts';
import { paint, type Style } from '../output.ts';
import { wrapText } from '../wrap.ts';
import type { Label, Moment } from './moments.ts';

const widest = 110;
const timeWidth = 7;
const labelWidth = 10;

const styles: Record<Label, Style> = {
  sent: 'green',
  received: 'cyan',
  batch: 'magenta',
  fact: 'blue',
  decision: 'dim',
  refused: ['bold', 'red'],
  approval: ['bold', 'yellow'],
  status: 'bold',
  phase: 'dim',
  trouble: ['bold', 'red'],
};

type Screen = Pick<CliIo, 'stdout' | 'color' | 'columns'>;

/** One moment: time since the start, what it is, and its words hanging beside them. */
export function printMoment(screen: Screen, { at, label, text }: Moment, startedAt: number): void {
  const seconds = (Math.max(0, at - startedAt) / 1000).toFixed(1);
  const time = `${seconds} s`.padStart(timeWidth);
  const lead = timeWidth + 1 + labelWidth;
  const [first = '', ...rest] = wrapText(text, width(screen) - lead);
  const words = (line: string) => (label === 'decision' ? paint(screen, 'dim', line) : line);
  const lines = [
    `${paint(screen, 'dim', time)} ${paint(screen, styles[label], label.padEnd(labelWidth))}${words(first)}`,
    ...rest.map((line) => `${' '.repeat(lead)}${words(line)}`),
  ];
  screen.stdout.write(`${lines.join('\n')}\n`);
}

/** Text in a frame that stands out from the timeline, broken at spaces. */
export function printFramed(screen: Screen, text: string, style: Style): void {
  const bar = paint(screen, style, '│');
  const lines = wrapText(text, width(screen) - 4).map((line) => {
    const shown = line.startsWith('> ') ? paint(screen, 'dim', line) : line;
    return `  ${bar} ${shown}`.trimEnd();
  });
  screen.stdout.write(`\n${lines.join('\n')}\n`);
}

export function printTitle(screen: Screen, text: string): void {
  screen.stdout.write(`\n${paint(screen, 'bold', text)}\n`);
}

export function printParagraph(screen: Screen, text: string): void {
  screen.stdout.write(`\n${wrapText(text, width(screen)).join('\n')}\n`);
}

/** One check of the verdict, with what it found. */
export function printCheck(screen: Screen, check: { passed: boolean; text: string }): void {
  const mark = check.passed ? paint(screen, 'green', 'ok    ') : paint(screen, ['bold', 'red'], 'FAILED');
  const [first = '', ...rest] = wrapText(check.text, width(screen) - 9);
  screen.stdout.write(`  ${mark} ${[first, ...rest.map((line) => ' '.repeat(9) + line)].join('\n')}\n`);
}

function width({ columns }: Screen): number {
  return Math.min(columns, widest);
}
