import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SendOutcome } from '../../domain/channel.ts';
import type { SmtpSettings } from '../../domain/mail.ts';
import type { Clock } from '../../lib/clock.ts';
import { limitTime } from '../time-limit.ts';
import { explainFault, type Progress } from './explain-fault.ts';
import { renderReply } from './reply.ts';

export type SmtpWire = {
  connect: (place: { host: string; port: number }) => Socket;
  /** Certificates to trust instead of those that the system trusts. */
  ca: string | undefined;
  limits: SmtpLimits;
};

export type SmtpLimits = {
  connectMs: number;
  /** For the greeting, and for encryption. */
  greetingMs: number;
  /** Between two signs of life. */
  silenceMs: number;
  /** For all of it. Below what the runtime waits for a mailer. */
  totalMs: number;
};

const internet: SmtpWire = {
  connect,
  ca: undefined,
  limits: { connectMs: 20_000, greetingMs: 20_000, silenceMs: 60_000, totalMs: 120_000 },
};

/** Small, so that a server that stops reading is noticed before the end of the message is on its way. */
const chunkBytes = 16 * 1024;
const mostReplyBytes = 64 * 1024;
const farewellMs = 2000;

/**
 * Hands one message to the server and waits for its word. Until the last byte of the message was
 * handed to the connection, the dot that ends it was not, and a server must not take what has no end: to
 * try again is safe. From then on only the server's own word tells what came of it.
 */
export async function submit(
  bytes: Buffer,
  settings: SmtpSettings,
  { clock, wire }: { clock: Clock; wire?: Partial<SmtpWire> },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { connect, ca, limits } = { ...internet, ...wire };
  const total = limitTime(clock, limits.totalMs, signal);
  const progress: Progress = { step: 'connect', isGiven: false };
  let session: Session | undefined;
  try {
    const socket = await dial(() => connect(settings), { clock, connectMs: limits.connectMs }, total.signal);
    session = openSession(socket, { settings, ca, limits }, total.signal);
    const outcome = await converse(session, { bytes, settings, progress });
    leave(session.smtp, clock);
    return outcome;
  } catch (error) {
    session?.smtp.close();
    return explainFault(error, { settings, progress, isEnding: signal.aborted });
  } finally {
    total.end();
  }
}

async function dial(
  connect: () => Socket,
  { clock, connectMs }: { clock: Clock; connectMs: number },
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const limit = limitTime(clock, connectMs, signal);
  const socket = connect();
  // One that comes when nobody listens any more has nothing to tell.
  socket.on('error', () => {});
  try {
    await once(socket, 'connect', { signal: limit.signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    limit.end();
  }
}

type Done<T> = (error: Error | null | undefined, result?: T) => void;

type Session = {
  smtp: SMTPConnection;
  /** Does one step. Rejects with what goes wrong with the connection meanwhile, too. */
  run<T>(step: (done: Done<T>) => void): Promise<T | undefined>;
};

async function converse(
  { smtp, run }: Session,
  { bytes, settings, progress }: { bytes: Buffer; settings: SmtpSettings; progress: Progress },
): Promise<SendOutcome> {
  const { host, login, from, to } = settings;
  await run((done) => smtp.connect(done));
  if (login) {
    progress.step = 'login';
    if (!smtp.allowsAuth) {
      return {
        kind: 'retry',
        error: `${host} offers no login; take SMTP_USER and SMTP_PASSWORD out if it wants none`,
      };
    }
    const auth = { credentials: { user: login.user, pass: login.password } };
    await run((done) => smtp.login(auth, done));
  }
  progress.step = 'message';
  const message = Readable.from(cutUp(bytes), { objectMode: false });
  // Heard before the end goes on to the connection: the listener was there first.
  message.once('end', () => {
    progress.isGiven = true;
  });
  // Taken literally: of all that a mail says of itself, nothing is read for whom it goes to.
  const envelope = { from, to: [to], size: bytes.length };
  const info = await run<{ response: string }>((done) => smtp.send(envelope, message, done));
  const receipt = renderReply(info?.response ?? '', login);
  if (progress.isGiven) return { kind: 'sent', receipt };
  return {
    kind: 'unknown',
    error: `${host} said that it took the mail before it was given all of it: ${receipt}`,
  };
}

function* cutUp(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** Says goodbye. The outcome does not wait for the answer, and the connection not for long. */
function leave(smtp: SMTPConnection, clock: Clock): void {
  const forget = clock.at(clock.now() + farewellMs, () => smtp.close());
  smtp.once('end', forget);
  smtp.quit();
}

/** Whether a host is this machine, by its name or its address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}

function openSession(
  socket: Socket,
  { settings, ca, limits }: { settings: SmtpSettings; ca: string | undefined; limits: SmtpLimits },
  signal: AbortSignal,
): Session {
  const { host, port } = settings;
  const isLocal = isLoopback(host) && isLoopback(socket.remoteAddress ?? '');
  const isEncrypted = port === 465;
  const smtp = new SMTPConnection({
    connection: socket,
    host,
    port,
    secure: isEncrypted,
    // Neither a password nor a mail goes to another machine in plain text; on this one there is no way to listen.
    requireTLS: !isEncrypted && !isLocal,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !isLocal, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: limits.connectMs + limits.greetingMs,
    greetingTimeout: limits.greetingMs,
    socketTimeout: limits.silenceMs,
    maxResponseSize: mostReplyBytes,
    // Closed is gone: what a server has not got by then, it does not get.
    socketCloseTimeout: 0,
    logger: false,
  });
  const broken = new Promise<never>((_, reject) => {
    smtp.on('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Looked at only while a step is under way.
  broken.catch(() => {});
  return {
    smtp,
    run: (step) =>
      Promise.race([
        broken,
        new Promise<Parameters<Parameters<typeof step>[0]>[1]>((resolve, reject) => {
          step((error, result) => (error ? reject(error) : resolve(result)));
        }),
      ]),
  };
}
