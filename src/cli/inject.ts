import type { ChannelKind } from '../domain/contact.ts';
import { Refusal } from '../domain/refusal.ts';
import { formatInstant } from '../domain/render/instant.ts';
import { injectMessage } from '../runtime/owner/inject-message.ts';
import { noPositionals, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './io.ts';
import { printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  from: { type: 'string' },
  text: { type: 'string' },
  id: { type: 'string' },
  channel: { type: 'string' },
  'reply-to': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const injectCommand: Command = {
  name: 'inject',
  usage: '--from ADDRESS --text TEXT [--id EXTERNAL_ID] [--reply-to RECEIPT] [--json]',
  summary: 'Bring a message in on the loopback channel, as if ADDRESS had written it',
  help: [
    '--id EXTERNAL_ID    the same id twice is one message; without it each call is a new one',
    '--reply-to RECEIPT  the receipt of our message that it answers',
    'Text that begins with a dash: --text=-5. With --json: { "event": ..., "isNew": ..., "releaseAt": ... }.',
  ],
  async run(call) {
    const { values } = readArguments('inject', call.args, {
      options,
      positionals: noPositionals,
    });
    const { from, text } = values;
    if (from === undefined) throw new Refusal('invalid', '--from ADDRESS is missing: who writes?', '--from');
    if (text === undefined)
      throw new Refusal('invalid', '--text TEXT is missing: what do they write?', '--text');
    const channel = readChannel(values.channel ?? 'loopback');
    const request = {
      channel,
      from,
      text,
      externalId: values.id ?? null,
      inReplyTo: values['reply-to'] ?? null,
    };
    return withFace(call, async (face) => {
      const received = await injectMessage(face.owner, request);
      if (values.json) {
        printJson(call.io, received);
        return exitCodes.done;
      }
      const { event, isNew, releaseAt } = received;
      const { runtime } = await face.readStatus();
      printText(
        call.io,
        isNew
          ? `${event.id} from ${event.address} is stored; it is read ${formatInstant(releaseAt, face.owner.timeZone())} with what else they write until then.`
          : `${event.id} was here already: the same --id is the same message.`,
      );
      if (!runtime?.live)
        printText(call.io, 'Nobody runs now: it waits until a chat assistant starts jorbs.');
      return exitCodes.done;
    });
  },
};

function readChannel(text: string): ChannelKind {
  if (text === 'loopback') return text;
  throw new Refusal(
    'invalid',
    '--channel must be loopback: no other wire takes messages by hand',
    '--channel',
  );
}
