import { and, count, eq } from 'drizzle-orm';
import type { SystemStatus } from '../domain/brief.ts';
import type { OwnerStore } from '../domain/store.ts';
import { lazy } from '../lib/lazy.ts';
import { buildListPending } from './approval-views.ts';
import type { AppendAudit } from './audit.ts';
import { buildBriefs } from './briefs.ts';
import { given, isOneOf, isWord, slot } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { buildJorbViews, type JorbViews } from './jorb-views.ts';
import { buildNextDue } from './next-due.ts';
import type { StoreParts } from './parts.ts';
import { buildStop, readStopped } from './stop.ts';
import { approval, outbox } from './tables/gate.ts';
import { batch, event } from './tables/inbox.ts';
import { owner, profileField, runtime } from './tables/owner.ts';

/** Each operation prepares its statements when it is first called: most processes only read. */
export function buildOwnerStore(db: Db, { audit }: StoreParts): OwnerStore {
  const views = lazy(() => buildJorbViews(db, buildContracts(db, audit)));
  const stop = lazy(() => buildStop(db, audit));
  const profile = lazy(() => buildProfile(db, audit));
  const briefs = lazy(() => buildBriefs(db, { views: views(), listPending: buildListPending(db) }));
  const readStatus = lazy(() => buildReadStatus(db, views()));
  return {
    stopEverything: (...given) => stop().stopEverything(...given),
    resumeEverything: (now) => stop().resumeEverything(now),
    listProfile: () => profile().listProfile(),
    setProfileField: (...given) => profile().setProfileField(...given),
    takeBrief: (...given) => briefs().takeBrief(...given),
    lookBack: (...given) => briefs().lookBack(...given),
    readStatus: (now) => readStatus()(now),
  };
}

function buildReadStatus(db: Db, views: JorbViews): OwnerStore['readStatus'] {
  const findNextDueAt = buildNextDue(db);
  const countPending = buildCountPending(db);
  const select = db.select().from(owner).prepare();
  const selectRuntime = db
    .select({ epoch: runtime.epoch, holder: runtime.holder, since: runtime.since })
    .from(runtime)
    .prepare();
  return (now) =>
    read(db, () => {
      const current = selectRuntime.get();
      return {
        stopped: readStopped(select.get()),
        jorbs: views.countByStatus(),
        pending: countPending(),
        nextDueAt: findNextDueAt({ epoch: current?.epoch ?? 0, staleMs: null }, now) ?? null,
        runtime: current ?? null,
      };
    });
}

function buildProfile(db: Db, audit: AppendAudit): Pick<OwnerStore, 'listProfile' | 'setProfileField'> {
  const list = db
    .select({ field: profileField.field, value: profileField.value })
    .from(profileField)
    .orderBy(profileField.field)
    .prepare();
  const put = db
    .insert(profileField)
    .values({ field: slot('field'), value: slot('value'), updatedAt: slot('now') })
    .onConflictDoUpdate({
      target: profileField.field,
      set: { value: given('value'), updatedAt: given('now') },
    })
    .prepare();
  const remove = db
    .delete(profileField)
    .where(eq(profileField.field, slot('field')))
    .prepare();
  return {
    listProfile: () => read(db, () => list.all()),
    setProfileField: (field, value, now) =>
      write(db, () => {
        if (value === null) remove.run({ field });
        else put.run({ field, value, now });
        // The value is private and may be removed again; the audit keeps what it is told for ever.
        audit({
          at: now,
          actor: 'owner',
          what: 'profile.changed',
          jorbRow: null,
          subject: field,
          after: { isSet: value !== null },
        });
      }),
  };
}

function buildCountPending(db: Db): () => SystemStatus['pending'] {
  const statements = {
    approvals: db
      .select({ count: count() })
      .from(approval)
      .where(isWord(approval.status, 'pending'))
      .prepare(),
    unmatched: db.select({ count: count() }).from(event).where(isWord(event.status, 'unmatched')).prepare(),
    openBatches: db.select({ count: count() }).from(batch).where(isWord(batch.status, 'open')).prepare(),
    queued: db.select({ count: count() }).from(outbox).where(isWord(outbox.status, 'queued')).prepare(),
    sending: db.select({ count: count() }).from(outbox).where(isWord(outbox.status, 'sending')).prepare(),
    unknown: db
      .select({ count: count() })
      .from(outbox)
      .where(and(isOneOf(outbox.status, ['unknown', 'failed']), isWord(outbox.status, 'unknown')))
      .prepare(),
  };
  return () => ({
    approvals: statements.approvals.get()?.count ?? 0,
    unmatched: statements.unmatched.get()?.count ?? 0,
    openBatches: statements.openBatches.get()?.count ?? 0,
    queued: statements.queued.get()?.count ?? 0,
    sending: statements.sending.get()?.count ?? 0,
    unknown: statements.unknown.get()?.count ?? 0,
  });
}
