import { shorten } from '../../../lib/text.ts';
import type { Digest, DigestRest, DigestStory } from '../../digest.ts';
import { type DigestRoom, type Excerpt, fullRoom, shortenExcerpt } from '../../digest-room.ts';

/**
 * From what is read to what always has room, were every character one that takes twelve bytes to write: the
 * first that the mail fits into is taken.
 */
export const rooms: readonly DigestRoom[] = [
  fullRoom,
  buildRoom({ approvals: 20, items: 30, stories: 30, messages: 30, decisions: 3 }, [4000, 800, 600]),
  buildRoom({ approvals: 20, items: 24, stories: 24, messages: 14, decisions: 3 }, [2000, 400, 400]),
  buildRoom({ approvals: 15, items: 16, stories: 16, messages: 7, decisions: 2 }, [1500, 280, 300]),
  buildRoom({ approvals: 12, items: 12, stories: 10, messages: 5, decisions: 2 }, [1000, 200, 200]),
  buildRoom({ approvals: 10, items: 8, stories: 8, messages: 3, decisions: 1 }, [600, 140, 120]),
  buildRoom({ approvals: 6, items: 4, stories: 4, messages: 2, decisions: 1 }, [300, 80, 80]),
  buildRoom({ approvals: 4, items: 3, stories: 3, messages: 1, decisions: 1 }, [150, 50, 40]),
];

type Counts = Omit<DigestRoom, 'asked' | 'characters' | 'line'>;

function buildRoom(counts: Counts, [asked, characters, line]: [number, number, number]): DigestRoom {
  return { ...counts, asked, characters, line };
}

/** The same digest in less room: each list keeps its first, and says how many more there are. */
export function fitDigest(digest: Digest, room: DigestRoom): Digest {
  return shortenTexts(takeFew(digest, room), room);
}

/** The least that the texts of a digest take in such a room: found without writing any of it. */
export function computeLeastLength(digest: Digest, room: DigestRoom): number {
  return measureTexts(takeFew(digest, room), room);
}

function takeFew(digest: Digest, room: DigestRoom): Digest {
  const { items } = room;
  const { more, costs } = digest;
  const over = (list: readonly unknown[], most: number) => Math.max(0, list.length - most);
  const rest: DigestRest = {
    approvals: more.approvals + over(digest.approvals, room.approvals),
    unmatched: more.unmatched + over(digest.unmatched, items),
    problems: more.problems + over(digest.problems, items),
    lateReplies: more.lateReplies + over(digest.lateReplies, items),
    failures: more.failures + over(digest.failures, items),
    active: more.active + over(digest.active, items),
    ended: more.ended + over(digest.ended, items),
    highlights: more.highlights + over(digest.highlights, items),
    stories: more.stories + over(digest.stories, room.stories),
    costs: more.costs + over(costs.jorbs, items),
  };
  return {
    ...digest,
    approvals: digest.approvals.slice(0, room.approvals),
    unmatched: digest.unmatched.slice(0, items),
    problems: digest.problems.slice(0, items),
    lateReplies: digest.lateReplies.slice(0, items),
    failures: digest.failures.slice(0, items),
    active: digest.active.slice(0, items),
    ended: digest.ended.slice(0, items),
    // In the order of time: the newest are the last.
    highlights: digest.highlights.slice(-items),
    stories: digest.stories.slice(0, room.stories).map((story) => fitStory(story, room)),
    costs: { ...costs, jorbs: costs.jorbs.slice(0, items) },
    more: rest,
  };
}

function fitStory(story: DigestStory, room: DigestRoom): DigestStory {
  const messages = story.messages.slice(-room.messages);
  const decisions = story.decisions.slice(-room.decisions);
  return {
    ...story,
    messages,
    moreMessages: story.moreMessages + story.messages.length - messages.length,
    decisions,
    moreDecisions: story.moreDecisions + story.decisions.length - decisions.length,
  };
}

/** Every text within a value, by what it is: what is to be approved has more room than what it is told with. */
function shortenTexts<T>(value: T, room: DigestRoom, most = room.characters): T {
  if (typeof value === 'string') return shorten(value, room.line) as T;
  if (Array.isArray(value)) return value.map((each) => shortenTexts(each, room, most)) as T;
  if (value === null || typeof value !== 'object') return value;
  if (isExcerpt(value)) return shortenExcerpt(value, most) as T;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    shortenTexts(each, room, key === 'asked' ? room.asked : most),
  ]);
  return Object.fromEntries(entries);
}

function measureTexts(value: unknown, room: DigestRoom, most = room.characters): number {
  if (typeof value === 'string') return Math.min(value.length, room.line);
  if (value === null || typeof value !== 'object') return 0;
  if (isExcerpt(value)) return Math.min(value.text.length, most);
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + measureTexts(each, room, key === 'asked' ? room.asked : most),
    0,
  );
}

function isExcerpt(value: object): value is Excerpt {
  return 'text' in value && 'length' in value && typeof value.length === 'number';
}
