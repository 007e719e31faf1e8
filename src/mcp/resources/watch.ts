import { sha256 } from '../../lib/canonical.ts';
import { secondMs } from '../../lib/duration.ts';
import type { Face } from '../../runtime/face.ts';
import { listNamedJorbs, readResource } from './contents.ts';

/** What a host follows: resources by URI, and whether the list of them changes. */
export type Following = { uris: readonly string[]; list: boolean };

export type ResourceWatch = {
  /** Follows in addition; the same key again replaces what it followed. What it sees now is the baseline. */
  follow(key: string, following: Following): void;
  unfollow(key: string): void;
  stop(): void;
};

/** Per connection: a host that follows more is not shown the rest. */
const mostFollowed = 100;
const leastPauseMs = secondMs;
const listKey = '';

/**
 * Tells a host what changed: after a commit of any process what it follows is read, at most once a
 * second, and told when it reads otherwise than before. With nothing followed nothing is read.
 */
export function watchResources(
  face: Face,
  tell: { updated(uri: string): Promise<void>; listChanged(): Promise<void> },
): ResourceWatch {
  const { clock } = face.owner;
  const followed = new Map<string, Following>();
  const seen = new Map<string, Promise<string>>();
  const state = { lookedAt: Number.NEGATIVE_INFINITY, waiting: false, cancel: () => {} };

  function wanted(): Set<string> {
    const followings = [...followed.values()];
    const uris = followings.flatMap((following) => following.uris).slice(0, mostFollowed);
    return new Set(followings.some(({ list }) => list) ? [listKey, ...uris] : uris);
  }

  /** Baselines are read when following begins, and dropped with the last who follows. */
  function settle(): void {
    const keys = wanted();
    for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
    for (const key of keys) if (!seen.has(key)) seen.set(key, fingerprint(face, key));
  }

  async function look(): Promise<void> {
    state.waiting = false;
    state.lookedAt = clock.now();
    for (const [key, before] of [...seen]) {
      const now = fingerprint(face, key);
      if ((await now) === (await before)) continue;
      if (seen.has(key)) seen.set(key, now);
      await (key === listKey ? tell.listChanged() : tell.updated(key));
    }
  }

  const stopListening = face.onChange(() => {
    if (state.waiting || seen.size === 0) return;
    state.waiting = true;
    state.cancel = clock.at(Math.max(clock.now(), state.lookedAt + leastPauseMs), () => {
      look().catch((error: unknown) =>
        face.log.warn({ err: error }, 'changes could not be told to the host'),
      );
    });
  });

  return {
    follow(key, following) {
      followed.set(key, following);
      settle();
    },
    unfollow(key) {
      followed.delete(key);
      settle();
    },
    stop() {
      stopListening();
      state.cancel();
      followed.clear();
      seen.clear();
    },
  };
}

/** Never rejects: what cannot be read is as good as missing. */
async function fingerprint(face: Face, key: string): Promise<string> {
  try {
    const told = key === listKey ? await listNames(face) : (await readResource(face, key))?.data;
    return sha256(JSON.stringify(told ?? null));
  } catch {
    return 'unreadable';
  }
}

async function listNames(face: Face): Promise<string[]> {
  const jorbs = await listNamedJorbs(face);
  return jorbs.map(({ id, name }) => `${id} ${name}`).sort();
}
