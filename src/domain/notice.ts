/** What the owner may want to hear of at once. */
export const noticeKinds = [
  'pause',
  'complete',
  'fail',
  'approval',
  'reminder',
  'budget',
  'late_reply',
  'handoff',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** `dropped`: it was not wanted, or not true any more when it would have been mailed. */
export const noticeStatuses = ['open', 'mailed', 'dropped'] as const;
