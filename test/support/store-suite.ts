import type { Store } from '../../src/domain/store.ts';
import { describeBriefNews } from './store-suite-brief-news.ts';
import { describeBriefs } from './store-suite-briefs.ts';
import { describeDigests } from './store-suite-digests.ts';
import { describeExtensions } from './store-suite-extensions.ts';
import { describeExtensionsMeanwhile } from './store-suite-extensions-meanwhile.ts';
import { describeJorbs } from './store-suite-jorbs.ts';
import { describeLookBack } from './store-suite-look-back.ts';
import { describeMoves } from './store-suite-moves.ts';
import { describeOwner } from './store-suite-owner.ts';
import { describeRuntime } from './store-suite-runtime.ts';
import { describeStale } from './store-suite-stale.ts';

/** A store of its own for one test, closed by whoever made it. */
export type OpenStore = () => Promise<Store>;

/** What any implementation of the store has to do: jorbs, owner and runtime. */
export function describeStore(open: OpenStore): void {
  describeJorbs(open);
  describeMoves(open);
  describeOwner(open);
  describeBriefs(open);
  describeDigests(open);
  describeBriefNews(open);
  describeLookBack(open);
  describeRuntime(open);
  describeExtensions(open);
  describeExtensionsMeanwhile(open);
  describeStale(open);
}
