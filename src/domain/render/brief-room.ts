import type { Brief, BriefMessage, Highlight } from '../brief.ts';
import { renderLineWithin } from './within.ts';

/**
 * How much of a brief is told: entries of a list that the owner should act on or know of, entries of any other
 * list, and bytes of any one text.
 */
export type BriefRoom = { needs: number; rest: number; bytes: number };

/** Tried in order: texts get shorter first, then the rest goes, and what needs the owner last. */
export const briefRooms: readonly BriefRoom[] = [
  { needs: 5, rest: 5, bytes: 300 },
  { needs: 5, rest: 5, bytes: 180 },
  { needs: 5, rest: 4, bytes: 140 },
  { needs: 5, rest: 3, bytes: 110 },
  { needs: 5, rest: 2, bytes: 90 },
  { needs: 5, rest: 1, bytes: 80 },
  { needs: 5, rest: 0, bytes: 80 },
  { needs: 4, rest: 0, bytes: 60 },
  { needs: 3, rest: 0, bytes: 48 },
  { needs: 2, rest: 0, bytes: 40 },
  { needs: 1, rest: 0, bytes: 32 },
  { needs: 1, rest: 0, bytes: 16 },
];

/** The same brief with less of it; `more` counts what was left out. Questions stay whole: they are cut where they are shown. */
export function shortenBrief(brief: Brief, { needs, rest, bytes }: BriefRoom): Brief {
  const line = (text: string) => renderLineWithin(text, bytes);
  const lineOrNull = (text: string | null) => (text === null ? null : line(text));
  const act = <Item>(list: Item[]) => list.slice(0, needs);
  const know = <Item>(list: Item[]) => list.slice(0, rest);
  const left = (list: readonly unknown[], most: number) => Math.max(0, list.length - most);
  const shortenMessage = (message: BriefMessage) => ({ ...message, text: line(message.text) });
  const shortenHighlight = (highlight: Highlight) => ({ ...highlight, text: line(highlight.text) });
  const { more } = brief;
  return {
    ...brief,
    approvals: act(brief.approvals),
    paused: act(brief.paused).map((jorb) => ({ ...jorb, reason: lineOrNull(jorb.reason) })),
    failed: act(brief.failed).map((jorb) => ({ ...jorb, reason: lineOrNull(jorb.reason) })),
    problems: act(brief.problems).map((problem) => ({
      ...problem,
      text: line(problem.text),
      error: lineOrNull(problem.error),
    })),
    unmatched: act(brief.unmatched).map((item) => ({
      ...item,
      event: { ...item.event, text: line(item.event.text) },
      reason: line(item.reason),
      suggestion: item.suggestion && { ...item.suggestion, reason: line(item.suggestion.reason) },
    })),
    failures: act(brief.failures).map(shortenHighlight),
    lateReplies: act(brief.lateReplies).map(shortenMessage),
    promises: act(brief.promises).map((promise) => ({ ...promise, text: line(promise.text) })),
    upcoming: know(brief.upcoming).map((next) => ({ ...next, reason: lineOrNull(next.reason) })),
    highlights: know(brief.highlights).map(shortenHighlight),
    completed: know(brief.completed).map((jorb) => ({ ...jorb, outcome: lineOrNull(jorb.outcome) })),
    messages: know(brief.messages).map(shortenMessage),
    jorbs: know(brief.jorbs),
    more: {
      approvals: more.approvals + left(brief.approvals, needs),
      paused: more.paused + left(brief.paused, needs),
      failed: more.failed + left(brief.failed, needs),
      problems: more.problems + left(brief.problems, needs),
      unmatched: more.unmatched + left(brief.unmatched, needs),
      failures: more.failures + left(brief.failures, needs),
      lateReplies: more.lateReplies + left(brief.lateReplies, needs),
      promises: more.promises + left(brief.promises, needs),
      completed: more.completed + left(brief.completed, rest),
      jorbs: more.jorbs + left(brief.jorbs, rest),
    },
  };
}
