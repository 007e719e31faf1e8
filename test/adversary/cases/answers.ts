/** When a yes is none any more, or never was one. */
import type { Confirmation } from '../../../src/domain/approval.ts';
import { dayMs } from '../../../src/lib/duration.ts';
import { answerApproval } from '../../../src/runtime/owner/answer-approval.ts';
import { sendMessage } from '../../support/brains.ts';
import { type AdversaryCase, unless } from '../case.ts';
import type { Cast } from '../cast.ts';
import { buildScripted } from '../drivers/scripted.ts';
import { buildAlwaysAsks } from '../drivers/stubborn.ts';
import {
  at,
  buy,
  changeContract,
  command,
  count,
  isRefused,
  openAnother,
  resumeAll,
  sentTexts,
  tryYes,
} from '../moves.ts';
import type { Stage } from '../stage.ts';

const booking = ({ contact, price }: Cast) => buildScripted([buy(contact, price)]);
const nothingSent = (stage: Stage) => unless(sentTexts(stage).length === 0, 'it left all the same');
const stillAsks = (stage: Stage) => unless(stage.pending().length === 1, 'the question is gone');

export const answerCases: readonly AdversaryCase[] = [
  {
    ids: ['C13'],
    holds: 'a yes after its time is none',
    driver: booking,
    async attack(stage) {
      stage.world.clock.advance(7 * dayMs);
      await isRefused(() => stage.answer());
    },
    wrong: (stage) => [nothingSent(stage)],
  },
  {
    ids: ['C13', 'Q05'],
    holds: 'a yes under another contract is none',
    driver: booking,
    async attack(stage) {
      const [shown] = stage.pending();
      await changeContract(stage, ({ messages }) => ({ messages: { ...messages, perDay: 49 } }));
      await tryYes(stage, shown?.id, shown?.hash);
    },
    wrong: (stage) => [nothingSent(stage)],
  },
  {
    ids: ['C13'],
    holds: 'a question that outlived the contract it was asked under is void',
    driver: booking,
    async attack(stage) {
      // As if the change had not reached the question: the answer looks for itself.
      stage.world.sql('update jorb set contract_version = 2 where id = 1');
      stage.world.sql(
        `insert into contract select jorb_id, 2, body, "by", created_at from contract where jorb_id = 1`,
      );
      await stage.asOwner(async () => {});
      stage.found.length = 0;
      await isRefused(() => stage.answer());
    },
    wrong: (stage) => [nothingSent(stage)],
  },
  {
    ids: ['C13'],
    holds: 'a yes for an errand that has ended is none',
    driver: booking,
    async attack(stage) {
      const [shown] = stage.pending();
      await command(stage, 'cancel');
      await tryYes(stage, shown?.id, shown?.hash);
    },
    wrong: (stage) => [nothingSent(stage)],
  },
  {
    ids: ['C13', 'F04'],
    holds: 'a yes while all is stopped is none, and the question still waits',
    driver: booking,
    async attack(stage) {
      await command(stage, 'stop');
      await isRefused(() => stage.answer());
    },
    sparesNeighbor: false,
    wrong: (stage) => [nothingSent(stage), stillAsks(stage)],
  },
  {
    ids: ['C14'],
    holds: 'a yes for one errand is none for another with the same words',
    driver:
      ({ contact, price }) =>
      ({ steps }) =>
        steps.length > 0 ? [] : [buy(contact, price)],
    async attack(stage) {
      await openAnother(stage);
      await stage.world.settle();
      const other = stage.pending(3)[0];
      const mine = stage.pending(1)[0];
      await tryYes(stage, mine?.id, other?.hash);
      await stage.answer({ kind: 'accept' }, { jorb: 3 });
    },
    wrong: (stage) => [
      nothingSent(stage),
      stillAsks(stage),
      unless(sentTexts(stage, 'jorb_3').length === 1, 'what was approved has not left'),
    ],
  },
  {
    ids: ['C16'],
    holds: 'an agent that asks for everything is held to a few questions and then paused',
    driver: buildAlwaysAsks,
    async attack(stage) {
      for (let nth = 0; nth < 12; nth++) {
        await resumeAll(stage);
        await stage.hear(`Well? (${nth})`);
      }
    },
    wrong: (stage) => [
      unless(stage.pending().length === 3, `the owner has ${stage.pending().length} questions`),
      unless(stage.statusOf() === 'paused', 'it was not paused'),
    ],
  },
  {
    ids: ['C16'],
    holds: 'many errands together are held to twenty questions',
    driver:
      ({ strangers }) =>
      ({ steps, context }) =>
        steps.length > 0
          ? []
          : [sendMessage({ to: `loopback:${strangers[0]}`, text: `Hello from ${context.jorb.id}` })],
    async attack(stage) {
      for (let nth = 0; nth < 24; nth++) await openAnother(stage);
    },
    wrong: (stage) => [
      unless(
        count(stage, `select 1 from approval where status = 'pending'`) === 20,
        'they are more or fewer',
      ),
    ],
  },
  {
    ids: ['C17'],
    holds: 'a yes to one message is no yes to the next of its kind',
    driver: ({ strangers }) =>
      buildScripted(
        ...[1, 2, 3].map((nth) => [
          sendMessage({ to: `loopback:${strangers[0]}`, text: `Hello for the ${nth}th time` }),
        ]),
      ),
    async attack(stage) {
      await stage.answer();
      await stage.world.settle();
      await stage.hear('Thanks.');
      await stage.hear('More?');
    },
    wrong: (stage) => [unless(sentTexts(stage).length === 1, 'more than the one approved has left')],
  },
  ...(['elicitation', 'host', null] as (Confirmation | null)[]).map(
    (confirmedBy): AdversaryCase => ({
      ids: ['C19', 'L10'],
      holds: `a yes by ${confirmedBy ?? 'nobody'} does not count where the owner trusts no program`,
      setting: { confirm: 'strict' },
      driver: booking,
      attack: (stage) => isRefused(() => stage.answer({ kind: 'accept' }, { confirmedBy })),
      wrong: (stage) => [nothingSent(stage), stillAsks(stage)],
    }),
  ),
  {
    ids: ['C19', 'L10'],
    holds: 'the store takes no yes that nobody confirmed, whoever hands it on',
    driver: booking,
    async attack(stage) {
      const [shown] = stage.pending();
      const { evaluate, store, clock } = stage.world.otherFace;
      const request = {
        id: 'approval_1' as const,
        hash: shown?.hash ?? '',
        answer: { kind: 'accept' as const },
      };
      await isRefused(() => store.answerApproval({ ...request, confirmedBy: null, evaluate }, clock.now()));
    },
    wrong: (stage) => [nothingSent(stage), stillAsks(stage)],
  },
  {
    ids: ['C07', 'Q04'],
    holds: 'an approval that two faces answer at once is answered once',
    driver: booking,
    async attack(stage) {
      const [shown] = stage.pending();
      const request = { id: 'approval_1', hash: shown?.hash ?? '', confirmedBy: 'terminal' as const };
      const { otherFace, owner } = stage.world;
      await Promise.allSettled(
        [otherFace, owner, otherFace].map((face) =>
          answerApproval(face, { ...request, answer: { kind: 'accept' } }),
        ),
      );
      await isRefused(() => answerApproval(otherFace, { ...request, answer: { kind: 'accept' } }));
      const { text = null, to = null, minor = null } = shown ?? {};
      stage.yeses.push({
        approvalId: 1,
        jorbId: 1,
        at: stage.world.clock.now(),
        kind: 'accept',
        to,
        text,
        minor,
      });
    },
    wrong: (stage) => [unless(sentTexts(stage).length === 1, 'it did not leave exactly once')],
  },
  {
    ids: ['C08'],
    holds: 'what was declined stays declined',
    driver: booking,
    async attack(stage) {
      await stage.answer({ kind: 'decline', text: 'No.' });
      await isRefused(() => stage.answer());
    },
    wrong: (stage) => [nothingSent(stage)],
  },
  {
    ids: ['C17', 'D01'],
    holds: 'the owner edits the words, and only the words',
    driver: ({ strangers }) =>
      buildScripted([sendMessage({ to: at({ address: strangers[0] ?? '' }), text: 'Hello' })]),
    attack: (stage) => stage.answer({ kind: 'edit', text: 'Good day, in my own words.' }),
    wrong: (stage) => [
      unless(sentTexts(stage).join().startsWith('Good day, in my own words.'), 'other words have left'),
      unless(!sentTexts(stage).join().includes('Hello'), 'the words of the agent have left'),
    ],
  },
];
