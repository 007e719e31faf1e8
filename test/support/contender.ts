/** A process that seeks the lock named by its argument, and says when it has it. */

import { systemClock } from '../../src/lib/clock.ts';
import { openLog } from '../../src/lib/log.ts';
import { seekLock } from '../../src/runtime/election.ts';

const [file = ''] = process.argv.slice(2);
seekLock(file, {
  clock: systemClock,
  log: openLog('error'),
  isWatched: () => false,
  gained(lock) {
    process.send?.('gained');
    process.on('message', () => lock.release());
  },
});
process.send?.('stands');
process.on('message', () => {});
