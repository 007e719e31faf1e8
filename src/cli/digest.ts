import { join } from 'node:path';
import type { KeptDigest } from '../domain/digest.ts';
import { Refusal } from '../domain/refusal.ts';
import { renderDigestMail } from '../domain/render/digest/kept.ts';
import { describeFileError } from '../lib/regular-file.ts';
import { replaceFile } from '../lib/replace-file.ts';
import { latestDigest, readDigest } from '../runtime/owner/read-digest.ts';
import { noPositionals, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo, Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  date: { type: 'string' },
  open: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const digestCommand: Command = {
  name: 'digest',
  usage: '[--date YYYY-MM-DD] [--open] [--json]',
  summary: 'A daily summary as it was mailed, and what became of the mail',
  help: [
    '--date YYYY-MM-DD  of that day; the newest unless you say so',
    '--open             show it as it looks, in the program that opens HTML files',
  ],
  async run(call) {
    const { io } = call;
    const { values } = readArguments('digest', call.args, {
      options,
      positionals: noPositionals,
    });
    return withFace(call, async (face) => {
      const digest = await readDigest(face.owner, values.date ?? latestDigest);
      if (values.json) printJson(io, digest);
      else if (!values.open) {
        const { mail } = await face.readStatus();
        printText(io, `${renderDigestMail(digest, mail, face.owner.timeZone())}\n\n${digest.text.trimEnd()}`);
      }
      if (values.open) await show(io, face.dataDir, digest);
      return exitCodes.done;
    });
  },
};

/** The page is written where only the owner reads it; a program of theirs opens it from there. */
async function show(io: CliIo, dataDir: string, { date, html }: KeptDigest): Promise<void> {
  const file = join(dataDir, 'digests', `digest-${date}.html`);
  try {
    await replaceFile(file, html);
  } catch (error) {
    const sentence = describeFileError(error);
    if (sentence === undefined) throw error;
    throw new Refusal('unavailable', `${file} cannot be written: ${sentence}`);
  }
  try {
    await io.openFile(file);
  } catch {
    throw new Refusal('unavailable', `nothing here opens HTML files by itself; the digest is in ${file}`);
  }
  io.stderr.write(`opened ${file}\n`);
}
