import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { connect as connectSocket } from 'node:tls';
import { untilAborted } from '../time-limit.ts';
import { FetchFailure, readCode } from './fetch-failure.ts';
import { isSameAddress } from './public-address.ts';

export type DialOptions = {
  /** All addresses of a name. Asked once: what was vetted is what is dialled. */
  resolve: (host: string) => Promise<string[]>;
  isAllowedAddress: (ip: string) => boolean;
  /** A connection to that address, on which the host of that name has proven itself. */
  connect: (target: { ip: string; host: string }, signal: AbortSignal) => Promise<Socket>;
};

/** A name may have many addresses; one that answers is found among the first, or not soon. */
const mostTries = 3;

export async function resolveHost(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
}

/** TLS to a literal address. Neither the name nor the environment is asked again for the way. */
export function buildConnectTls({ port, ca }: { port: number; ca?: string }): DialOptions['connect'] {
  return ({ ip, host }, signal) =>
    new Promise((resolve, reject) => {
      const socket = connectSocket({
        host: ip,
        port,
        servername: host,
        ALPNProtocols: ['http/1.1'],
        minVersion: 'TLSv1.2',
        // Said, since an environment variable could turn it off.
        rejectUnauthorized: true,
        ...(ca === undefined ? {} : { ca }),
      });
      const stop = () => socket.destroy();
      signal.addEventListener('abort', stop, { once: true });
      const settle = (end: () => void) => {
        signal.removeEventListener('abort', stop);
        end();
      };
      socket.once('secureConnect', () => settle(() => resolve(socket)));
      socket.once('error', (error) => settle(() => reject(error)));
      socket.once('close', () => settle(() => reject(new Error('the connection was closed'))));
    });
}

/**
 * Resolves a name once, refuses it when any of its addresses is not allowed, and connects to one of
 * them by its number. Throws `FetchFailure`.
 */
export async function dial(host: string, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  const addresses = await resolveVetted(host, options, signal);
  let failure: unknown;
  for (const ip of addresses.slice(0, mostTries)) {
    try {
      const connecting = options.connect({ ip, host }, signal);
      const socket = await untilAborted(signal, connecting);
      if (socket) return checkRemote(socket, { ip, host, options });
      void connecting.then(
        (late) => late.destroy(),
        () => {},
      );
      break;
    } catch (error) {
      if (error instanceof FetchFailure) throw error;
      failure = error;
    }
  }
  const why = signal.aborted ? 'it took too long' : readCode(failure);
  throw new FetchFailure('unreached', `${host} could not be reached (${why})`);
}

async function resolveVetted(
  host: string,
  { resolve, isAllowedAddress }: DialOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const addresses = await untilAborted(signal, resolve(host)).catch((error: unknown) => {
    throw new FetchFailure('unreached', `${host} could not be looked up (${readCode(error)})`);
  });
  if (addresses === undefined || addresses.length === 0) {
    throw new FetchFailure('unreached', `${host} could not be looked up (no answer)`);
  }
  // Every one: a host that mixes public and private addresses is up to something.
  if (!addresses.every((ip) => isAllowedAddress(ip))) throw refuseAddress(host);
  return addresses;
}

/** The address that answered is the one that was vetted, whatever lies between. */
function checkRemote(
  socket: Socket,
  { ip, host, options }: { ip: string; host: string; options: DialOptions },
): Socket {
  const remote = socket.remoteAddress;
  if (remote === undefined) throw new Error('the connection is gone again');
  if (isSameAddress(remote, ip) && options.isAllowedAddress(remote)) return socket;
  socket.destroy();
  throw refuseAddress(host);
}

function refuseAddress(host: string): FetchFailure {
  return new FetchFailure(
    'refused',
    `${host} has an address that is not on the public internet, and such an address is never asked`,
  );
}
