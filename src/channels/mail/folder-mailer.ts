import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, Mailer } from '../../domain/mail.ts';

/**
 * Where there is no SMTP, digests are files in the data folder: one to look at, and its text. Written again,
 * the files are the same.
 */
export function buildFolderMailer({ dataDir }: { dataDir: string }): Mailer {
  const folder = join(dataDir, 'digests');
  const place = ({ key }: Mail, ending: string) =>
    join(folder, `${key.slice(0, key.lastIndexOf('.'))}.${ending}`);
  return {
    kind: 'folder',
    target: folder,
    async send(mail) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await replaceFile(place(mail, 'txt'), mail.text);
        await replaceFile(place(mail, 'html'), mail.html);
        return { kind: 'sent', receipt: place(mail, 'html') };
      } catch (error) {
        return { kind: 'retry', error: error instanceof Error ? error.message : String(error) };
      }
    },
    lookup: async () => ({ kind: 'not_sent' }),
  };
}

/** Whole or not at all: a reader never sees half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
