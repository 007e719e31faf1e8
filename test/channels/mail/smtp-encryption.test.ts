import { connect, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { buildSmtpMailer } from '../../../src/channels/mail/smtp-mailer.ts';
import type { SmtpSettings } from '../../../src/domain/mail.ts';
import { minuteMs } from '../../../src/lib/duration.ts';
import { certificate } from '../../support/certificate.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { buildMail, buildSettings, openScriptedHost, openSmtpHost } from '../../support/smtp.ts';

/** The name is of another machine; the server that answers to it is on loopback. */
async function open(server: SMTPServerOptions, given: Partial<SmtpSettings>, ca?: string) {
  const host = await openSmtpHost(server);
  const settings = buildSettings(host, { host: 'api.example.com', port: 587, ...given });
  const wire = { connect: () => connect({ host: '127.0.0.1', port: host.port }), ca };
  const mailer = buildSmtpMailer(settings, { clock: buildFakeClock(), wire });
  return { host, send: () => mailer.send(buildMail(), new AbortController().signal) };
}

const offering = { hideSTARTTLS: false };
const implicit = { secure: true };

test.each([
  ['STARTTLS', offering, 587],
  ['encryption from the start', implicit, 465],
])('with %s a mail arrives when the server proves its name', async (_, server, port) => {
  const { host, send } = await open(server, { port }, certificate);
  expect(await send()).toMatchObject({ kind: 'sent' });
  expect(host.mails).toMatchObject([{ isEncrypted: true, user: 'alex' }]);
});

test.each([
  ['STARTTLS', offering, 587],
  ['encryption from the start', implicit, 465],
])('with %s a certificate that nobody trusts is refused before anything is said', async (_, server, port) => {
  const { host, send } = await open(server, { port });
  expect(await send()).toEqual({
    kind: 'retry',
    error: `api.example.com on port ${port} has not proven to be api.example.com (DEPTH_ZERO_SELF_SIGNED_CERT), so nothing was sent to it`,
  });
  expect(host.passes).toMatchObject({ login: 0, sender: 0 });
});

test.each([
  ['STARTTLS', offering, 587],
  ['encryption from the start', implicit, 465],
])('with %s a certificate of another name is refused', async (_, server, port) => {
  const { host, send } = await open(server, { port, host: 'smtp.example.com' }, certificate);
  expect(await send()).toMatchObject({
    kind: 'retry',
    error: expect.stringContaining('has not proven to be smtp.example.com (ERR_TLS_CERT_ALTNAME_INVALID)'),
  });
  expect(host.passes).toMatchObject({ login: 0, sender: 0 });
});

test('neither a password nor a mail goes to another machine in plain text', async () => {
  const { host, send } = await open({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, {}, certificate);
  expect(await send()).toEqual({
    kind: 'retry',
    error:
      'api.example.com offers no encryption on port 587, so nothing was sent to it; SMTP_PORT may have to be 465',
  });
  expect(host.passes).toMatchObject({ login: 0, sender: 0 });
});

test('a name of this machine that leads to another one is not trusted with plain text', async () => {
  const host = await openSmtpHost({ disabledCommands: ['STARTTLS'] });
  const elsewhere = () => {
    const socket = connect({ host: '127.0.0.1', port: host.port });
    Object.defineProperty(socket, 'remoteAddress', { value: '203.0.113.7' });
    return socket;
  };
  const settings = buildSettings(host, { host: 'localhost' });
  const mailer = buildSmtpMailer(settings, { clock: buildFakeClock(), wire: { connect: elsewhere } });
  expect(await mailer.send(buildMail(), new AbortController().signal)).toMatchObject({ kind: 'retry' });
  expect(host.passes).toMatchObject({ login: 0, sender: 0 });
});

test.each([
  ['127.0.0.1', { hideSTARTTLS: true }, false],
  ['127.0.0.1', offering, true],
  ['localhost', offering, true],
])('a server on this machine, %s, is spoken to as it likes', async (name, server, isEncrypted) => {
  const { host, send } = await open(server, { host: name });
  expect(await send()).toMatchObject({ kind: 'sent' });
  expect(host.mails).toMatchObject([{ isEncrypted }]);
});

test('a server that is silent instead of encrypting is given up', async () => {
  const { port, heard } = await openScriptedHost('', () => '');
  const sockets: Socket[] = [];
  const dial = () => {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    return socket;
  };
  const settings = buildSettings({ port: 465 }, { host: 'api.example.com' });
  const clock = buildFakeClock();
  const sending = buildSmtpMailer(settings, { clock, wire: { connect: dial } }).send(
    buildMail(),
    new AbortController().signal,
  );
  await heard;
  clock.advance(2 * minuteMs);
  expect(await sending).toEqual({
    kind: 'retry',
    error: 'api.example.com on port 465 did not answer in time',
  });
  expect(sockets).toMatchObject([{ destroyed: true }]);
});
