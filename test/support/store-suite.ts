import type { Store } from '../../src/domain/store.ts';
import { describeBriefs } from './store-suite-briefs.ts';
import { describeJorbs } from './store-suite-jorbs.ts';
import { describeMoves } from './store-suite-moves.ts';
import { describeOwner } from './store-suite-owner.ts';
import { describeRuntime } from './store-suite-runtime.ts';

/** A store of its own for one test, closed by whoever made it. */
export type OpenStore = () => Promise<Store>;

/** What any implementation of the store has to do: jorbs, owner and runtime. */
export function describeStore(open: OpenStore): void {
  describeJorbs(open);
  describeMoves(open);
  describeOwner(open);
  describeBriefs(open);
  describeRuntime(open);
}
