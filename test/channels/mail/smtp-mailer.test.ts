import { describe, expect, test } from 'vitest';
import { buildSmtpMailer } from '../../../src/channels/mail/smtp-mailer.ts';
import type { Mail, SmtpSettings } from '../../../src/domain/mail.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { buildMail, buildSettings, openSmtpHost, type SmtpHost } from '../../support/smtp.ts';

function send(host: SmtpHost, mail: Partial<Mail> = {}, settings: Partial<SmtpSettings> = {}) {
  const mailer = buildSmtpMailer(buildSettings(host, settings), { clock: buildFakeClock() });
  return mailer.send(buildMail(mail), new AbortController().signal);
}

/** The one mail that arrived. */
async function deliver(mail: Partial<Mail> = {}, settings: Partial<SmtpSettings> = {}) {
  const host = await openSmtpHost();
  const outcome = await send(host, mail, settings);
  expect(outcome).toEqual({ kind: 'sent', receipt: '250 “2.0.0 queued as 1”' });
  const [received, ...others] = host.mails;
  if (!received) throw new Error('nothing arrived');
  expect(others).toEqual([]);
  return received;
}

test('a mail goes from the sender to the owner, logged in, with both its parts', async () => {
  const { from, to, user, raw, parsed } = await deliver();
  expect({ from, to, user }).toEqual({ from: 'jorbs@example.com', to: ['owner@example.com'], user: 'alex' });
  expect(parsed.text?.trimEnd()).toBe('Nothing needs you.');
  expect(parsed.html?.trimEnd()).toBe('<p>Nothing needs you.</p>');
  expect(parsed.attachments).toEqual([]);
  expect(raw.slice(0, raw.indexOf('\r\n\r\n')).split(/\r\n(?! )/)).toEqual([
    'Auto-Submitted: auto-generated',
    'From: Jorbs <jorbs@example.com>',
    'To: owner@example.com',
    'Subject: =?UTF-8?Q?Jorbs_daily_summary_=E2=80=93_2026-11-20?=',
    'Message-ID: <digest-2026-11-20.0123456789abcdef@example.com>',
    'Date: Fri, 20 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    expect.stringMatching(/^Content-Type: multipart\/alternative;\r\n boundary=jorbs-[0-9a-f]{32}-Part_1$/),
  ]);
});

test('every attempt is the same bytes', async () => {
  const host = await openSmtpHost();
  await send(host);
  await send(host, { attempts: 2 });
  expect(host.mails).toHaveLength(2);
  expect(host.mails[1]?.raw).toBe(host.mails[0]?.raw);
});

test('what is written arrives as it is, in every script, with long lines and lines of dots', async () => {
  const text = [
    '.',
    '..hidden',
    '宿泊 – “ñandú” 👩🏽‍🚀',
    'x'.repeat(5000),
    ' trailing \t',
    'From here',
    '='.repeat(80),
  ].join('\n');
  const html = `<p title="é">${text}</p>`;
  const { parsed, raw } = await deliver({ text, html });
  expect(parsed.text?.trimEnd()).toBe(text);
  expect(parsed.html?.trimEnd()).toBe(html);
  expect(raw).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n\x20-\x7e]/);
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
});

test('a broken character makes no mail that cannot be sent', async () => {
  const { parsed } = await deliver({ subject: 'half \ud83d of one', text: 'a\ud83d', html: '<p>\udc00</p>' });
  expect(parsed.text?.trimEnd()).toBe('a\ufffd');
});

describe('a subject', () => {
  test.each([
    ['Jorbs\r\nBcc: thief@example.com'],
    ['Jorbs\nTo: thief@example.com\n\nbody'],
    ['Jorbs\rBcc: thief@example.com'],
    ['Jorbs\u2028Bcc: thief@example.com'],
    ['Jorbs\u0085Bcc: thief@example.com'],
    ['Jorbs\0Bcc: thief@example.com'],
    ['=?UTF-8?Q?Jorbs=0D=0ABcc:_thief@example.com?='],
    [`${'宿'.repeat(400)}\r\nBcc: thief@example.com`],
    [`${'x'.repeat(3000)}\r\n\tBcc: thief@example.com`],
  ])('cannot bring a header or a recipient in: %j', async (subject) => {
    const { to, raw, parsed } = await deliver({ subject });
    expect(to).toEqual(['owner@example.com']);
    const names = parsed.headers.map(({ key }) => key);
    expect(names.sort()).toEqual(
      [...new Set(names)].sort().filter((name) => !['bcc', 'cc', 'reply-to', 'sender'].includes(name)),
    );
    expect(names).toHaveLength(8);
    expect(parsed.to).toMatchObject([{ address: 'owner@example.com' }]);
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(head).not.toMatch(/^(bcc|cc):/im);
    expect(head).not.toMatch(/[^\t\r\n\x20-\x7e]/);
  });

  test('is one line of bounded length', async () => {
    const { parsed } = await deliver({ subject: `Jorbs \n  needs   you ${'y'.repeat(3000)}` });
    expect(parsed.subject).toMatch(/^Jorbs needs you y+…y+$/);
    expect(parsed.subject).toHaveLength(250);
  });
});

test.each([
  'owner@example.com, thief@example.com',
  'owner@example.com\r\nRCPT TO:<thief@example.com>',
  'Ada <owner@example.com>',
  'group: a@example.com;',
  'owner',
  '',
])('a mailer is not made for %j', (to) => {
  const build = () => buildSmtpMailer(buildSettings({ port: 25 }, { to }), { clock: buildFakeClock() });
  expect(build).toThrow('mail needs one plain address at each end');
  const from = to;
  expect(() => buildSmtpMailer(buildSettings({ port: 25 }, { from }), { clock: buildFakeClock() })).toThrow(
    'one plain address',
  );
});

test('nothing in a mail makes a file or an address be read', async () => {
  const html =
    '<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png"><img src="data:image/png;base64,AAAA">';
  const { parsed } = await deliver({ html });
  expect(parsed.html?.trimEnd()).toBe(html);
  expect(parsed.attachments).toEqual([]);
});

test('it says where mails go, and cannot tell afterwards whether one was taken', async () => {
  const settings = buildSettings({ port: 587 }, { host: 'smtp.example.com' });
  const mailer = buildSmtpMailer(settings, { clock: buildFakeClock() });
  expect(mailer).toMatchObject({ kind: 'smtp', target: 'owner@example.com by smtp.example.com:587' });
  expect(await mailer.lookup(buildMail())).toEqual({ kind: 'unknown' });
  const six = buildSmtpMailer({ ...settings, host: '::1' }, { clock: buildFakeClock() });
  expect(six.target).toBe('owner@example.com by [::1]:587');
});
