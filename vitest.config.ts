import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 30_000,
    // Most of the time goes into waiting for child processes and the disk.
    maxWorkers: 3,
  },
});
