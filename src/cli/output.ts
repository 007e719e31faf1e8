import { styleText } from 'node:util';
import { escapeInvisible } from '../lib/text.ts';
import type { CliIo } from './io.ts';
import { wrapText } from './wrap.ts';

export type Style = Parameters<typeof styleText>[0];

/** Colored on a terminal, as it is elsewhere. */
export function paint(io: Pick<CliIo, 'color'>, style: Style, text: string): string {
  return io.color ? styleText(style, text, { validateStream: false }) : text;
}

/** Prints rendered text, fitted to a terminal: titles bold, quotations dim, ids colored. */
export function printText(io: CliIo, text: string): void {
  const lines = io.isTerminal ? wrapText(text, io.columns) : text.split('\n');
  io.stdout.write(`${lines.map((line) => paintLine(io, line)).join('\n')}\n`);
}

/** Prints one JSON value. Control and bidi characters of third parties are escaped: it may land on a terminal. */
export function printJson(io: CliIo, value: unknown): void {
  const json = JSON.stringify(value, null, 2);
  const escaped = json.replace(/[^\n\x20-\x7e]/gu, (found) =>
    escapeInvisible(found) === found ? found : escapeForJson(found),
  );
  io.stdout.write(`${escaped}\n`);
}

function paintLine(io: CliIo, line: string): string {
  if (!io.color) return line;
  if (line.startsWith('> ')) return paint(io, 'dim', line);
  if (line.startsWith('STOPPED')) return paint(io, ['bold', 'red'], line);
  if (line.startsWith('    ')) return line;
  const ids = line.replace(/\b(?:jorb|event|approval|outbox|decision|action)_[1-9]\d*/g, (id) =>
    paint(io, 'cyan', id),
  );
  return /^[A-Z][^:“]*:$/.test(line) ? paint(io, 'bold', line) : ids;
}

function escapeForJson(text: string): string {
  return Array.from(text.split(''), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
    '',
  );
}
