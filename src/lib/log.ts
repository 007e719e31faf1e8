import { type Logger, pino } from 'pino';

export type Log = Logger;
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** JSON lines on file descriptor 2, synchronously: stdout is the MCP wire. Bodies go to `debug` only. */
export function openLog(level: LogLevel): Log {
  return pino({ level, base: { pid: process.pid } }, pino.destination({ dest: 2, sync: true }));
}
