/** Public names of rows. They count up within one data folder and are never used again. */
export type Id<Kind extends string> = `${Kind}_${number}`;

export type JorbId = Id<'jorb'>;
export type AddressId = Id<'address'>;
export type ConversationId = Id<'conversation'>;
export type EventId = Id<'event'>;
export type BatchId = Id<'batch'>;
export type TurnId = Id<'turn'>;
export type DecisionId = Id<'decision'>;
export type ActionId = Id<'action'>;
export type ApprovalId = Id<'approval'>;
export type OutboxId = Id<'outbox'>;
export type FactId = Id<'fact'>;
export type PromiseId = Id<'promise'>;
export type ModelCallId = Id<'call'>;
export type RunId = Id<'run'>;
export type MailId = Id<'mail'>;
export type ResetId = Id<'reset'>;
export type HandoffId = Id<'handoff'>;
export type ProgressId = Id<'progress'>;

/** Undefined unless the text is exactly an id of that kind. */
export function parseId<Kind extends string>(kind: Kind, text: string): Id<Kind> | undefined {
  return new RegExp(`^${kind}_[1-9]\\d{0,14}$`).test(text) ? (text as Id<Kind>) : undefined;
}
