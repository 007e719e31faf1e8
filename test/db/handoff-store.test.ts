import { describe, onTestFinished } from 'vitest';
import { openTestStore } from '../support/store.ts';
import { describeHandoffs } from '../support/store-suite-handoffs.ts';
import { describeResets } from '../support/store-suite-resets.ts';

describe('the SQLite store', () => {
  const open = async () => {
    const harness = await openTestStore();
    onTestFinished(harness.close);
    return harness.store;
  };
  describeResets(open);
  describeHandoffs(open);
});
