import { join } from 'node:path';
import type { SendOutcome } from '../../domain/channel.ts';
import type { Mail, Mailer } from '../../domain/mail.ts';
import { readCode } from '../../lib/regular-file.ts';
import { replaceFile } from '../../lib/replace-file.ts';

/**
 * Where there is no SMTP, digests are files in the data folder: one to look at, and its text. Written again,
 * the files are the same, so one that a dead process may have left half done is written once more.
 */
export function buildFolderMailer({ dataDir }: { dataDir: string }): Mailer {
  const folder = join(dataDir, 'digests');
  const place = ({ key }: Mail, ending: string) =>
    join(folder, `${key.slice(0, key.lastIndexOf('.'))}.${ending}`);
  return {
    kind: 'folder',
    target: folder,
    async send(mail, signal) {
      if (signal.aborted) return { kind: 'retry', error: 'this process ended meanwhile' };
      if (mail.kind !== 'digest') {
        return { kind: 'failed', error: 'SMTP_HOST is not set, so notices are not mailed' };
      }
      try {
        await replaceFile(place(mail, 'txt'), mail.text);
        await replaceFile(place(mail, 'html'), mail.html);
        return { kind: 'sent', receipt: place(mail, 'html') };
      } catch (error) {
        return explain(error, folder);
      }
    },
    lookup: async () => ({ kind: 'not_sent' }),
  };
}

const sentences: [code: RegExp, say: (folder: string) => string][] = [
  [/^(ENOSPC|EDQUOT)$/, (folder) => `the disk of the folder ${folder} is full; free some space`],
  [
    /^(EACCES|EPERM|EROFS)$/,
    (folder) => `digests cannot be written to ${folder}; it must be a folder that this user may write to`,
  ],
  [
    /^(ENOTDIR|EEXIST|EISDIR|ELOOP|ENOENT)$/,
    (folder) => `digests cannot be written to ${folder}, which is not a folder; move what is there away`,
  ],
];

/** All of it can be mended, and nothing was handed to anybody. */
function explain(error: unknown, folder: string): SendOutcome {
  const code = readCode(error) ?? 'no reason known';
  const sentence = sentences.find(([pattern]) => pattern.test(code))?.[1];
  return { kind: 'retry', error: sentence?.(folder) ?? `digests cannot be written to ${folder} (${code})` };
}
