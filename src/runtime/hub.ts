/**
 * A local socket beside the data folder that carries two words: a face says `written` after a commit,
 * the runtime says `changed` after anyone's. Nothing else on it is believed, and nothing is lost when it
 * fails: whoever misses a word finds the commit at the next slow poll of the file.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { Log } from '../lib/log.ts';

/** What a face says to the runtime, and the runtime to its faces. */
const words = { fromFace: 'written', fromRuntime: 'changed' } as const;

/** No word is longer, so no more of a line is kept. */
const longestLine = 16;

/** The runtime's end. */
export type Hub = {
  /** Tells every face. One that has not read the last word yet is not told twice. */
  announce(): void;
  /** Twice is harmless. */
  close(): Promise<void>;
};

/**
 * Listens at `address`. Only the holder of the runtime lock may: it takes away the socket that a dead
 * one left. Rejects where the file system has no sockets.
 */
export async function openHub(address: string, options: { log: Log; written: () => void }): Promise<Hub> {
  const { log, written } = options;
  const isPipe = address.startsWith('\\\\');
  if (!isPipe) rmSync(address, { force: true });
  const faces = new Set<Socket>();
  const server = createServer((socket) => {
    faces.add(socket);
    socket.on('error', (error) => log.debug({ err: error }, 'a face left the hub'));
    socket.on('close', () => faces.delete(socket));
    onWord(socket, words.fromFace, written);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (!isPipe) chmodSync(address, 0o600);
  server.on('error', (error) => log.warn({ err: error }, 'the hub failed'));
  return {
    announce() {
      for (const face of faces) {
        if (face.writableLength === 0) face.write(`${words.fromRuntime}\n`);
      }
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const face of faces) face.destroy();
      });
    },
  };
}

/** A face's end. It connects again after each `join` once the connection is gone. */
export type HubClient = {
  isConnected(): boolean;
  /** Connects unless it is connected already. It never waits. */
  join(): void;
  /** Tells the runtime, if one listens. */
  notify(): void;
  /** Resolves when the last word is out, or nobody listens. Twice is harmless. */
  close(): Promise<void>;
};

export type HubClientOptions = {
  changed: () => void;
  /** The runtime's end went away, most likely with its process. */
  lost: () => void;
};

export function buildHubClient(address: string, { changed, lost }: HubClientOptions): HubClient {
  let socket: Socket | undefined;
  let isJoined = false;
  let isClosed = false;

  const join = () => {
    if (socket || isClosed) return;
    const joining = connect(address);
    socket = joining;
    joining.on('connect', () => {
      isJoined = true;
    });
    joining.on('error', () => {});
    joining.on('close', () => {
      const wasJoined = isJoined;
      socket = undefined;
      isJoined = false;
      if (wasJoined && !isClosed) lost();
    });
    onWord(joining, words.fromRuntime, changed);
  };

  return {
    isConnected: () => isJoined,
    join,
    notify() {
      join();
      if (socket && socket.writableLength === 0) socket.write(`${words.fromFace}\n`);
    },
    close() {
      isClosed = true;
      const leaving = socket;
      if (!leaving) return Promise.resolve();
      return new Promise((resolve) => {
        leaving.once('close', () => resolve());
        leaving.end(() => leaving.destroy());
      });
    },
  };
}

/** Calls back for each line that is the word. Anything else is dropped as it comes, however long. */
function onWord(socket: Socket, word: string, heard: () => void): void {
  let line = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    const [first = '', ...rest] = chunk.split('\n');
    const ended = [line + first, ...rest];
    line = (ended.pop() ?? '').slice(0, longestLine);
    if (ended.includes(word)) heard();
  });
}
