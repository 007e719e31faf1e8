import { type NoticeKind, noticeKinds } from './notice.ts';
import { quote, refuseField } from './read-fields.ts';

/** What the owner wants to be mailed at once, each kind once; an empty list is nothing. */
export function readNotifyOn(given: readonly string[]): NoticeKind[] {
  const unknown = given.find((word) => !noticeKinds.some((kind) => kind === word));
  if (unknown !== undefined) {
    throw refuseField(
      'notify_on',
      `cannot hold ${quote(unknown)}; it is a list of ${noticeKinds.join(', ')}`,
    );
  }
  return noticeKinds.filter((kind) => given.includes(kind));
}

/** As it is kept: null is everything, those that later versions bring included. */
export function toNotifyOn(kinds: readonly NoticeKind[] | undefined): NoticeKind[] | null {
  return kinds === undefined || kinds.length === noticeKinds.length ? null : [...kinds];
}
