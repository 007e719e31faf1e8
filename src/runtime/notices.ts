import type { Fence } from '../domain/fence.ts';
import type { Mailer } from '../domain/mail.ts';
import type { NoticeStore } from '../domain/notice.ts';
import { buildRenderNotice } from '../domain/render/notice/notice.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Failpoint, Stage } from './stage.ts';

export type NoticesDeps = {
  store: NoticeStore;
  clock: Clock;
  log: Log;
  mailer: Pick<Mailer, 'kind'>;
  timeZone: () => string;
  failpoint: Failpoint;
};

/**
 * Writes the owner one mail about what happened, or nothing. It is queued with what it tells, so a crash
 * afterwards leaves it to the mailer. Into a folder nobody looks at once: there, notices are dropped.
 */
export function buildNotices(deps: NoticesDeps, fence: Fence): Stage {
  const { store, clock, log, mailer, failpoint } = deps;
  const render = mailer.kind === 'smtp' ? buildRenderNotice(deps.timeZone) : null;
  return {
    name: 'notices',
    async tick() {
      const composed = await store.composeNotices(fence, { render }, clock.now());
      if (composed === undefined) return false;
      failpoint('notices.composed');
      log.info(composed, 'notices composed');
      return true;
    },
  };
}
