import { z } from 'zod';
import type { Contract } from '../../domain/contract.ts';
import type { ContractRequest } from '../../domain/requests.ts';
import { hourMs } from '../../lib/duration.ts';
import { known, presentAmount, presentTime } from './fields.ts';

export const contractShape = z.record(z.string(), z.unknown()).describe('In the fields of create_jorb');

/** The limits in the fields in which `create_jorb` and `steer_jorb` take them: giving them back changes nothing. */
export function presentContract(contract: Contract): ContractRequest {
  const { money, messages, share, quietHours, deadlineAt, followUpMs, treatment } = contract;
  const amount = (minor: number) => presentAmount({ minor, currency: money.currency });
  return {
    currency: money.currency,
    spend_without_approval: amount(money.withoutApproval),
    messages_per_hour: messages.perHour,
    messages_per_day: messages.perDay,
    messages_per_contact_per_day: messages.perRecipientDay,
    share: share.map((entry) => ({
      field: entry.field,
      ...(entry.with !== 'all' && { with: entry.with }),
    })),
    follow_up_hours: followUpMs / hourMs,
    treatment,
    ...known({
      budget: money.budget === null ? null : amount(money.budget),
      offer_limit: money.offerLimit && {
        amount: amount(money.offerLimit.minor),
        per: money.offerLimit.per,
      },
      quiet_hours: quietHours && {
        from: quietHours.from,
        to: quietHours.to,
        time_zone: quietHours.timeZone,
      },
      deadline: deadlineAt === null ? null : presentTime(deadlineAt),
    }),
  };
}
