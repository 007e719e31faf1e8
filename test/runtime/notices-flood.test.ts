import { describe, expect, test } from 'vitest';
import type { JorbId } from '../../src/domain/ids.ts';
import { mostMailsPerHour } from '../../src/domain/notice.ts';
import { hourMs, minuteMs } from '../../src/lib/duration.ts';
import { buildScriptedBrain, call } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

describe('a hijacked model', () => {
  const markup =
    '<script>alert(1)</script><a href="https://evil.example/approve">Approve</a> Bcc: thief@example.com ';
  /** The gate refuses a question with such characters; a pause takes them. */
  const evil = `x\r\nBcc: thief@example.com\r\nFrom: bank@example.com\r\n\r\n\u202Etxet\u202C ${markup}${'y'.repeat(1000)}`;

  test('that asks and pauses whenever it may, however often a host resumes it, cannot flood its owner', async () => {
    let turns = 0;
    const brain = buildScriptedBrain(({ steps }) => {
      if (steps.length > 0) return [];
      turns += 1;
      return turns % 2 === 0
        ? [call('pause', { reason: `${turns} ${evil}` })]
        : Array.from({ length: 25 }, (_, index) =>
            call('ask_owner', { question: `${turns}.${index} ${markup}` }),
          );
    });
    const world = await openWorld({ brain });
    const jorbs: JorbId[] = [];
    for (let index = 0; index < 10; index++) {
      const given = buildNewJorb({ name: `Errand ${index}`, requestHash: `${index}` });
      const { jorb } = await world.otherFace.store.createJorb(given, world.clock.now());
      jorbs.push(jorb.id);
    }
    const beganAt = world.clock.now();
    for (let minute = 0; minute < 100; minute++) {
      await world.advance(minuteMs);
      const id = jorbs[minute % jorbs.length] as JorbId;
      await world.owner.store.moveJorb(id, 'resume', null, world.clock.now()).catch(() => {});
    }
    await world.advance(2 * hourMs);
    expect(turns).toBeGreaterThan(90);
    const sentAt = world.mailbox.mails.map(({ queuedAt }) => queuedAt);
    for (const at of sentAt)
      expect(sentAt.filter((other) => other > at - hourMs && other <= at).length).toBeLessThanOrEqual(
        mostMailsPerHour,
      );
    expect(sentAt.length).toBeGreaterThan(mostMailsPerHour);
    expect(sentAt.length).toBeLessThanOrEqual(mostMailsPerHour * 4);
    expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(beganAt + minuteMs);
    expect(world.sql("select * from notice where status = 'open'")).toEqual([]);
    const pending = world.sql("select 'approval_' || id id from approval where status = 'pending'");
    expect(pending.length).toBeGreaterThan(0);
    const all = world.mailbox.mails.map(({ text }) => text).join('\n');
    for (const { id } of pending) expect(all).toContain(`${id}:`);
    for (const { subject, html, ...rest } of world.mailbox.mails) {
      expect([...subject].length).toBeLessThanOrEqual(150);
      expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(html).not.toMatch(/<(script|a)\b/);
      expect(Object.keys(rest).sort()).toEqual([
        'attempts',
        'error',
        'id',
        'key',
        'kind',
        'queuedAt',
        'sentAt',
        'status',
        'text',
      ]);
    }
  });

  test('has no row in which an address for the owner’s mail could stand', async () => {
    const world = await openWorld({ brain: buildScriptedBrain(() => []) });
    for (const table of ['mail', 'notice']) {
      const columns = world.sql(`select name from pragma_table_info('${table}')`).map(({ name }) => name);
      expect(columns).not.toEqual([]);
      expect(columns.filter((name) => /to|address|recipient|from|header/i.test(String(name)))).toEqual([]);
    }
  });
});

test('a stranger who floods an errand that is over is told of in one short mail', async () => {
  const world = await openWorld({ brain: buildScriptedBrain(() => []), debounceMs: minuteMs });
  const { jorb } = await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
  await world.settle();
  await world.otherFace.store.moveJorb(jorb.id, 'cancel', null, world.clock.now());
  for (let n = 0; n < 300; n++) await world.receive({ text: `Flood ${n} ${'👩‍👩‍👧‍👦'.repeat(9000)}` });
  world.clock.advance(minuteMs);
  for (const stage of ['debouncer', 'router']) while (await world.tick(stage));
  world.clock.advance(minuteMs);
  const begun = performance.now();
  await world.tick('notices');
  expect(performance.now() - begun).toBeLessThan(500);
  const [mail] = world.sql('select text, length(html) html from mail');
  const brief = await world.owner.store.takeBrief(true, world.clock.now());
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(brief.messages.length).toBe(brief.lateReplies.length);
  expect(mail?.text).toContain('(event_1, event_2, event_3 and 297 more)');
  expect(mail?.text).toContain('> Flood 0 👩‍👩‍👧‍👦');
  expect(mail?.html).toBeLessThan(60_000);
});
