import type { Fence } from '../domain/fence.ts';
import type { Mailer } from '../domain/mail.ts';
import { renderDigest } from '../domain/render/digest/digest.ts';
import { renderNeedCount } from '../domain/render/need-count.ts';
import type { CarryOut } from '../domain/schedule.ts';
import type { Store } from '../domain/store.ts';

export type DigestRunDeps = {
  store: Pick<Store, 'composeDigest'>;
  mailer: Pick<Mailer, 'kind' | 'target'>;
  timeZone: () => string;
  sendsEmptyDigests: boolean;
};

/** The digest of one day: that of the slot, however late it is carried out. */
export function buildDigestRun(deps: DigestRunDeps, fence: Fence): CarryOut {
  const { store, mailer, timeZone, sendsEmptyDigests: sendsEmpty } = deps;
  return async ({ slot }, now) => {
    const zone = timeZone();
    const date = slot.slice(0, 'YYYY-MM-DD'.length);
    const outcome = await store.composeDigest(
      fence,
      { date, render: (digest) => renderDigest(digest, zone), sendsEmpty },
      now,
    );
    if (outcome.kind === 'empty') return 'nothing happened and nothing waits: no mail';
    const way = mailer.kind === 'folder' ? `queued for ${mailer.target}` : 'queued';
    return `${way}, ${renderNeedCount(outcome.needs)}`;
  };
}
