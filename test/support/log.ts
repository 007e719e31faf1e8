import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Log } from '../../src/lib/log.ts';

/** A log that keeps its lines, parsed. */
export function buildTestLog(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')));
      done();
    },
  });
  return { log: pino({ level: 'debug', base: null }, sink), lines };
}
