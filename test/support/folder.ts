import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findTestRoot } from './test-root.ts';

/** An empty folder of this test's own, gone when the test ends. */
export function makeTestFolder(): string {
  const folder = mkdtempSync(join(findTestRoot(), 'jorbs-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
