import { onTestFinished } from 'vitest';

/**
 * Closes at the end of the test what was not closed before. What was closed is let go of, so that a test
 * may open thousands of worlds one after the other.
 */
export function closeAtEnd(close: () => Promise<void>): () => Promise<void> {
  const left = [close];
  const closeOnce = async () => {
    await left.pop()?.();
  };
  onTestFinished(closeOnce);
  return closeOnce;
}
