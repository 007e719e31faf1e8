import type { ChannelAdapter, SendOutcome } from '../../src/domain/channel.ts';
import type { Delivery } from '../../src/domain/message.ts';
import type { WireLine } from './oracle.ts';

/** What the wire does to one message: whether it takes it, and what it then says. */
export type WireFault =
  | 'refuses'
  | 'refuses for good'
  | 'takes it and does not say'
  | 'says nothing and does not take it';

/**
 * The world outside of every process: what it took stays taken, whatever crashes. It takes a key twice
 * when it is given twice; to notice that is the oracle's work.
 */
export type MemoryWire = {
  lines: WireLine[];
  /** An adapter for one process. `point` is called before and after the wire takes the message, and may throw. */
  connect(options: { now: () => number; point?: (name: string) => void }): ChannelAdapter;
  /** Asked before each message. */
  fault: (delivery: Delivery) => WireFault | undefined;
  /** Called when a message is handed over, before anything else. */
  watch: (delivery: Delivery) => void;
  /** False: it cannot tell what it took. */
  remembers: boolean;
};

export function buildMemoryWire(): MemoryWire {
  const wire: MemoryWire = {
    lines: [],
    fault: () => undefined,
    watch: () => {},
    remembers: true,
    connect({ now, point = () => {} }) {
      const take = ({ address, text, key, jorbId }: Delivery): SendOutcome => {
        point('wire.before');
        wire.lines.push({ at: new Date(now()).toISOString(), to: address, text, key, jorb: jorbId });
        point('wire.after');
        return { kind: 'sent', receipt: key };
      };
      return {
        kind: 'loopback',
        account: 'local',
        start: async () => {},
        stop: async () => {},
        async send(delivery) {
          wire.watch(delivery);
          switch (wire.fault(delivery)) {
            case 'refuses':
              return { kind: 'retry', error: 'the wire is busy' };
            case 'refuses for good':
              return { kind: 'failed', error: 'there is no such number' };
            case 'takes it and does not say':
              take(delivery);
              return { kind: 'unknown', error: 'the line went dead' };
            case 'says nothing and does not take it':
              return { kind: 'unknown', error: 'the line went dead' };
            case undefined:
              return take(delivery);
          }
        },
        async lookup({ key }) {
          point('wire.lookup');
          if (!wire.remembers) return { kind: 'unknown' };
          const found = wire.lines.some((line) => line.key === key);
          return found ? { kind: 'sent', receipt: key } : { kind: 'not_sent' };
        },
      };
    },
  };
  return wire;
}
