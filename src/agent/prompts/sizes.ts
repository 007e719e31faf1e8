/**
 * The most characters that the parts of a prompt take, marks and headings included. What is constant is
 * never cut to fit: the history gives way, down to its least.
 */
export const sizes = {
  input: 60_000,
  /** A plan as long as an owner may write it, its indentation included. */
  plan: 24_000,
  /** Of all contacts together: what to ask them. */
  asks: 3000,
  contractWords: 3000,
  leastHistory: 4000,
  /**
   * What the last context handed over: its status, its remarks and its other lines together. Beside a plan at
   * its longest it comes on top of `input`.
   */
  handoff: 6500,
  status: 600,
  remarks: 1200,
  /** Lines of the progress log from before that. */
  progress: 2000,
  /** The text of one past message, and the value of one fact. */
  pastMessage: 1600,
  fact: 500,
  thisTurn: 20_000,
  /** New messages get what the other parts of the turn leave, and never less. */
  leastNewMessages: 4000,
  /** One message to be routed, and what tells of the jorbs it may belong to. */
  routedMessages: 6000,
  candidates: 8000,
} as const;

export const longestName = 64;
