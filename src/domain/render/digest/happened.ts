import { formatShare } from '../../../lib/share.ts';
import type { Highlight } from '../../brief.ts';
import type { Digest, DigestDecision, DigestMessage, DigestStory } from '../../digest.ts';
import { renderLine } from '../quote.ts';
import { badgeOf } from './jorbs.ts';
import { renderProblem } from './needs.ts';
import {
  type Block,
  faint,
  head,
  items,
  type Line,
  line,
  type PageCard,
  type PageSection,
  title,
} from './page.ts';
import type { When } from './when.ts';
import {
  count,
  nameContact,
  nameJorb,
  noteCut,
  noteMore,
  renderDelivery,
  renderName,
  showMessages,
} from './words.ts';

/** What went wrong, but for what waits for the owner. */
export function renderFailures({ problems, lateReplies, failures, more }: Digest, when: When): PageSection[] {
  const failed = problems.filter(({ kind }) => kind === 'failed');
  const rest = more.problems + more.failures + more.lateReplies;
  if (failed.length + lateReplies.length + failures.length + rest === 0) return [];
  return [
    {
      title: 'What went wrong, or came late',
      cards: [
        ...failed.map((problem) => renderProblem(problem, when)),
        ...lateReplies.map((reply) => renderLateReply(reply, when)),
      ],
      blocks: [
        ...renderHighlights(failures, when),
        ...noteMore(more.problems, [
          'message that was not sent, or may not have been',
          'messages that were not sent, or may not have been',
        ]),
        ...noteMore(more.lateReplies, ['late reply', 'late replies']),
        ...noteMore(more.failures, 'fault'),
      ],
    },
  ];
}

function renderLateReply(reply: Digest['lateReplies'][number], when: When): PageCard {
  const { id, jorbId, jorbName, text, at } = reply;
  return {
    title: 'A late reply',
    badge: { text: 'late', tone: 'calm' },
    note: [
      `from ${nameContact(reply, reply.contactName)}`,
      id,
      nameJorb({ id: jorbId, name: jorbName }),
      when(at),
    ],
    blocks: [
      { kind: 'quote', text: text.text },
      ...noteCut(text, showMessages(jorbId, 50)),
      faint('Its jorb was over: nobody answered, and nobody will by themselves.'),
    ],
  };
}

/** Key events, in the order of time. */
export function renderEvents({ highlights, more }: Digest, when: When): PageSection[] {
  if (highlights.length === 0) return [];
  return [
    {
      title: 'Key events',
      blocks: [
        ...renderHighlights(highlights, when),
        ...noteMore(more.highlights, ['event before them', 'events before them']),
      ],
    },
  ];
}

function renderHighlights(highlights: readonly Highlight[], when: When): Block[] {
  return items(
    highlights.map(({ at, jorbId, text, evidence }): Line => {
      const isNamed = jorbId === null || jorbId === evidence || text.includes(evidence);
      const about = isNamed ? '' : ` (${evidence})`;
      return [{ bold: when(at) }, ` ${jorbId ?? evidence}: ${renderLine(text, 300)}${about}`];
    }),
  );
}

/** All that was written, jorb by jorb, and what was decided for what reason. */
export function renderStories({ stories, more }: Digest, when: When): PageSection[] {
  if (stories.length + more.stories === 0) return [];
  return [
    {
      title: 'Messages and reasons',
      cards: stories.map((story) => renderStory(story, when)),
      blocks: noteMore(
        more.stories,
        ['jorb in which something happened', 'jorbs in which something happened'],
        {
          command: 'jorbs list --filter all',
        },
      ),
    },
  ];
}

function renderStory(story: DigestStory, when: When): PageCard {
  const { id, name, status, messages, moreMessages, decisions, moreDecisions } = story;
  const all = messages.length + moreMessages;
  return {
    title: renderName(name),
    badge: badgeOf(status),
    note: [id, count(all, 'message')],
    blocks: [
      ...noteMore(moreMessages, ['message before these', 'messages before these'], {
        command: showMessages(id, all),
      }),
      ...messages.flatMap((message) => renderMessage(message, id, when)),
      ...(decisions.length > 0 ? [title('Why')] : []),
      ...decisions.flatMap((decision) => renderDecision(decision, id, when)),
      ...noteMore(moreDecisions, 'decision', { command: `jorbs decisions ${id}` }),
    ],
  };
}

function renderMessage(message: DigestMessage, jorbId: string, when: When): Block[] {
  const { direction, id, text, at, status, contactName } = message;
  const who = nameContact(message, contactName);
  const way = direction === 'in' ? 'from' : 'to';
  return [
    head({ bold: when(at) }, ` ${way} ${who}, ${renderDelivery(direction, status)} (${id})`),
    direction === 'in' ? { kind: 'quote', text: text.text } : { kind: 'exact', text: text.text },
    ...noteCut(text, showMessages(jorbId, 50)),
  ];
}

function renderDecision(decision: DigestDecision, jorbId: string, when: When): Block[] {
  const { id, by, model, confidence, at, reasoning, actions } = decision;
  const who = model === null ? renderName(by) : `${renderName(by)} (${renderName(model)})`;
  const led = actions.map(
    (action) =>
      `${action.id}: ${words(action.kind)}${action.consequence === 'none' ? '' : ` (${words(action.consequence)})`}, ${words(action.status)}`,
  );
  return [
    head({ bold: when(at) }, ` ${who}, ${formatShare(confidence)} sure (${id})`),
    { kind: 'quote', text: reasoning.text.trim() || 'no reason given' },
    ...noteCut(reasoning, `jorbs decisions ${jorbId}`),
    ...(led.length > 0 ? [line(`It led to ${led.join('; ')}`)] : []),
  ];
}

function words(name: string): string {
  return renderLine(name.replaceAll('_', ' '), 40);
}
