import { Refusal } from '../../domain/refusal.ts';
import { renderDigestMail } from '../../domain/render/digest/kept.ts';
import type { Face } from '../../runtime/face.ts';
import { readDigest } from '../../runtime/owner/read-digest.ts';
import { presentTime } from '../present/fields.ts';
import { thirdPartyNote } from '../present/message.ts';

/** One digest as it was mailed; undefined when there is none of that date. */
export async function readDigestContent(face: Face, date: string) {
  const digest = await readDigest(face.owner, date).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined;
    throw error;
  });
  if (digest === undefined) return undefined;
  const { mail: mailer } = await face.readStatus();
  const { subject, text, since, until, needs, mail } = digest;
  const state = renderDigestMail(digest, mailer, face.owner.timeZone());
  return {
    data: {
      note: thirdPartyNote,
      date: digest.date,
      since: since === null ? null : presentTime(since),
      until: presentTime(until),
      needs_owner: needs,
      mail: { status: mail.status, says: state },
      subject,
      third_party_text: text,
    },
    text: `${thirdPartyNote}\n\n${state}\n\n${text}`,
  };
}
