import { z } from 'zod';
import { type Money, mostMinor } from '../lib/money.ts';
import { channelKinds } from './contact.ts';

/** The class of an effect, mildest first. The gate raises it by what it finds and never lowers it. */
export const consequences = [
  'none',
  'message',
  'new_recipient',
  'share_info',
  'cancel',
  'commit',
  'purchase',
] as const;
export type Consequence = (typeof consequences)[number];

/** How an effect of one class is treated, freest first. `within_limit` asks above `withoutApproval`. */
export const treatments = ['allow', 'within_limit', 'ask', 'refuse'] as const;
export type Treatment = (typeof treatments)[number];

const minor = z.int().min(0).max(mostMinor);
const count = z.int().min(0).max(1000);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * The limits the owner agreed for one jorb. Data, never prose: the gate reads it, no model writes it.
 * Stored whole, one row for each version.
 */
export const contractSchema = z.strictObject({
  /** Addresses the agent may write to. */
  counterparties: z.array(z.strictObject({ channel: z.enum(channelKinds), address: z.string() })),
  money: z.strictObject({
    currency: z.string(),
    /** What the jorb may spend in all without a question, where a treatment is `within_limit`. */
    withoutApproval: minor,
    /** What it may commit in all, approved or not. Null: bounded only by each approval. */
    budget: minor.nullable(),
    /** The most a single unit of an offer may cost, such as one night. */
    offerLimit: z.strictObject({ minor, per: z.string() }).nullable(),
  }),
  messages: z.strictObject({ perHour: count, perDay: count, perRecipientDay: count }),
  /** Profile fields that may be told without a question, and to whom: all counterparties, or address keys. */
  share: z.array(
    z.strictObject({ field: z.string(), with: z.union([z.literal('all'), z.array(z.string())]) }),
  ),
  /** When the counterparties are not to be written to, in their own time zone; may pass midnight. */
  quietHours: z.strictObject({ from: clockTime, to: clockTime, timeZone: z.string() }).nullable(),
  deadlineAt: z.int().nullable(),
  /** How long to wait for an answer before asking once more. */
  followUpMs: z.int().min(1000),
  treatment: z.strictObject({
    message: z.enum(treatments),
    new_recipient: z.enum(treatments),
    share_info: z.enum(treatments),
    cancel: z.enum(treatments),
    commit: z.enum(treatments),
    purchase: z.enum(treatments),
  }),
});
export type Contract = z.infer<typeof contractSchema>;

/** What an owner gets without saying anything, and the most a chat assistant may set without a human. */
export type ContractDefaults = Pick<Contract, 'money' | 'messages' | 'followUpMs' | 'treatment' | 'share'>;

/** `spendLimit` is `AGENT_SPEND_LIMIT`: what may be spent without approval. */
export function defaultContract(spendLimit: Money): ContractDefaults {
  return {
    money: {
      currency: spendLimit.currency,
      withoutApproval: spendLimit.minor,
      budget: null,
      offerLimit: null,
    },
    messages: { perHour: 20, perDay: 50, perRecipientDay: 10 },
    share: [{ field: 'name', with: 'all' }],
    followUpMs: 24 * 3_600_000,
    treatment: {
      message: 'allow',
      new_recipient: 'ask',
      share_info: 'ask',
      cancel: 'ask',
      commit: 'ask',
      purchase: 'ask',
    },
  };
}
