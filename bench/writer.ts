/** The other process of the latency measurement: brings in one message for each number it is sent. */
import { openApp } from '../src/app.ts';
import { injectMessage } from '../src/runtime/owner/inject-message.ts';
import { readBenchConfig } from './folder.ts';
import { preciseNow } from './measure.ts';

const [dataDir = ''] = process.argv.slice(2);
const config = readBenchConfig(dataDir, '0');
const stored = { at: 0 };
const face = await openApp(config, {
  failpoint: (name) => {
    if (name === 'owner.written') stored.at = preciseNow();
  },
});

process.on('message', async (n: number) => {
  const message = {
    channel: 'loopback' as const,
    from: 'desk',
    text: `Out of office, ${n}`,
    inReplyTo: null,
  };
  await injectMessage(face.owner, { ...message, externalId: `w${n}` });
  process.send?.(stored.at);
});
process.send?.('ready');
