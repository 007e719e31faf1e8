/** The other process of the latency measurement: brings in one message for each number it is sent. */
import { openApp } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { injectMessage } from '../src/runtime/owner/inject-message.ts';
import { packageRoot } from './folder.ts';
import { preciseNow } from './measure.ts';

const [dataDir = ''] = process.argv.slice(2);
const config = parseConfig(
  ['--data-dir', dataDir],
  { DEBOUNCE_LOOPBACK_SECONDS: '0' },
  {
    packageRoot,
    version: '0.0.0',
    home: dataDir,
    platform: process.platform,
    isCheckout: false,
  },
);
if (!config.ok) throw config.error;
const stored = { at: 0 };
const face = await openApp(config.value, {
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
