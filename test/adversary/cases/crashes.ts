/** Death at any instant, and two who think they are the one. */
import { StaleEpoch } from '../../../src/domain/fence.ts';
import { answerApproval } from '../../../src/runtime/owner/answer-approval.ts';
import { call } from '../../support/brains.ts';
import { dieOnce } from '../../support/mortality.ts';
import { type AdversaryCase, unless } from '../case.ts';
import { rest } from '../drivers/benign.ts';
import { buildScripted } from '../drivers/scripted.ts';
import { buy, changeContract, count, isRefused, sentTexts, talk } from '../moves.ts';
import type { Stage } from '../stage.ts';

/** A deposed runtime goes on as if nothing had happened. */
async function depose(stage: Stage, ticks = 1): Promise<void> {
  const deposed = await stage.world.takeOver();
  for (const { name, tick } of deposed.stages) {
    for (let nth = 0; nth < ticks; nth++) {
      try {
        if (await tick()) stage.found.push(`a deposed runtime did the work of its ${name}`);
      } catch (error) {
        if (!(error instanceof StaleEpoch)) throw error;
      }
    }
  }
  await deposed.close();
}

const points = [
  'answer.saved',
  'effect.before',
  'effect.applied',
  'before applyEffect',
  'after applyEffect',
  'delivery.claimed',
  'wire.before',
  'wire.after',
  'delivery.sent',
  'turn.ended',
];

export const crashCases: readonly AdversaryCase[] = [
  ...points.map(
    (point): AdversaryCase => ({
      ids: ['Q01', 'Q02', 'Q11'],
      holds: `a process that dies at ${point} says nothing twice and asks nothing twice`,
      driver:
        ({ contact, price }) =>
        ({ context, steps }) =>
          steps.length > 0
            ? []
            : context.triggers.includes('started')
              ? [talk(contact, 'Is a room free?')]
              : [buy(contact, price)],
      async attack(stage) {
        stage.world.diesAt = dieOnce((reached) => reached === point, 1);
        await stage.hear('We have one.');
        stage.world.diesAt = () => false;
        await stage.answer();
        stage.world.diesAt = dieOnce((reached) => reached === point, 1);
        await stage.world.settle();
      },
      wrong: (stage) => [
        unless(sentTexts(stage).length === 2, `${sentTexts(stage).length} left`),
        unless(count(stage, 'select 1 from approval') === 1, 'it was asked twice'),
      ],
    }),
  ),
  {
    ids: ['Q01', 'Q11'],
    holds: 'what was done before the process died is not done again by the next',
    driver: () => buildScripted([rest], [call('store_data', { key: 'once', value: 'yes', source: null })]),
    async attack(stage) {
      stage.world.diesAt = dieOnce((point) => point === 'effect.applied');
      await stage.hear('Go on.');
    },
    wrong: (stage) => [
      unless(count(stage, `select 1 from fact where key = 'once'`) === 1, 'it was done twice'),
      unless(
        count(stage, `select 1 from turn where jorb_id = 1 and status = 'failed'`) === 0,
        'its turn failed',
      ),
    ],
  },
  {
    ids: ['Q02'],
    holds: 'what may have left is not sent again by a wire that cannot tell',
    driver: ({ contact }) =>
      buildScripted([talk(contact, 'Is a room free?')], [talk(contact, 'And on Sunday?')]),
    async attack(stage) {
      stage.world.wire.remembers = false;
      stage.world.diesAt = dieOnce((point) => point === 'wire.after');
      await stage.hear('Yes?');
      await stage.world.crash();
      await stage.world.settle();
    },
    judging: { settled: false },
    wrong: (stage) => [
      unless(
        count(stage, `select 1 from outbox where status = 'unknown'`) === 1,
        'it is not shown as unknown',
      ),
    ],
  },
  {
    ids: ['Q02'],
    holds: 'a wire that takes a message and does not say is not tried again',
    driver: ({ contact }) =>
      buildScripted([talk(contact, 'Is a room free?')], [talk(contact, 'And on Sunday?')]),
    async attack(stage) {
      stage.world.wire.fault = ({ text }) =>
        text.startsWith('And') ? 'takes it and does not say' : undefined;
      await stage.hear('Yes?');
      await stage.world.advance(3_600_000);
    },
    judging: { settled: false },
    wrong: (stage) => [unless(sentTexts(stage).length === 2, `${sentTexts(stage).length} left`)],
  },
  {
    ids: ['O14', 'Q04'],
    holds: 'a runtime whose place was taken writes nothing and sends nothing',
    driver: ({ contact }) =>
      buildScripted([talk(contact, 'Is a room free?')], [talk(contact, 'And on Sunday?')]),
    async attack(stage) {
      const { world, cast } = stage;
      await depose(stage);
      await world.receive({ from: cast.contact.address, text: 'Yes.' });
      await depose(stage);
      await world.tick('debouncer');
      await depose(stage);
      await world.tick('router');
      await depose(stage);
      await world.tick('turns');
      await depose(stage);
    },
    wrong: (stage) => [unless(sentTexts(stage).length === 2, `${sentTexts(stage).length} left`)],
  },
  {
    ids: ['O14', 'Q04'],
    holds: 'a runtime that lost its place in the middle of a turn does not go on with it',
    driver: ({ contact }) =>
      buildScripted([talk(contact, 'Is a room free?')], [talk(contact, 'And on Sunday?')]),
    async attack(stage) {
      const box = { taken: false };
      stage.world.diesAt = (point) => {
        // The new runtime raises the epoch at the last instant before the effect of the old one.
        if (point !== 'effect.before' || box.taken) return false;
        box.taken = true;
        stage.world.sql('update runtime set epoch = epoch + 1');
        return false;
      };
      await stage.hear('Yes.').catch((error: unknown) => {
        if (!(error instanceof StaleEpoch)) throw error;
      });
      if (count(stage, `select 1 from outbox where text like 'And%'`) > 0)
        stage.found.push('it wrote all the same');
      await stage.world.crash();
    },
    wrong: (stage) => [unless(sentTexts(stage).length === 2, `${sentTexts(stage).length} left`)],
  },
  {
    ids: ['I10', 'I04', 'Q11'],
    holds: 'a message that comes ten times at once is one message',
    driver:
      ({ contact }) =>
      ({ steps, context }) =>
        steps.length > 0
          ? []
          : [rest, ...context.newMessages.map(({ eventId }) => talk(contact, `I saw ${eventId}.`))],
    async attack(stage) {
      const { world, cast } = stage;
      const copy = { from: cast.contact.address, text: 'Once.', externalId: 'provider-1' };
      await Promise.all(Array.from({ length: 10 }, () => world.receive(copy)));
      await world.settle();
      await world.crash();
      await world.receive(copy);
    },
    judging: { acknowledged: ['provider-1'] },
    wrong: (stage) => [
      unless(sentTexts(stage).length === 1, `it was answered ${sentTexts(stage).length} times`),
    ],
  },
  {
    ids: ['Q05', 'B02'],
    holds: 'two turns of one errand never run at once',
    driver: ({ contact }) => buildScripted([rest], [talk(contact, 'One?')], [talk(contact, 'Two?')]),
    async attack(stage) {
      const { world, cast } = stage;
      await world.receive({ from: cast.contact.address, text: 'Yes.' });
      await world.tick('debouncer');
      await world.tick('router');
      const turns = world.life.stages.find(({ name }) => name === 'turns');
      await Promise.all(Array.from({ length: 8 }, () => turns?.tick()));
    },
    wrong: (stage) => [
      unless(isImpossibleTurn(stage), 'the file lets two run'),
      unless(sentTexts(stage).length <= 1, 'both spoke'),
    ],
  },
  {
    ids: ['Q05', 'C13'],
    holds: 'a decision that was stored before the contract changed is judged by the new one',
    driver: ({ contact }) => buildScripted([rest], [talk(contact, 'Is a room free?')]),
    async attack(stage) {
      stage.world.diesAt = dieOnce((point) => point === 'answer.saved');
      const { world, cast } = stage;
      await world.receive({ from: cast.contact.address, text: 'Yes.' });
      await world.tick('debouncer');
      await world.tick('router');
      await world.tick('turns');
      await changeContract(stage, ({ counterparties }) => ({ counterparties: counterparties.slice(1) }), [
        cast.second,
      ]);
      await world.settle();
    },
    wrong: (stage) => [
      unless(sentTexts(stage).length === 0, 'the old contract held'),
      unless(stage.pending().length === 1, 'the new recipient was not asked'),
    ],
  },
  {
    ids: ['Q08', 'Q10'],
    holds: 'a message has one key, an action one message and one sum, for ever',
    driver: ({ contact, price }) => buildScripted([talk(contact, 'Is a room free?')], [buy(contact, price)]),
    wrong: ({ world }) => {
      const keys = world.sql('select key, action_id from outbox').map(({ key }) => String(key));
      return [
        unless(
          keys.every((key) => /^action_\d+-.{16,}$/.test(key)),
          'a key can be guessed',
        ),
        unless(
          throws(() =>
            world.sql(`insert into outbox (action_id, jorb_id, address_id, key, text, hash, status, queued_at, available_at)
          select action_id, jorb_id, address_id, 'another', text, hash, 'queued', 1, 1 from outbox`),
          ),
          'an action has two messages',
        ),
        unless(
          throws(() =>
            world.sql(`insert into outbox (action_id, jorb_id, address_id, key, text, hash, status, queued_at, available_at)
          select (select max(id) from action), jorb_id, address_id, key, text, hash, 'queued', 1, 1 from outbox limit 1`),
          ),
          'a key is used twice',
        ),
        unless(
          throws(() =>
            world.sql(`insert into event (channel, account, external_id, conversation_id, batch_id, text, received_at, status)
          select channel, account, external_id, conversation_id, batch_id, 'again', 1, 'received' from event`),
          ),
          'a message is in twice',
        ),
      ];
    },
    attack: (stage) => stage.hear('Yes.'),
  },
  {
    ids: ['C07', 'Q01'],
    holds: 'a yes that dies on its way is whole or it is none',
    driver: ({ contact, price }) => buildScripted([buy(contact, price)]),
    async attack(stage) {
      const [shown] = stage.pending();
      const { world } = stage;
      world.diesAt = dieOnce((point) => point === 'after answerApproval');
      const request = { id: 'approval_1', hash: shown?.hash ?? '', answer: { kind: 'accept' as const } };
      await world.attempt(() => answerApproval(world.owner, { ...request, confirmedBy: 'terminal' }));
      const { text = null, to = null, minor = null } = shown ?? {};
      stage.yeses.push({ approvalId: 1, jorbId: 1, at: world.clock.now(), kind: 'accept', to, text, minor });
      await isRefused(() => stage.answer());
    },
    wrong: (stage) => [unless(sentTexts(stage).length === 1, `${sentTexts(stage).length} left`)],
  },
];

function isImpossibleTurn({ world }: Stage): boolean {
  const insert = `insert into turn (jorb_id, status, triggers, epoch, leased_until, started_at) values (1, 'running', '[]', 1, 1, 1)`;
  return throws(() => {
    world.sql(insert);
    world.sql(insert);
  });
}

function throws(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}
