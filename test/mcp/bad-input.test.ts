import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { escapeInvisible, shorten } from '../../src/lib/text.ts';
import { askToBook, hotel, readRows } from './errand.ts';
import { eras, openHost } from './open-host.ts';

const sentences = join(import.meta.dirname, '__snapshots__', 'bad-input.txt');
const long = 'x'.repeat(200_000);
const magic = { name: 'Magic', channel: 'loopback', address: 'magic' };
const bidi = 'Magic\u202Ecigam';

/** What a tool is given, and the word that its one sentence must hold: the field. */
const table: [string, Record<string, unknown>, string][] = [
  ['get_jorb', {}, 'id'],
  ['get_jorb', { id: 7 }, 'id'],
  ['get_jorb', { id: null }, 'id'],
  ['get_jorb', { id: ['jorb_1'] }, 'id'],
  ['get_jorb', { id: long }, 'id'],
  ['get_jorb', { id: 'jorb_999' }, 'jorb_999'],
  ['get_jorb', { id: 'jorb_0' }, 'jorb'],
  ['get_jorb', { id: 'event_1' }, 'jorb'],
  ['get_jorb', { id: '' }, 'jorb'],
  ['get_jorb', { id: 'jorb_1', wait_seconds: 26 }, 'wait_seconds'],
  ['get_jorb', { id: 'jorb_1', wait_seconds: -1 }, 'wait_seconds'],
  ['get_jorb', { id: 'jorb_1', wait_seconds: 1.5 }, 'wait_seconds'],
  ['get_jorb', { id: 'jorb_1', wait_seconds: Number.NaN }, 'wait_seconds'],
  ['get_jorb', { id: 'jorb_1', wait_seconds: '5' }, 'wait_seconds'],
  ['get_jorb', { id: 'jorb_1', messages: 51 }, 'messages'],
  ['get_jorb', { id: 'jorb_1', offset: Number.POSITIVE_INFINITY }, 'offset'],
  ['get_jorb', { id: 'jorb_1', ID: 'jorb_1' }, 'ID'],
  ['get_jorb', { id: 'jorb_1', [`${long}\u202E`]: 1 }, 'xxx'],
  ['list_jorbs', { filter: 'running!' }, 'filter'],
  ['list_jorbs', { limit: 0 }, 'limit'],
  ['list_jorbs', { limit: 51 }, 'limit'],
  ['list_inbox', { offset: -1 }, 'offset'],
  ['list_decisions', { jorb_id: 'jorb_999' }, 'jorb_999'],
  ['list_decisions', { jorb_id: 'event_1' }, 'jorb'],
  ['list_decisions', { status: 'sent' }, 'status'],
  ['list_decisions', { since: 'yesterday' }, 'since'],
  ['list_decisions', { since: '2026-13-45' }, 'since'],
  ['list_decisions', { since: long }, 'since'],
  ['list_decisions', { limit: 51 }, 'limit'],
  ['list_decisions', { jorb: 'jorb_1' }, 'jorb'],
  ['brief', { peek: 'yes' }, 'peek'],
  ['brief', { hours: 0 }, 'hours'],
  ['brief', { hours: -3 }, 'hours'],
  ['brief', { hours: 721 }, 'hours'],
  ['brief', { hours: Number.NaN }, 'hours'],
  ['brief', { hours: '5' }, 'hours'],
  ['brief', { since: 'yesterday' }, 'since'],
  ['brief', { since: '2026-02-30' }, 'since'],
  ['brief', { since: '2026-11-20T08:00:00' }, 'since'],
  ['brief', { since: '2027-11-20' }, 'since'],
  ['brief', { since: '2020-11-20' }, 'since'],
  ['brief', { since: long }, 'since'],
  ['brief', { hours: 5, since: '2026-11-20' }, 'hours and since'],
  ['get_status', { verbose: true }, 'verbose'],
  ['approve', { id: 'approval_1' }, 'answer'],
  ['approve', { id: 'approval_1', answer: 'yes' }, 'answer'],
  ['approve', { id: 'approval_1', answer: 'accept', approved: true }, 'approved'],
  ['approve', { id: 'approval_1', answer: 'accept', text: 'Yes.' }, 'text'],
  ['approve', { id: 'approval_1', answer: 'edit' }, 'text'],
  ['approve', { id: 'approval_1', answer: 'edit', text: ' ' }, 'text'],
  ['approve', { id: 'approval_1', answer: 'edit', text: long }, 'text'],
  ['approve', { id: 'approval_1', answer: 'edit', text: bidi }, 'text'],
  ['approve', { id: 'approval_1', answer: 'answer', text: 'Yes.' }, 'answer'],
  ['approve', { id: 'approval_99', answer: 'accept' }, 'approval_99'],
  ['approve', { id: 'jorb_1', answer: 'accept' }, 'approval'],
  ['set_jorb_status', { id: 'jorb_1', command: 'complete' }, 'command'],
  ['set_jorb_status', { id: 'jorb_1', command: 'start' }, 'started'],
  ['set_jorb_status', { id: 'jorb_1', command: 'pause', reason: bidi }, 'reason'],
  ['set_jorb_status', { id: 'jorb_1', command: 'pause', reason: long }, 'reason'],
  ['assign_message', { event_id: 'event_1' }, 'jorb_id'],
  ['assign_message', { event_id: 'jorb_1', jorb_id: 'event_1' }, 'event_id'],
  ['assign_message', { event_id: 'event_99', jorb_id: 'jorb_1' }, 'event_99'],
  ['assign_message', { event_id: 'event_1', jorb_id: 'jorb_99' }, 'event_1'],
  ['stop_everything', { resume: 1 }, 'resume'],
  ['stop_everything', { reason: bidi }, 'reason'],
  ['create_jorb', {}, 'name'],
  ['create_jorb', { ...hotel, name: '' }, 'name'],
  ['create_jorb', { ...hotel, name: long }, 'name'],
  ['create_jorb', { ...hotel, name: bidi }, 'name'],
  ['create_jorb', { ...hotel, plan: '' }, 'plan'],
  ['create_jorb', { ...hotel, plan: long }, 'plan'],
  ['create_jorb', { ...hotel, contacts: [{ name: 'Magic' }] }, 'contacts[0].address'],
  ['create_jorb', { ...hotel, contacts: [magic, { ...magic, name: 'Again' }] }, 'contacts[1]'],
  ['create_jorb', { ...hotel, contacts: [{ ...magic, channel: 'pigeon' }] }, 'contacts[0].channel'],
  ['create_jorb', { ...hotel, contacts: [{ ...magic, age: 4 }] }, 'contacts[0]'],
  ['create_jorb', { ...hotel, contacts: 'magic' }, 'contacts'],
  ['create_jorb', { ...hotel, start: 'now' }, 'start'],
  ['create_jorb', { ...hotel, approved: true }, 'approved'],
  ...(
    [
      [{ spend_without_approval: '-5' }, 'contract.spend_without_approval'],
      [{ spend_without_approval: '1e3' }, 'contract.spend_without_approval'],
      [{ spend_without_approval: '10.001' }, 'contract.spend_without_approval'],
      [{ spend_without_approval: 'NaN' }, 'contract.spend_without_approval'],
      [{ spend_without_approval: 100 }, 'contract.spend_without_approval'],
      [{ currency: 'XYZ' }, 'contract.currency'],
      [{ budget: '' }, 'contract.budget'],
      [{ offer_limit: { amount: '350' } }, 'contract.offer_limit.per'],
      [{ messages_per_hour: Number.NaN }, 'contract.messages_per_hour'],
      [{ messages_per_day: 1e9 }, 'contract.messages_per_day'],
      [{ deadline: '2020-01-01' }, 'contract.deadline'],
      [{ deadline: 'tomorrow' }, 'contract.deadline'],
      [{ quiet_hours: { from: '25:00', to: '07:00', time_zone: 'UTC' } }, 'contract.quiet_hours.from'],
      [{ quiet_hours: { from: '22:00', to: '07:00', time_zone: 'Mars' } }, 'contract.quiet_hours.time_zone'],
      [{ treatment: { purchase: 'yolo' } }, 'contract.treatment.purchase'],
      [{ treatment: { steal: 'allow' } }, 'steal'],
      [{ share: [{ field: 'home_address', with: ['Nobody'] }] }, 'contract.share[0].with'],
      [{ limit: '5' }, 'limit'],
    ] as const
  ).map(([contract, field]): [string, Record<string, unknown>, string] => [
    'create_jorb',
    { ...hotel, contract },
    field,
  ]),
  ['steer_jorb', { id: 'jorb_1' }, 'guidance'],
  ['steer_jorb', { id: 'jorb_1', remove_contacts: ['Nobody'] }, 'remove_contacts[0]'],
  ['steer_jorb', { id: 'jorb_99', guidance: 'Go on.' }, 'jorb_99'],
  ['steer_jorb', { id: 'jorb_1', guidance: '' }, 'guidance'],
  ['steer_jorb', { id: 'jorb_1', guidance: long }, 'guidance'],
  ['steer_jorb', { id: 'jorb_1', status: 'complete' }, 'status'],
];

describe.each(eras)('bad input, in %s', (era) => {
  test('gets one sentence that names the field, and changes nothing', async () => {
    const host = await openHost({ era });
    await askToBook(host);
    const before = readRows(host);
    const told: string[] = [];
    for (const [tool, given, field] of table) {
      const { text, isError } = await host.call(tool, given);
      const shown = `${tool} ${shorten(JSON.stringify(given), 120)}`;
      expect(isError, shown).toBe(true);
      expect(text, shown).toContain(field);
      expect(text.length, shown).toBeLessThan(300);
      expect(text, shown).not.toMatch(/\n|Invalid input|zod|at .*\.ts|\u202E/);
      told.push(`${escapeInvisible(shown)}\n  ${text}\n`);
    }
    expect(readRows(host)).toEqual(before);
    expect(host.face.logged).toEqual([]);
    await expect(told.join('')).toMatchFileSnapshot(sentences);
  });

  test('an argument list of ten thousand things is refused', async () => {
    const { call } = await openHost({ era });
    const contacts = Array.from({ length: 10_000 }, () => magic);
    expect(await call('create_jorb', { ...hotel, contacts })).toMatchObject({ isError: true });
  });

  test('a tool that does not exist is refused by name', async () => {
    const { call } = await openHost({ era });
    await expect(call('delete_everything')).rejects.toThrow('delete_everything');
  });
});
