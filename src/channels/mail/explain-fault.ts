import type { SendOutcome } from '../../domain/channel.ts';
import type { SmtpSettings } from '../../domain/mail.ts';
import { renderReply } from './reply.ts';

/** How far one message has come. */
export type Progress = {
  step: 'connect' | 'login' | 'message';
  /** The whole of it was handed to the connection: from now on the server may have taken it. */
  isGiven: boolean;
};

export type FaultContext = {
  settings: SmtpSettings;
  progress: Progress;
  /** This process lets go of the connection. */
  isEnding: boolean;
};

type NotSent = Exclude<SendOutcome, { kind: 'sent' }>;

/** What came of a message that the server did not take with a clear word. */
export function explainFault(error: unknown, context: FaultContext): NotSent {
  const fault = readFault(error);
  const { progress, settings } = context;
  if (fault.refusal !== undefined) return explainRefusal(fault.refusal, fault, context);
  const why = explainSilence(fault, context);
  if (progress.isGiven) {
    const { host } = settings;
    return {
      kind: 'unknown',
      error: `${host} was given the whole mail and did not say whether it took it: ${why}`,
    };
  }
  if (fault.code === 'EMESSAGE') {
    return { kind: 'failed', error: `the mail is larger than ${settings.host} takes` };
  }
  return { kind: 'retry', error: why };
}

type Fault = {
  /** Of nodemailer. */
  code: string;
  /** Of the system, or of TLS. */
  systemCode: string;
  command: string;
  /** What the server answered, where it said no. */
  refusal: { code: number; response: string } | undefined;
};

function readFault(error: unknown): Fault {
  const given: Record<string, unknown> = error instanceof Error ? { ...error } : {};
  const word = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const code = typeof given.responseCode === 'number' ? given.responseCode : 0;
  return {
    code: error instanceof Error && error.name === 'AbortError' ? 'ETIMEDOUT' : word('code'),
    systemCode: /^[A-Z][A-Z0-9_]{2,60}$/.exec(word('originalCode') || word('code'))?.[0] ?? 'no reason known',
    command: word('command'),
    refusal: code >= 400 && code < 600 ? { code, response: word('response') } : undefined,
  };
}

/** Replies that ask for a login or do not accept it, at whatever step. */
const loginCodes = [530, 534, 535, 538];

function explainRefusal(
  { code, response }: { code: number; response: string },
  { command }: Fault,
  { settings, progress: { step, isGiven } }: FaultContext,
): NotSent {
  const { host, port, login, from, to } = settings;
  if (command === 'STARTTLS') {
    const error = `${host} offers no encryption on port ${port}, so nothing was sent to it; SMTP_PORT may have to be 465`;
    return { kind: 'retry', error };
  }
  if (step === 'login' || (loginCodes.includes(code) && !isGiven)) {
    return { kind: 'retry', error: explainLogin(code, host, login) };
  }
  const reply = renderReply(response, login);
  if (step === 'connect') return { kind: 'retry', error: `${host} takes no mail from here now: ${reply}` };
  // 503 is about the order of commands, which says nothing about the mail.
  const kind = code < 500 || code === 503 ? 'retry' : 'failed';
  const verb = kind === 'retry' ? 'does not now take' : 'does not take';
  if (command === 'RCPT TO') {
    return { kind, error: `${host} ${verb} mail to DIGEST_EMAIL_TO, ${to}: ${reply}` };
  }
  if (command === 'MAIL FROM') {
    return { kind, error: `${host} ${verb} mail from SMTP_FROM, ${from}: ${reply}` };
  }
  return { kind, error: `${host} ${verb} the mail: ${reply}` };
}

/** Without the server's words: it was just told the password. */
function explainLogin(code: number, host: string, login: SmtpSettings['login']): string {
  if (login === null) return `${host} wants a login (${code}); set SMTP_USER and SMTP_PASSWORD`;
  if (code < 500) return `${host} does not now take a login (${code})`;
  return `${host} does not accept SMTP_USER and SMTP_PASSWORD (${code})`;
}

function explainSilence(
  { code, systemCode }: Fault,
  { settings: { host, port, login }, progress, isEnding }: FaultContext,
): string {
  const server = `${host} on port ${port}`;
  if (isEnding) return 'this process ended meanwhile';
  if (code === 'ETIMEDOUT') return `${server} did not answer in time`;
  if (code === 'EAUTH') return explainLogin(500, host, login);
  if (code === 'EPROTOCOL') return `${server} does not answer as a mail server does`;
  if (code === 'ETLS' || /CERT|SIGNED|SSL|TLS|ISSUER/.test(systemCode)) {
    return `${server} has not proven to be ${host} (${systemCode}), so nothing was sent to it`;
  }
  if (progress.step === 'connect' && code !== 'ECONNECTION') {
    return `${server} cannot be reached (${systemCode}); SMTP_HOST and SMTP_PORT say where it is`;
  }
  return `${server} closed the connection`;
}
