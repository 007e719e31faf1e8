/** What time brings: runs, mails to the owner, digests, handoffs, the progress log. */
import { type Guard, guard } from './guard.ts';
import { conditional, unique } from './sql.ts';

const by = 'what time brought stays as it was';
const made = 'drizzle/0004_time.sql';
const guarded = 'drizzle/0005_time_guards.sql';

function trigger(name: string, head: string): Guard {
  const on = `CREATE TRIGGER \`${name}\` ${head}`;
  return guard(`trigger ${name}`, by, guarded, `${on} BEGIN`, `${on} WHEN 0 BEGIN`);
}

export const calendar: Guard[] = [
  trigger('run_keeps', 'BEFORE UPDATE OF `schedule`, `slot`, `slot_at` ON `run`'),
  trigger('run_stays', 'BEFORE DELETE ON `run`'),
  conditional('run_ended_stays', by, 'BEFORE UPDATE OF `status` ON `run`', 'OLD.`status` IN', guarded),
  trigger('mail_keeps', 'BEFORE UPDATE OF `kind`, `key`, `subject`, `text`, `html` ON `mail`'),
  conditional('mail_sent_stays_sent', by, 'BEFORE UPDATE OF `status` ON `mail`', 'OLD.`status` IN', guarded),
  trigger('digest_keeps', 'BEFORE UPDATE ON `digest`'),
  trigger('digest_stays', 'BEFORE DELETE ON `digest`'),
  conditional(
    'handoff_keeps',
    by,
    'BEFORE UPDATE OF `jorb_id`, `reset_id`, `by`, `body`, `status` ON `handoff`',
    'OLD.`status` IN',
    guarded,
  ),
  trigger('handoff_stays', 'BEFORE DELETE ON `handoff`'),
  trigger('progress_entry_keeps', 'BEFORE UPDATE OF `reset_id`, `text` ON `progress_entry`'),
  unique('run_slot', by, '`run` (`schedule`,`slot`)', made),
  unique('mail_key_unique', by, '`mail` (`key`)', made),
  unique('handoff_once', by, '`handoff` (`reset_id`,`jorb_id`)', made),
  unique('reset_run_id_unique', by, '`reset` (`run_id`)', made),
  unique('progress_entry_reset_id_unique', by, '`progress_entry` (`reset_id`)', made),
  guard(
    'mail: what is unknown is not sent again',
    'a mail of which nobody knows',
    'src/db/mails.ts',
    ': { status: kind, availableAt: null, sentAt: null, receipt: null, error };',
    `: { status: 'queued', availableAt: retryAt, sentAt: null, receipt: null, error };`,
  ),
];
