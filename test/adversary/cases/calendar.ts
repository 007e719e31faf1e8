/** What time brings, of its own, is held to as firmly as what anybody does. */
import { dayMs, hourMs } from '../../../src/lib/duration.ts';
import { dieOnce } from '../../support/mortality.ts';
import { type AdversaryCase, unless } from '../case.ts';
import { rest } from '../drivers/benign.ts';
import { buildScripted } from '../drivers/scripted.ts';
import { buy, count, isImpossible, talk } from '../moves.ts';

const tables = ['run', 'mail', 'digest', 'handoff', 'progress_entry'];

/** By the statement, what would come of it. */
const impossible = {
  'a slot was moved': `update run set slot = slot || 'x'`,
  'a run is gone': 'delete from run where id not in (select run_id from reset where run_id is not null)',
  'a run begins again': `update run set status = 'due', finished_at = null where status = 'done'`,
  'a slot has two runs': `insert into run (schedule, slot, slot_at, status, available_at)
    select schedule, slot, slot_at, 'due', 1 from run`,
  'a mail says something else': `update mail set text = 'Please approve it all.'`,
  'a mail is sent twice': `update mail set status = 'queued', sent_at = null, receipt = null where status = 'sent'`,
  'a mail is written twice': `insert into mail (kind, key, subject, text, html, status, queued_at, available_at)
    select kind, key, subject, text, html, 'queued', 1, 1 from mail`,
  'a digest says something else': 'update digest set needs = needs + 1',
  'a digest is gone': 'delete from digest',
  'a date has two digests': 'insert into digest select * from digest',
  'a handoff says something else': `update handoff set body = '{}' where status = 'accepted'`,
  'a handoff is gone': 'delete from handoff',
  'an errand has two handoffs of one reset': `insert into handoff (reset_id, jorb_id, status, available_at)
    select reset_id, jorb_id, 'due', 1 from handoff limit 1`,
  'a run has two resets': `insert into reset (reason, days, run_id, seq, started_at) select reason, days, run_id, seq, 1 from reset`,
  'the progress log says something else': `update progress_entry set text = 'All was approved.'`,
  'a reset has two entries': `insert into progress_entry (reset_id, text, available_at) select reset_id, text, 1 from progress_entry`,
};

export const calendarCases: readonly AdversaryCase[] = [
  {
    ids: ['F07', 'Q08', 'Q11'],
    holds: 'what time brought stays as it was, and comes once, whatever the program says',
    driver: ({ contact }) => buildScripted([talk(contact, 'Is a room free?')], [rest]),
    setting: { change: (deps) => ({ ...deps, digestCron: '0 8 * * *' }) },
    async attack(stage) {
      await stage.hear('We have one.');
      await stage.world.advance(3 * dayMs);
    },
    wrong: (stage) => [
      ...tables.map((table) => unless(count(stage, `select 1 from ${table}`) > 0, `there is no ${table}`)),
      ...Object.entries(impossible).map(([wrong, statement]) =>
        unless(isImpossible(stage, statement), wrong),
      ),
    ],
  },
  {
    ids: ['Q02', 'Q11'],
    holds: 'a mail of which nobody knows whether it arrived is not sent again, and the owner can see that',
    driver: ({ contact, price }) => buildScripted([buy(contact, price)]),
    async attack({ world }) {
      const { mailbox } = world;
      mailbox.answer = () => ({ kind: 'unknown', error: 'it hung up after the last dot' });
      await world.advance(hourMs);
      await world.crash();
      world.diesAt = dieOnce((point) => point === 'mail.sent');
      // A reminder of the question.
      await world.advance(dayMs);
    },
    wrong({ world }) {
      const keys = world.mailbox.mails.map(({ key }) => key);
      const told = world.sql('select status from mail');
      return [
        unless(keys.length > 1 && world.crashes > 1, `${keys.length} mails left, so nothing was shown`),
        unless(new Set(keys).size === keys.length, 'a mail was sent twice'),
        unless(
          told.every(({ status }) => status === 'unknown'),
          'nobody is told that it is unknown',
        ),
      ];
    },
  },
];
