import { count } from 'drizzle-orm';
import type { Approval } from '../domain/approval.ts';
import type { Asked, DigestApproval } from '../domain/digest.ts';
import { excerpt, fullRoom } from '../domain/digest-room.ts';
import { buildListProblems } from './brief-attention.ts';
import { buildListLateReplies } from './brief-failures.ts';
import { isWord } from './clauses.ts';
import type { Db } from './connection.ts';
import type { Gather, Told } from './digest-parts.ts';
import { buildReadInbox } from './inbox-owner.ts';
import type { JorbViews } from './jorb-views.ts';
import { toRow } from './rows.ts';
import { approval } from './tables/gate.ts';

/** What the owner is asked now, the oldest first. */
export function buildGatherApprovals(db: Db, listPending: (limit: number) => Approval[]) {
  const pending = db
    .select({ count: count() })
    .from(approval)
    .where(isWord(approval.status, 'pending'))
    .prepare();
  return (): Told<DigestApproval> => {
    const items = listPending(fullRoom.approvals).map(toDigestApproval);
    return { items, more: (pending.get()?.count ?? 0) - items.length };
  };
}

function toDigestApproval({
  id,
  jorb,
  askedAt,
  expiresAt,
  action,
  recipientName,
  quote,
}: Approval): DigestApproval {
  return {
    id,
    jorb,
    askedAt,
    expiresAt,
    asked: toAsked(action.payload, recipientName),
    because: action.findings.map(({ consequence, because: text }) => ({ consequence, text })),
    quote: quote && { ...quote, text: excerpt(quote.text, fullRoom.characters) },
  };
}

function toAsked(payload: Approval['action']['payload'], name: string | null): Asked {
  switch (payload.kind) {
    case 'send_message': {
      const { to, text, price } = payload;
      return { kind: 'send', to, name, text: excerpt(text, fullRoom.asked), price };
    }
    case 'ask_owner':
      return { kind: 'question', text: excerpt(payload.question, fullRoom.asked) };
    case 'change_contract': {
      const { contract, counterparties: names = [], extension = null } = payload;
      return { kind: 'contract', contract, names, extension };
    }
  }
}

/** What waits in the inbox now, the newest first. */
export function buildGatherUnmatched(db: Db): Gather<'unmatched'> {
  const readInbox = buildReadInbox(db);
  return () => {
    const { items, total } = readInbox({ limit: fullRoom.items, offset: 0 });
    return {
      items: items.map(({ event, ...item }) => ({
        ...item,
        id: event.id,
        channel: event.channel,
        address: event.address,
        text: excerpt(event.text, fullRoom.characters),
        at: event.receivedAt,
      })),
      more: total - items.length,
    };
  };
}

/** Messages that did not arrive, or may not have. */
export function buildGatherProblems(db: Db): Gather<'problems'> {
  const listProblems = buildListProblems(db);
  return ({ news }) => {
    const items = listProblems(news, fullRoom.items);
    return {
      items: items.map((problem) => ({ ...problem, text: excerpt(problem.text, fullRoom.characters) })),
      more: news.count('message.unknown') + news.count('message.failed') - items.length,
    };
  };
}

/** What was answered to jorbs that had ended. */
export function buildGatherLateReplies(db: Db, views: JorbViews): Gather<'lateReplies'> {
  const listLateReplies = buildListLateReplies(db);
  return ({ news }) => {
    const items = listLateReplies(news, fullRoom.items).map((entry) => ({
      ...entry,
      text: excerpt(entry.text, fullRoom.characters),
      jorbName: views.findRow(toRow(entry.jorbId))?.name ?? entry.jorbId,
    }));
    return { items, more: Math.max(0, news.count('message.late') - items.length) };
  };
}
