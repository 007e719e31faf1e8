import { z } from 'zod';
import { channelKinds } from './contact.ts';
import { treatments } from './contract.ts';
import { noticeKinds } from './notice.ts';

/*
 * What create_jorb and steer_jorb take. Types and names are checked here; lengths, amounts and dates by
 * the readers (`new-jorb.ts`, `steering.ts`), whose sentences say what would be right.
 */

const amount = z.string();
const notifyOn = z.array(z.string());

export const contractRequest = z
  .strictObject({
    currency: z.string().optional().describe('ISO 4217'),
    spend_without_approval: amount.optional().describe('Sum, such as "100.00"'),
    budget: amount.nullish().describe('Most in all, approved or not'),
    offer_limit: z
      .strictObject({ amount, per: z.string().describe('Such as night') })
      .nullish()
      .describe('Most per unit of an offer'),
    messages_per_hour: z.number().optional(),
    messages_per_day: z.number().optional(),
    messages_per_contact_per_day: z.number().optional(),
    share: z
      .array(
        z.strictObject({
          field: z.string(),
          with: z.array(z.string()).optional().describe('Names or addresses; default all'),
        }),
      )
      .optional()
      .describe('Private profile fields it may tell; default name'),
    quiet_hours: z
      .strictObject({ from: z.string().describe('HH:MM'), to: z.string(), time_zone: z.string() })
      .nullish()
      .describe("In the contacts' time zone"),
    deadline: z.string().nullish().describe('ISO 8601 with offset, or a date'),
    follow_up_hours: z.number().optional().describe('Ask again when unanswered'),
    treatment: z
      .record(z.string(), z.string())
      .optional()
      .describe(`message, new_recipient, share_info, cancel, commit, purchase: ${treatments.join(', ')}`),
  })
  .describe('Limits; what is left out has a default');
export type ContractRequest = z.infer<typeof contractRequest>;

export const contactRequest = z.strictObject({
  name: z.string(),
  channel: z.string().optional().describe(channelKinds.join(', ')),
  address: z.string().describe('On web: a host name it may ask by https'),
  ask: z.string().optional().describe('What to ask them, if not as in the plan'),
});
export type ContactRequest = z.infer<typeof contactRequest>;

export const createJorbRequest = z.strictObject({
  name: z.string(),
  plan: z.string().describe('What to achieve, and how'),
  phases: z.array(z.string()).optional(),
  contacts: z.array(contactRequest).describe('Everyone it may write to'),
  contract: contractRequest.optional(),
  start: z.boolean().optional().describe('Default true'),
  notify_on: notifyOn.optional().describe(`Mail at once, of ${noticeKinds.join(', ')}`),
  idempotency_key: z.string().optional(),
});
export type CreateJorbRequest = z.infer<typeof createJorbRequest>;

export const steerJorbRequest = z.strictObject({
  guidance: z.string().optional().describe('Words for the agent'),
  plan: z.string().optional(),
  phases: z.array(z.string()).optional(),
  contract: contractRequest.optional().describe('Only what changes; null lifts a limit'),
  add_contacts: z.array(contactRequest).optional(),
  remove_contacts: z.array(z.string()).optional().describe('Names or addresses'),
  notify_on: notifyOn.optional(),
});
export type SteerJorbRequest = z.infer<typeof steerJorbRequest>;
