import { join } from 'node:path';
import { z } from 'zod';
import type { ChannelAdapter, LookupOutcome, SendOutcome } from '../../domain/channel.ts';
import type { Delivery } from '../../domain/message.ts';
import type { Clock } from '../../lib/clock.ts';
import { buildWireLog, type WireDisk, WireLogError } from './wire-log.ts';

export type LoopbackOptions = {
  /** The messages are appended to `loopback/wire.jsonl` in it. */
  dataDir: string;
  clock: Clock;
  disk?: WireDisk;
};

/** Trying again will not help until a person has changed something. */
const permanentCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ELOOP']);

const lineSchema = z.object({ key: z.string() });

/**
 * The embedded channel: its wire is a file. Like most wires it delivers the same message twice if it is
 * handed over twice; unlike them it can always tell whether it was. Inbound messages reach the inbox
 * through `jorbs inject`, so there is nothing to listen to.
 */
export function buildLoopback({ dataDir, clock, disk }: LoopbackOptions): ChannelAdapter {
  const file = join(dataDir, 'loopback', 'wire.jsonl');
  const wire = buildWireLog(file, disk);
  const sentKeys = new Set<string>();
  let hasUnreadable = false;
  let isStopped = false;

  const index = (line: string) => {
    const key = readKey(line);
    if (key !== undefined) sentKeys.add(key);
    else if (line.trim() !== '') hasUnreadable = true;
  };

  return {
    kind: 'loopback',
    account: 'local',
    async start() {
      isStopped = false;
    },
    async stop() {
      isStopped = true;
    },
    async send(delivery, signal): Promise<SendOutcome> {
      if (isStopped || signal.aborted) return { kind: 'retry', error: 'the channel is stopped' };
      try {
        wire.append(formatLine(delivery, clock.now()));
        return { kind: 'sent', receipt: delivery.key };
      } catch (error) {
        if (!(error instanceof WireLogError)) throw error;
        return explain(error, file);
      }
    },
    async lookup({ key }): Promise<LookupOutcome> {
      try {
        wire.readNew(index);
      } catch {
        return { kind: 'unknown' };
      }
      if (sentKeys.has(key)) return { kind: 'sent', receipt: key };
      return { kind: hasUnreadable ? 'unknown' : 'not_sent' };
    },
  };
}

function formatLine({ address, text, key, jorbId }: Delivery, now: number): string {
  return JSON.stringify({ at: new Date(now).toISOString(), to: address, text, key, jorb: jorbId });
}

function readKey(line: string): string | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data?.key;
  } catch {
    return undefined;
  }
}

function explain(error: WireLogError, file: string): SendOutcome {
  const sentence = `${file} did not take the message (${error.code})`;
  if (!error.isUndone) return { kind: 'unknown', error: sentence };
  return { kind: permanentCodes.has(error.code) ? 'failed' : 'retry', error: sentence };
}
