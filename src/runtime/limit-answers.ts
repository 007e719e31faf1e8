import { type BrainAnswer, BrainError } from '../domain/brain.ts';
import type { Clock } from '../lib/clock.ts';
import { formatDuration } from '../lib/duration.ts';

type Answering<Request> = {
  name: string;
  step(request: Request, signal: AbortSignal): Promise<BrainAnswer>;
};

/** The same brain, but a step that takes longer than `timeoutMs` is aborted and no answer. */
export function limitAnswers<Request, Limited extends Answering<Request>>(
  brain: Limited & Answering<Request>,
  timeoutMs: number,
  clock: Clock,
): Limited {
  return {
    ...brain,
    async step(request: Request, signal: AbortSignal) {
      const timeout = new AbortController();
      const late = new BrainError(`${brain.name} did not answer within ${formatDuration(timeoutMs)}`, {
        kind: 'timeout',
      });
      const cut = new Promise<never>((_, reject) => {
        timeout.signal.addEventListener('abort', () => reject(late), { once: true });
      });
      const cancel = clock.at(clock.now() + timeoutMs, () => timeout.abort(late));
      try {
        return await Promise.race([brain.step(request, AbortSignal.any([signal, timeout.signal])), cut]);
      } finally {
        cancel();
      }
    },
  };
}
