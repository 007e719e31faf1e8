import { expect, it } from 'vitest';
import { describeActivity } from '../../../src/cli/demo/moments.ts';
import { openTimeline } from '../../../src/cli/demo/timeline.ts';
import type { Activity } from '../../../src/domain/activity.ts';
import { injectMessage } from '../../../src/runtime/owner/inject-message.ts';
import { openCli, seedBooking, seedJorb } from '../harness.ts';

it('tells each entry of the audit once, in order, with the decision before its effects', async () => {
  const cli = openCli();
  const { jorb } = await seedBooking(cli);
  await cli.withFace(async ({ owner }) => {
    const timeline = openTimeline(owner.store, jorb.id, owner.clock.now);
    const moments = await timeline.readNext();
    const labels = moments.map(({ label }) => label);
    expect(labels).toContain('approval');
    expect(labels.indexOf('decision')).toBeLessThan(labels.indexOf('approval'));
    expect(moments.at(-1)?.text).toContain('is paused: it waits for your answer to approval_1');
    expect(await timeline.readNext()).toEqual([]);
    const seqs = timeline.seen().map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });
});

it('holds a received message until its text can be read, and then tells the batch', async () => {
  const cli = openCli();
  const id = await seedJorb(cli);
  await cli.withFace(async ({ owner }) => {
    const { store, clock } = owner;
    const timeline = openTimeline(store, id, clock.now);
    await timeline.readNext();
    const message = { channel: 'loopback' as const, from: 'magic', externalId: null, inReplyTo: null };
    await injectMessage(owner, { ...message, text: 'Hi!' });
    const { releaseAt } = await injectMessage(owner, { ...message, text: 'A king\nfor $289.\u202e' });
    expect(await timeline.readNext()).toEqual([]);
    cli.clock.advance(releaseAt - clock.now());
    const fence = await store.raiseEpoch('test', clock.now());
    await store.releaseBatch(fence, clock.now());
    const reason = 'it is the only open jorb';
    const route = () => ({ kind: 'routed' as const, jorbId: id, rule: 'only_candidate' as const, reason });
    await store.routeBatch(fence, route, clock.now());
    const told = (await timeline.readNext()).map(({ label, text }) => `${label}: ${text}`);
    expect(told).toEqual([
      'received: from Magic (event_1): Hi!',
      'received: from Magic (event_2): A king for $289.⟨U+202E⟩',
      `batch: 1 batch from 2 messages goes to ${id}: it is the only open jorb`,
    ]);
  });
});

it('gives up on a message that no jorb gets', async () => {
  const cli = openCli();
  const id = await seedJorb(cli);
  await cli.run(['inject', '--from', 'stranger', '--text', 'Hi']);
  await cli.withFace(async ({ owner }) => {
    const timeline = openTimeline(owner.store, id, owner.clock.now);
    expect((await timeline.readNext()).map(({ label }) => label)).not.toContain('received');
    cli.clock.advance(10_000);
    expect(await timeline.readNext()).toEqual([
      expect.objectContaining({ label: 'received', text: 'event_1' }),
    ]);
  });
});

it('tells what was refused, by which rule, and in which words', async () => {
  const cli = openCli();
  const { action } = await seedBooking(cli);
  const refused = { ...action, status: 'rejected' as const, refusal: 'the contract refuses it' };
  const entry: Activity = {
    seq: 9,
    at: 1,
    actor: 'runtime',
    what: 'action.refused',
    jorbId: action.jorbId,
    subject: action.id,
    after: { rule: 'treatment' },
  };
  const nothing = new Map<string, never>();
  const rows = {
    messages: nothing,
    facts: nothing,
    approvals: nothing,
    routings: nothing,
    actions: new Map([[action.id as string, refused]]),
  };
  expect(describeActivity(entry, rows)?.text).toMatch(
    /^“Yes, please book the king for \$289 a night\..*” does not leave, by the rule treatment: the contract refuses it$/,
  );
});
