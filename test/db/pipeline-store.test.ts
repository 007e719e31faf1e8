import { describe, onTestFinished } from 'vitest';
import { openTestStore } from '../support/store.ts';
import { describePipelineStore } from '../support/store-suite-pipeline.ts';

describe('the SQLite store', () => {
  describePipelineStore(async () => {
    const harness = await openTestStore();
    onTestFinished(harness.close);
    return harness.store;
  });
});
