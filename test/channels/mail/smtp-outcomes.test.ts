import { connect } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { buildSmtpMailer } from '../../../src/channels/mail/smtp-mailer.ts';
import type { SmtpWire } from '../../../src/channels/mail/submit.ts';
import type { Mail, SmtpSettings } from '../../../src/domain/mail.ts';
import { minuteMs } from '../../../src/lib/duration.ts';
import { buildFakeClock } from '../../support/clock.ts';
import {
  buildMail,
  buildSettings,
  openSmtpHost,
  type SmtpPoint,
  type SmtpTrouble,
} from '../../support/smtp.ts';

type Given = {
  trouble?: SmtpTrouble;
  server?: SMTPServerOptions;
  settings?: Partial<SmtpSettings>;
  wire?: Partial<SmtpWire>;
  mail?: Partial<Mail>;
};

async function open({ trouble, server, settings, wire, mail }: Given) {
  const host = await openSmtpHost(server);
  host.trouble = trouble;
  const clock = buildFakeClock();
  const mailer = buildSmtpMailer(buildSettings(host, settings), { clock, ...(wire && { wire }) });
  const abort = new AbortController();
  return { host, clock, abort, send: () => mailer.send(buildMail(mail), abort.signal) };
}

const large = { text: 'x'.repeat(16 * 1024 * 1024) };

describe('nothing was taken, and it may be tried again, when the server', () => {
  test.each<[string, Given, string]>([
    [
      'refuses the login',
      { settings: { login: { user: 'alex', password: 'wrong' } } },
      '127.0.0.1 does not accept SMTP_USER and SMTP_PASSWORD (535)',
    ],
    [
      'takes no login now',
      { trouble: { at: 'login', does: { code: 454, text: 'later' } } },
      '127.0.0.1 does not now take a login (454)',
    ],
    [
      'offers no login',
      { server: { disabledCommands: ['AUTH'] } },
      '127.0.0.1 offers no login; take SMTP_USER and SMTP_PASSWORD out if it wants none',
    ],
    [
      'wants a login and there is none',
      { server: { authOptional: false }, settings: { login: null } },
      '127.0.0.1 wants a login (530); set SMTP_USER and SMTP_PASSWORD',
    ],
    [
      'says that the login does not do only when the sender is named',
      { trouble: { at: 'sender', does: { code: 535, text: 'who are you' } } },
      '127.0.0.1 does not accept SMTP_USER and SMTP_PASSWORD (535)',
    ],
    [
      'is not there for us',
      { trouble: { at: 'greeting', does: { code: 554, text: 'blocked' } } },
      '127.0.0.1 takes no mail from here now: 554 “blocked”',
    ],
    [
      'puts the sender off',
      { trouble: { at: 'sender', does: { code: 450, text: 'greylisted' } } },
      '127.0.0.1 does not now take mail from SMTP_FROM, jorbs@example.com: 450 “greylisted”',
    ],
    [
      'puts the recipient off',
      { trouble: { at: 'recipient', does: { code: 450, text: 'greylisted' } } },
      '127.0.0.1 does not now take mail to DIGEST_EMAIL_TO, owner@example.com: 450 “greylisted”',
    ],
    [
      'closes at the recipient',
      { trouble: { at: 'recipient', does: { code: 421, text: 'busy' } } },
      '127.0.0.1 does not now take the mail: 421 “busy”',
    ],
    [
      'puts the whole mail off',
      { trouble: { at: 'end', does: { code: 451, text: 'disk full' } } },
      '127.0.0.1 does not now take the mail: 451 “disk full”',
    ],
  ])('%s', async (_, given, error) => {
    const { host, send } = await open(given);
    expect(await send()).toEqual({ kind: 'retry', error });
    expect(host.mails).toEqual([]);
  });

  test.each<SmtpPoint>(['greeting', 'login', 'sender', 'recipient'])(
    'drops the line at the %s',
    async (at) => {
      const { host, send } = await open({ trouble: { at, does: 'drop' } });
      const error = `127.0.0.1 on port ${host.port} closed the connection`;
      expect(await send()).toEqual({ kind: 'retry', error });
      expect(host.passes[at]).toBe(1);
      expect(host.passes.end).toBe(0);
    },
  );

  test.each<SmtpPoint>(['greeting', 'login', 'sender', 'recipient'])(
    'never answers at the %s',
    async (at) => {
      const { host, clock, send } = await open({ trouble: { at, does: 'stall' } });
      const passed = host.reached(at);
      const sending = send();
      await passed;
      clock.advance(2 * minuteMs);
      expect(await sending).toEqual({
        kind: 'retry',
        error: `127.0.0.1 on port ${host.port} did not answer in time`,
      });
      await host.deserted();
    },
  );

  test('drops the line in the middle of a mail that is not all on its way', async () => {
    const { host, send } = await open({ trouble: { at: 'middle', does: 'drop' }, mail: large });
    expect(await send()).toEqual({
      kind: 'retry',
      error: `127.0.0.1 on port ${host.port} closed the connection`,
    });
    expect(host.passes).toMatchObject({ middle: 1, end: 0 });
  });

  test('refuses in the middle', async () => {
    const does = { raw: '451 4.3.0 enough\r\n' };
    const { host, send } = await open({ trouble: { at: 'middle', does }, mail: large });
    expect(await send()).toEqual({
      kind: 'retry',
      error: '127.0.0.1 does not now take the mail: 451 “4.3.0 enough”',
    });
    expect(host.mails).toEqual([]);
  });
});

test('a greylisted mail arrives once, at the second try', async () => {
  const { host, send } = await open({
    trouble: { at: 'recipient', does: { code: 450, text: 'in a minute' }, times: 1 },
  });
  expect(await send()).toMatchObject({ kind: 'retry' });
  expect(await send()).toMatchObject({ kind: 'sent' });
  expect(host.mails).toHaveLength(1);
});

describe('nothing was taken, and never will be, when the server', () => {
  test.each<[string, Given, string]>([
    ...[550, 551, 553, 554].map((code): [string, Given, string] => [
      `refuses the recipient with ${code}`,
      { trouble: { at: 'recipient', does: { code, text: 'no such user' } } },
      `127.0.0.1 does not take mail to DIGEST_EMAIL_TO, owner@example.com: ${code} “no such user”`,
    ]),
    [
      'refuses the sender',
      { trouble: { at: 'sender', does: { code: 550, text: 'not yours' } } },
      '127.0.0.1 does not take mail from SMTP_FROM, jorbs@example.com: 550 “not yours”',
    ],
    [
      'refuses the whole mail',
      { trouble: { at: 'end', does: { code: 554, text: 'spam' } } },
      '127.0.0.1 does not take the mail: 554 “spam”',
    ],
    ['takes only smaller ones', { server: { size: 100 } }, 'the mail is larger than 127.0.0.1 takes'],
  ])('%s', async (_, given, error) => {
    const { host, send } = await open(given);
    expect(await send()).toEqual({ kind: 'failed', error });
    expect(host.mails).toEqual([]);
  });
});

describe('nobody knows whether it was taken when the server', () => {
  test.each([true, false])('drops the line after the end of the mail, kept: %s', async (keeps) => {
    const { host, send } = await open({ trouble: { at: 'end', does: 'drop', keeps } });
    expect(await send()).toEqual({
      kind: 'unknown',
      error: `127.0.0.1 was given the whole mail and did not say whether it took it: 127.0.0.1 on port ${host.port} closed the connection`,
    });
    expect(host.mails).toHaveLength(keeps ? 1 : 0);
  });

  test.each([true, false])('never answers after the end of the mail, kept: %s', async (keeps) => {
    const { host, clock, send } = await open({ trouble: { at: 'end', does: 'stall', keeps } });
    const passed = host.reached('end');
    const sending = send();
    await passed;
    clock.advance(2 * minuteMs);
    expect(await sending).toMatchObject({ kind: 'unknown', error: expect.stringContaining('in time') });
    expect(host.mails).toHaveLength(keeps ? 1 : 0);
    await host.deserted();
  });
});

describe('when the process is to end', () => {
  test('before the mail was begun, nothing is said to the server', async () => {
    const { host, abort, send } = await open({});
    abort.abort();
    expect(await send()).toEqual({ kind: 'retry', error: 'this process ended meanwhile' });
    expect(host.passes.greeting).toBe(0);
  });

  test.each<[SmtpPoint, string]>([
    ['greeting', 'retry'],
    ['login', 'retry'],
    ['recipient', 'retry'],
    ['end', 'unknown'],
  ])('at the %s, the line is closed and the outcome is %s', async (at, kind) => {
    const { host, abort, send } = await open({ trouble: { at, does: 'stall' } });
    const passed = host.reached(at);
    const sending = send();
    await passed;
    abort.abort();
    expect(await sending).toMatchObject({ kind, error: expect.stringContaining('this process ended') });
    await host.deserted();
  });
});

describe('a server that cannot be reached', () => {
  const failing = (code: string): Partial<SmtpWire> => ({
    connect: () =>
      connect({
        host: 'mail.example.com',
        port: 587,
        lookup: (_, __, done) => done(Object.assign(new Error('no'), { code }), []),
      }),
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('may be tried again when its name says %s', async (code) => {
    const { host, send } = await open({ wire: failing(code) });
    expect(await send()).toEqual({
      kind: 'retry',
      error: `127.0.0.1 on port ${host.port} cannot be reached (${code}); SMTP_HOST and SMTP_PORT say where it is`,
    });
  });

  test('may be tried again when nobody listens', async () => {
    const { send } = await open({ settings: { port: 1 } });
    expect(await send()).toEqual({
      kind: 'retry',
      error: '127.0.0.1 on port 1 cannot be reached (ECONNREFUSED); SMTP_HOST and SMTP_PORT say where it is',
    });
  });
});
