import { z } from 'zod';
import type { Price } from '../../domain/action.ts';
import { consequences } from '../../domain/contract.ts';
import { parseAmount } from '../../lib/money.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { confidenceField, eventField, readEventOrNull } from './fields.ts';

const price = z.strictObject({
  amount: z.string().max(20).describe('Plain decimal, the total and not the price of one unit: 1156.00'),
  currency: z.string().min(3).max(3).describe('ISO 4217 code: USD'),
  quantity: z.int().min(1).max(10_000).describe('How many units the total is for: 4 nights are 4'),
  per: z.string().min(1).max(40).nullable().describe('The unit, such as "night"; null for one thing'),
});

export const sendMessage = defineTool({
  name: 'send_message',
  description:
    'Proposes one message to one contact. The gate decides whether it leaves, is refused, or waits for the owner. ' +
    'Use {{field}} (such as {{home_address}}) where a private field of the owner is needed; you never see its value.',
  shape: {
    to: z
      .string()
      .min(1)
      .max(200)
      .describe('Channel and address as the contract lists them: "loopback:magic"'),
    text: z.string().min(1).max(4000).describe('The exact text, plain, in the language of the contact'),
    price: price.nullable().describe('What sending this commits the owner to pay; null when nothing'),
    consequence: z
      .enum(consequences)
      .describe(
        'What sending this does: "message" for plain talk, "purchase", "commit", "cancel", "share_info". ' +
          'It can only make the gate stricter.',
      ),
    based_on: eventField('The event this answers'),
    confidence: confidenceField,
  },
  example: {
    to: 'loopback:magic',
    text: 'Hello, is a room free from March 17 to 21?',
    price: null,
    consequence: 'message',
    based_on: null,
    confidence: 0.9,
  },
  toEffect(given) {
    const basedOn = readEventOrNull(given.based_on, 'based_on');
    if (!basedOn.ok) return basedOn;
    const total = readPrice(given.price);
    if (!total.ok) return total;
    const { to, text, consequence: label, confidence } = given;
    return ok({
      kind: 'send_message',
      to,
      text,
      price: total.value,
      label,
      basedOn: basedOn.value,
      confidence,
    });
  },
});

function readPrice(given: z.infer<typeof price> | null): Result<Price | null, string> {
  if (given === null) return ok(null);
  const amount = parseAmount(given.amount, given.currency);
  if (!amount.ok) return err(`price: ${amount.error}`);
  return ok({ ...amount.value, quantity: given.quantity, per: given.per });
}
