import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 30_000,
    // No module has a state that one file of tests could leave to the next, and to load all anew took half the time.
    isolate: false,
    // Most of the time goes into waiting for child processes and the disk.
    maxWorkers: 3,
  },
});
