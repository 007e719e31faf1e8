import { secondMs } from '../lib/duration.ts';
import type { Face } from '../runtime/face.ts';
import type { ToolCall } from './define-tool.ts';

const progressMs = 5 * secondMs;

/**
 * Waits until `read` gives something else than at first, the time is up or the host loses interest, and
 * tells whether it changed. Tells the host every five seconds that it still waits, if it wants to know.
 */
export async function waitForChange(
  face: Face,
  call: ToolCall,
  wait: { seconds: number; read: () => Promise<string> },
): Promise<boolean> {
  const { clock } = face.owner;
  const { signal } = call.request.mcpReq;
  const startedAt = clock.now();
  const endsAt = startedAt + wait.seconds * secondMs;
  const bell = buildBell();
  const stops = [face.onChange(bell.ring), clock.at(endsAt, bell.ring)];
  signal.addEventListener('abort', bell.ring);
  const stopProgress = startProgress(face, call, wait.seconds);
  try {
    const first = await wait.read();
    while (clock.now() < endsAt && !signal.aborted) {
      await bell.rung();
      if ((await wait.read()) !== first) return true;
    }
    return false;
  } finally {
    for (const stop of stops) stop();
    stopProgress();
    signal.removeEventListener('abort', bell.ring);
  }
}

/** Rings once for any number of rings since it was last heard, so that none is missed while reading. */
function buildBell(): { ring: () => void; rung: () => Promise<void> } {
  const state = { ringing: false, wake: () => {} };
  return {
    ring() {
      state.ringing = true;
      state.wake();
    },
    async rung() {
      if (!state.ringing) await new Promise<void>((resolve) => (state.wake = resolve));
      state.ringing = false;
    },
  };
}

/** Progress that cannot be told is no reason to fail: the host may be gone. */
function startProgress({ owner: { clock } }: Face, { request }: ToolCall, seconds: number): () => void {
  const progressToken = request.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  const startedAt = clock.now();
  const timer = { cancel: () => {} };
  const arm = () => {
    timer.cancel = clock.at(clock.now() + progressMs, () => {
      const progress = Math.round((clock.now() - startedAt) / secondMs);
      const params = { progressToken, progress, total: seconds, message: 'waiting for a change' };
      request.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
      arm();
    });
  };
  arm();
  return () => timer.cancel();
}
