import type { OpenStore } from './store-suite.ts';
import { describeAnswers } from './store-suite-answers.ts';
import { describeApprovals } from './store-suite-approvals.ts';
import { describeAsking } from './store-suite-asking.ts';
import { describeAwaiting } from './store-suite-awaiting.ts';
import { describeDecisions } from './store-suite-decisions.ts';
import { describeEffects } from './store-suite-effects.ts';
import { describeInbox } from './store-suite-inbox.ts';
import { describeLateReplies } from './store-suite-late-replies.ts';
import { describeMemory } from './store-suite-memory.ts';
import { describeModelMoney } from './store-suite-models.ts';
import { describeMoney } from './store-suite-money.ts';
import { describeNotices } from './store-suite-notices.ts';
import { describeOutage } from './store-suite-outage.ts';
import { describeOutbox } from './store-suite-outbox.ts';
import { describePromises } from './store-suite-promises.ts';
import { describeRetrieval } from './store-suite-retrieval.ts';
import { describeRouting } from './store-suite-routing.ts';
import { describeSchedules } from './store-suite-schedules.ts';
import { describeTurnEnds } from './store-suite-turn-ends.ts';
import { describeTurns } from './store-suite-turns.ts';

/** What any implementation of the store has to do: the way of a message in, the turn, and the way out. */
export function describePipelineStore(open: OpenStore): void {
  describeInbox(open);
  describeRouting(open);
  describeLateReplies(open);
  describeAsking(open);
  describeTurns(open);
  describeTurnEnds(open);
  describeDecisions(open);
  describeEffects(open);
  describeMoney(open);
  describeModelMoney(open);
  describeOutage(open);
  describeMemory(open);
  describePromises(open);
  describeRetrieval(open);
  describeAwaiting(open);
  describeOutbox(open);
  describeSchedules(open);
  describeNotices(open);
  describeApprovals(open);
  describeAnswers(open);
}
