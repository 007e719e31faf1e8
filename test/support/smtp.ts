/**
 * A mail server on loopback, strict about what it is sent, that can be made to do what mail servers do:
 * refuse, stall, drop the line, and say anything at all.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import type { Mail, SmtpSettings } from '../../src/domain/mail.ts';
import { certificate, certificateKey } from './certificate.ts';
import { testEpoch } from './clock.ts';

export type SmtpPoint = 'greeting' | 'login' | 'sender' | 'recipient' | 'middle' | 'end';

export type SmtpTrouble = {
  at: SmtpPoint;
  /** `raw` goes to the wire as it is. */
  does: 'stall' | 'drop' | { code: number; text: string } | { raw: string };
  /** How often; for ever unless given. */
  times?: number;
  /** Whether it keeps a mail that came to its end nonetheless. */
  keeps?: boolean;
};

export type ReceivedMail = {
  from: string;
  to: string[];
  user: unknown;
  isEncrypted: boolean;
  raw: string;
  parsed: Email;
};

export type SmtpHost = {
  port: number;
  mails: ReceivedMail[];
  trouble: SmtpTrouble | undefined;
  /** How often each point was passed. */
  passes: Record<SmtpPoint, number>;
  /** Resolves when a point is passed for the next time. */
  reached(point: SmtpPoint): Promise<void>;
  /** Resolves when no connection is open. */
  deserted(): Promise<void>;
};

export const smtpLogin = { user: 'alex', password: 'correct horse battery' };

export function buildSettings(
  { port }: Pick<SmtpHost, 'port'>,
  given: Partial<SmtpSettings> = {},
): SmtpSettings {
  return {
    ...{ host: '127.0.0.1', port, login: smtpLogin, from: 'jorbs@example.com', to: 'owner@example.com' },
    ...given,
  };
}

export function buildMail(given: Partial<Mail> = {}): Mail {
  return {
    ...{ id: 'mail_1', kind: 'digest', key: 'digest-2026-11-20.0123456789abcdef', status: 'sending' },
    ...{
      subject: 'Jorbs daily summary – 2026-11-20',
      text: 'Nothing needs you.\n',
      html: '<p>Nothing needs you.</p>',
    },
    ...{ attempts: 1, queuedAt: testEpoch, sentAt: null, error: null },
    ...given,
  };
}

/** Closed when the test ends, with every connection to it. */
export async function openSmtpHost(options: SMTPServerOptions = {}): Promise<SmtpHost> {
  const sockets = new Set<Socket>();
  const waiting = new Map<SmtpPoint, (() => void)[]>();
  const host: SmtpHost = {
    port: 0,
    mails: [],
    trouble: undefined,
    passes: { greeting: 0, login: 0, sender: 0, recipient: 0, middle: 0, end: 0 },
    reached: (point) =>
      new Promise((resolve) => {
        waiting.set(point, [...(waiting.get(point) ?? []), resolve]);
      }),
    async deserted() {
      const closings = [...sockets].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      await Promise.all(closings);
    },
  };

  type Answer = (error?: (Error & { responseCode?: number }) | null) => void;
  const pass = (point: SmtpPoint, answer: Answer) => {
    host.passes[point] += 1;
    for (const wake of waiting.get(point)?.splice(0) ?? []) wake();
    const { trouble } = host;
    if (trouble?.at !== point || trouble.times === 0) return answer();
    if (trouble.times !== undefined) trouble.times -= 1;
    const { does } = trouble;
    if (does === 'stall') return;
    if (does === 'drop') for (const socket of sockets) socket.destroy();
    else if ('raw' in does) for (const socket of sockets) socket.write(does.raw);
    else answer(Object.assign(new Error(does.text), { responseCode: does.code }));
  };

  const server = new SMTPServer({
    key: certificateKey,
    cert: certificate,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1,
    ...options,
    onConnect: (_, answer) => pass('greeting', answer),
    onAuth({ username, password }, _, answer) {
      const isRight = username === smtpLogin.user && password === smtpLogin.password;
      const refused = Object.assign(new Error('wrong login'), { responseCode: 535 });
      pass('login', (error) =>
        isRight && !error ? answer(null, { user: username }) : answer(error ?? refused),
      );
    },
    onMailFrom: (_, __, answer) => pass('sender', answer),
    onRcptTo: (_, __, answer) => pass('recipient', answer),
    onData(stream, { envelope, user, secure }, answer) {
      const chunks: Buffer[] = [];
      let isBroken = false;
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length === 1) {
          pass('middle', (error) => {
            isBroken = Boolean(error);
            if (error) answer(error);
          });
        }
      });
      stream.on('end', async () => {
        if (isBroken) return;
        const raw = Buffer.concat(chunks).toString('latin1');
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        const parsed = await PostalMime.parse(Buffer.concat(chunks));
        const mail = { from, to, user, isEncrypted: secure, raw, parsed };
        if (host.trouble?.at !== 'end' || host.trouble.times === 0 || host.trouble.keeps)
          host.mails.push(mail);
        pass('end', (error) => answer(error ?? null, `2.0.0 queued as ${host.mails.length}`));
      });
    },
  });
  server.on('error', () => {});
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  host.port = (server.server.address() as AddressInfo).port;
  // Destroyed beneath its encryption, a socket takes the process with it: that is left to the server.
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return host;
}

/**
 * A server that keeps to no protocol: what it says to each line is given, and what it says at first. It reads
 * nothing more once it has said `null`. `heard` resolves with the first bytes.
 */
export async function openScriptedHost(
  greeting: string,
  answer: (line: string) => string | null,
): Promise<{ port: number; heard: Promise<void> }> {
  let hear = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write(greeting);
    let rest = '';
    socket.on('data', (chunk) => {
      hear();
      const lines = `${rest}${chunk.toString('latin1')}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const said = answer(line);
        if (said === null) socket.pause();
        else if (said !== '') socket.write(said);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, heard };
}
