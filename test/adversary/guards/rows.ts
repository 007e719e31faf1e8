/** What the file holds to, whatever the program says. */
import { type Guard, guard } from './guard.ts';
import { conditional, trigger } from './sql.ts';

export const written: Guard[] = [
  trigger('audit_keeps', 'BEFORE UPDATE ON `audit`'),
  trigger('audit_stays', 'BEFORE DELETE ON `audit`'),
  trigger('contract_keeps', 'BEFORE UPDATE ON `contract`'),
  trigger('contract_stays', 'BEFORE DELETE ON `contract`'),
  trigger('decision_keeps', 'BEFORE UPDATE ON `decision`'),
  trigger('decision_stays', 'BEFORE DELETE ON `decision`'),
  trigger('event_stays', 'BEFORE DELETE ON `event`'),
  trigger(
    'event_keeps',
    'BEFORE UPDATE OF `channel`, `account`, `external_id`, `conversation_id`, `batch_id`, `text`, `in_reply_to`, `sent_at`, `received_at`, `grade` ON `event`',
    'drizzle/0003_brain_guards.sql',
  ),
  trigger(
    'action_keeps',
    'BEFORE UPDATE OF `jorb_id`, `turn_id`, `decision_id`, `payload`, `hash`, `contract_version`, `edit_of` ON `action`',
  ),
  trigger(
    'approval_keeps',
    'BEFORE UPDATE OF `action_id`, `jorb_id`, `hash`, `contract_version` ON `approval`',
  ),
  trigger(
    'outbox_keeps',
    'BEFORE UPDATE OF `action_id`, `jorb_id`, `address_id`, `key`, `text`, `hash` ON `outbox`',
  ),
  conditional(
    'outbox_sent_stays_sent',
    'what was written stays',
    'BEFORE UPDATE OF `status` ON `outbox`',
    'OLD.`status` IN',
  ),
  conditional(
    'approval_answered_once',
    'not answered again',
    'BEFORE UPDATE OF `status` ON `approval`',
    'OLD.`status` <>',
  ),
  conditional(
    'jorb_finished_stays',
    'that has ended does not begin',
    'BEFORE UPDATE OF `status` ON `jorb`',
    'OLD.`status` IN',
  ),
  conditional(
    'runtime_epoch_rises',
    'what was written stays',
    'BEFORE UPDATE OF `epoch` ON `runtime`',
    'NEW.`epoch` <=',
  ),
  trigger('model_call_stays', 'BEFORE DELETE ON `model_call`', 'drizzle/0003_brain_guards.sql'),
  trigger(
    'promise_keeps',
    'BEFORE UPDATE OF `jorb_id`, `by`, `address_id`, `text`, `due_at`, `source_event_id`, `turn_id`, `at` ON `promise`',
    'drizzle/0003_brain_guards.sql',
  ),
  conditional(
    'model_call_settled_once',
    'what was promised stays as it was said',
    'BEFORE UPDATE ON `model_call`',
    'OLD.`status` <>',
    'drizzle/0003_brain_guards.sql',
  ),
  conditional(
    'promise_closed_once',
    'what was promised stays as it was said',
    'BEFORE UPDATE OF `status` ON `promise`',
    'OLD.`status` <>',
    'drizzle/0003_brain_guards.sql',
  ),
  guard(
    'row: a yes is confirmed',
    'what was written stays',
    'drizzle/0000_init.sql',
    `CONSTRAINT "approval_yes_is_confirmed" CHECK(`,
    `CONSTRAINT "approval_yes_is_confirmed" CHECK(1 or `,
  ),
  guard(
    'row: a contract is the owner’s',
    'what was written stays',
    'drizzle/0000_init.sql',
    `CONSTRAINT "contract_by" CHECK(`,
    `CONSTRAINT "contract_by" CHECK(1 or `,
  ),
  guard(
    'row: money is not negative',
    'what was written stays',
    'drizzle/0000_init.sql',
    `CONSTRAINT "ledger_minor" CHECK(`,
    `CONSTRAINT "ledger_minor" CHECK(1 or `,
  ),
];
