import { describe, onTestFinished } from 'vitest';
import { openTestStore } from '../support/store.ts';
import { describeStore } from '../support/store-suite.ts';

describe('the SQLite store', () => {
  describeStore(async () => {
    const harness = await openTestStore();
    onTestFinished(harness.close);
    return harness.store;
  });
});
