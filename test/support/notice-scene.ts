import type { NewJorb } from '../../src/domain/new-jorb.ts';
import type { NoticeFact, RenderNotice } from '../../src/domain/notice.ts';
import type { Effect } from '../../src/domain/turn.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { allow, refuse, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

/** A store with a runtime, and what each mail told. */
export async function openScene(open: OpenStore) {
  const pipeline = await startPipeline(await open());
  const { store, fence } = pipeline;
  const mails: (readonly NoticeFact[])[] = [];
  const render: RenderNotice = (facts) => {
    mails.push(facts);
    return { name: 'notice', subject: `mail ${mails.length}`, text: 'text', html: 'html' };
  };
  const compose = (by: RenderNotice | null = render) =>
    store.composeNotices(fence, { render: by }, pipeline.now);
  return {
    pipeline,
    mails,
    compose,
    composeLater(ms = minuteMs) {
      pipeline.now += ms;
      return compose();
    },
    /** A jorb whose agent does this in its first turn. */
    async start(effects: Effect[], overrides: Partial<NewJorb> = {}, evaluate = allow) {
      const id = await pipeline.createJorb(overrides);
      await pipeline.takeTurn(effects, evaluate);
      return id;
    },
    nextDueAt: () => store.getNextDueAt(fence, { staleMs: 30 * dayMs }, pipeline.now),
    kinds: () => mails.map((facts) => facts.map(({ kind }) => kind)),
    async sendMail() {
      const mail = await store.claimMail(fence, pipeline.now);
      if (!mail) throw new Error('no mail is queued');
      const sent = { kind: 'sent', receipt: mail.key } as const;
      await store.settleMail(fence, mail.id, sent, pipeline.now, pipeline.now);
      return mail;
    },
  };
}

export const pause: Effect = { kind: 'pause', reason: 'They want a deposit.' };
export const complete: Effect = { kind: 'complete', outcome: 'Booked.', evidence: [] };
export const fail: Effect = { kind: 'fail', reason: 'They are full.' };
export const overBudget = refuse({ rule: 'budget', text: 'only $44.00 of the budget is left' });
