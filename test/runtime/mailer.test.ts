import { describe, expect, test } from 'vitest';
import { buildFolderMailer } from '../../src/channels/mail/folder-mailer.ts';
import { buildSmtpMailer } from '../../src/channels/mail/smtp-mailer.ts';
import type { LookupOutcome, SendOutcome } from '../../src/domain/channel.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { Mailer } from '../../src/domain/mail.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { computeMailDelay } from '../../src/runtime/mailer.ts';
import type { PipelineDeps } from '../../src/runtime/pipeline.ts';
import { buildQueueBrain } from '../support/brains.ts';
import { makeTestFolder } from '../support/folder.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildSettings, openSmtpHost } from '../support/smtp.ts';
import { openWorld, type World } from '../support/world.ts';

const mailRows = 'select status, attempts, error from mail order by id';

function queue({ sql, clock }: World, name = 'digest-2026-11-20'): void {
  const insert = `insert into mail (kind, key, subject, text, html, status, queued_at, available_at)
    values (?, ?, 'subject', 'text', '<p>html</p>', 'queued', ?, ?)`;
  sql(insert, name.split('-')[0], `${name}.00ff`, clock.now(), clock.now());
}

async function openWithMail(change?: (deps: PipelineDeps) => PipelineDeps): Promise<World> {
  const world = await openWorld({ brain: buildQueueBrain(), ...(change && { change }) });
  queue(world);
  return world;
}

/** The same world, but mail goes by a mailer that is changed. */
const by =
  (change: Partial<Mailer>) =>
  (deps: PipelineDeps): PipelineDeps => ({ ...deps, mailer: { ...deps.mailer, ...change } });

test('a mail leaves once, while everything is stopped too', async () => {
  const world = await openWithMail();
  await world.otherFace.store.stopEverything(null, world.clock.now());
  await world.settle();
  await world.advance(2 * dayMs);
  expect(world.mailbox.mails).toMatchObject([{ id: 'mail_1', key: 'digest-2026-11-20.00ff', attempts: 1 }]);
  expect(world.sql('select status, receipt from mail')).toEqual([
    { status: 'sent', receipt: '250 digest-2026-11-20.00ff' },
  ]);
});

describe('a mail that was not taken', () => {
  const busy: SendOutcome = { kind: 'retry', error: 'it is busy' };

  test('is tried again, later each time, and given up after a day', async () => {
    const world = await openWithMail();
    const start = world.clock.now();
    const tries: number[] = [];
    world.mailbox.answer = () => {
      tries.push((world.clock.now() - start) / minuteMs);
      return busy;
    };
    await world.advance(3 * dayMs);
    expect(tries.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(tries).toHaveLength(30);
    expect(world.sql(mailRows)).toEqual([
      { status: 'failed', attempts: 30, error: 'it is busy (given up after 1 d)' },
    ]);
    expect(await world.otherFace.store.readMailStatus()).toMatchObject({
      failed: 1,
      error: 'it is busy (given up after 1 d)',
    });
  });

  test('is not given up because the machine slept, or its clock was set', async () => {
    const world = await openWithMail();
    world.mailbox.answer = () => busy;
    await world.settle();
    world.clock.advance(365 * dayMs);
    await world.settle();
    expect(world.sql(mailRows)).toEqual([{ status: 'queued', attempts: 2, error: 'it is busy' }]);
    world.mailbox.answer = () => ({ kind: 'sent', receipt: '250 ok' });
    await world.advance(hourMs);
    expect(world.mailbox.mails).toHaveLength(1);
  });

  test.each([
    [1, minuteMs],
    [2, 2 * minuteMs],
    [6, 32 * minuteMs],
    [7, hourMs],
    [60, hourMs],
  ])('after attempt %i waits %i ms', (attempts, delay) => {
    expect(computeMailDelay(attempts)).toBe(delay);
  });

  test('and never will be fails at once', async () => {
    const world = await openWithMail();
    world.mailbox.answer = () => ({ kind: 'failed', error: 'no such user' });
    await world.advance(2 * dayMs);
    expect(world.sql(mailRows)).toEqual([{ status: 'failed', attempts: 1, error: 'no such user' }]);
  });

  test('does not hold up another', async () => {
    const world = await openWithMail();
    queue(world, 'digest-2026-11-21');
    world.mailbox.answer = ({ id }) => (id === 'mail_1' ? busy : { kind: 'sent', receipt: '250 ok' });
    await world.settle();
    expect(world.sql(mailRows)).toMatchObject([{ status: 'queued' }, { status: 'sent' }]);
  });
});

describe('a mail that may have been taken is unknown and stays so when the mailer', () => {
  test.each<[string, Mailer['send']]>([
    ['does not know', async () => ({ kind: 'unknown', error: 'it broke off' })],
    [
      'throws',
      async () => {
        throw new TypeError('a bug');
      },
    ],
  ])('%s', async (_, send) => {
    const world = await openWithMail(by({ send }));
    await world.advance(2 * dayMs);
    await world.crash();
    await world.advance(2 * dayMs);
    expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown', attempts: 1 }]);
  });

  test('says nothing for three minutes', async () => {
    const world = await openWithMail(by({ send: () => new Promise(() => {}) }));
    const ticking = world.tick('mailer');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.clock.advance(3 * minuteMs);
    await ticking;
    expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown' }]);
  });
});

describe('a mail whose process died', () => {
  test.each([
    ['before claimMail', 'queued', 1],
    ['after claimMail', 'unknown', 0],
    ['mail.claimed', 'unknown', 0],
    ['mail.sent', 'unknown', 1],
    ['before settleMail', 'unknown', 1],
    ['after settleMail', 'sent', 1],
    ['mail.settled', 'sent', 1],
  ])('at "%s" is %s after the next start, and arrives at most once', async (point, status, arrived) => {
    const host = await openSmtpHost();
    const world = await openWithMail((deps) => ({
      ...deps,
      mailer: buildSmtpMailer(buildSettings(host), { clock: deps.clock }),
    }));
    world.diesAt = dieOnce((reached) => reached === point);
    await world.tick('mailer');
    expect(world.crashes).toBe(1);
    expect(world.sql(mailRows)).toMatchObject([{ status }]);
    await world.advance(2 * dayMs);
    expect(host.mails).toHaveLength(arrived);
    expect(world.sql(mailRows)).toMatchObject([
      status === 'unknown'
        ? { status, error: expect.stringContaining('the mail server cannot tell whether it was accepted') }
        : { status: 'sent' },
    ]);
  });

  test.each(['mail.claimed', 'mail.sent'])('at "%s" is written again where it is a file', async (point) => {
    const dataDir = makeTestFolder();
    const world = await openWithMail((deps) => ({ ...deps, mailer: buildFolderMailer({ dataDir }) }));
    world.diesAt = dieOnce((reached) => reached === point);
    await world.tick('mailer');
    await world.settle();
    expect(world.crashes).toBe(1);
    expect(world.sql(mailRows)).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });

  test('and whose recovery died too is recovered by the next', async () => {
    const world = await openWithMail();
    world.diesAt = dieOnce((reached) => reached === 'mail.claimed');
    await world.tick('mailer');
    world.sql(`update mail set status = 'sending', leased_by = 1, error = null`);
    const points = ['before listUncertainMails', ...listKilledBy('mailer')];
    world.diesAt = (reached) => reached === points[0] && points.shift() !== undefined;
    await world.crash();
    expect(points).toEqual([]);
    await world.advance(dayMs);
    expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown', attempts: 1 }]);
    expect(world.mailbox.mails).toEqual([]);
  });

  test.each<[string, string, Partial<Mailer>]>([
    ['found', 'sent', { lookup: async () => ({ kind: 'sent', receipt: 'uid 7' }) }],
    [
      'not to be looked up',
      'unknown',
      {
        lookup: async () => {
          throw new Error('no network');
        },
      },
    ],
  ])('and that is %s is %s', async (_, status, change) => {
    const world = await openWithMail(by(change));
    world.diesAt = dieOnce((reached) => reached === 'mail.claimed');
    await world.tick('mailer');
    expect(world.sql(mailRows)).toMatchObject([{ status }]);
  });

  test('and that is looked up for too long is unknown', async () => {
    const never = () => new Promise<LookupOutcome>(() => {});
    const world = await openWithMail(by({ lookup: never }));
    world.diesAt = dieOnce((reached) => reached === 'mail.claimed');
    const ticking = world.tick('mailer');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.clock.advance(30 * secondMs);
    await ticking;
    expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown' }]);
  });
});

test('a mail that another process took over is not sent by it, nor settled by the first', async () => {
  let answer = (_: SendOutcome) => {};
  let sends = 0;
  const world = await openWithMail(
    by({
      send: () => {
        sends += 1;
        return new Promise<SendOutcome>((resolve) => {
          answer = resolve;
        });
      },
    }),
  );
  const stage = world.life.stages.find(({ name }) => name === 'mailer');
  const ticking = stage?.tick();
  while (sends === 0) await new Promise(setImmediate);
  const deposed = await world.takeOver();
  expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown' }]);
  answer({ kind: 'sent', receipt: '250 ok' });
  await expect(ticking).rejects.toBeInstanceOf(StaleEpoch);
  await deposed.close();
  await world.advance(2 * dayMs);
  expect(sends).toBe(1);
  expect(world.sql(mailRows)).toMatchObject([{ status: 'unknown', attempts: 1 }]);
});

test('a greylisted mail arrives once, by a real server', async () => {
  const host = await openSmtpHost();
  host.trouble = { at: 'recipient', does: { code: 450, text: 'in a minute' }, times: 2 };
  const world = await openWithMail((deps) => ({
    ...deps,
    mailer: buildSmtpMailer(buildSettings(host), { clock: deps.clock }),
  }));
  await world.advance(dayMs);
  expect(host.mails).toHaveLength(1);
  expect(world.sql(mailRows)).toEqual([{ status: 'sent', attempts: 3, error: null }]);
});

test('a result that the store cannot take is kept, and nothing is sent again for it', async () => {
  let isFull = true;
  const world = await openWithMail((deps) => ({
    ...deps,
    store: {
      ...deps.store,
      settleMail: async (...given) => {
        if (isFull) throw new Error('the disk is full');
        return deps.store.settleMail(...given);
      },
    },
  }));
  await expect(world.tick('mailer')).rejects.toThrow('the disk is full');
  isFull = false;
  await world.settle();
  expect(world.sql(mailRows)).toMatchObject([{ status: 'sent' }]);
  expect(world.mailbox.mails).toHaveLength(1);
});

test('what waits goes to whom the settings name now', async () => {
  const host = await openSmtpHost();
  host.trouble = { at: 'recipient', does: { code: 450, text: 'later' }, times: 1 };
  let to = 'old@example.com';
  const world = await openWithMail((deps) => ({
    ...deps,
    mailer: buildSmtpMailer(buildSettings(host, { to }), { clock: deps.clock }),
  }));
  await world.settle();
  to = 'new@example.com';
  await world.crash();
  await world.advance(hourMs);
  expect(host.mails).toMatchObject([{ to: ['new@example.com'] }]);
});
