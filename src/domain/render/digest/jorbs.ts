import { plural } from '../../../lib/text.ts';
import type { Digest, DigestEnding, DigestJorb } from '../../digest.ts';
import { type JorbStatus, waitsUnasked } from '../../jorb.ts';
import { pauseWords } from '../jorb.ts';
import type { Tone } from '../mail-layout.ts';
import { renderLine } from '../quote.ts';
import {
  answer,
  type Block,
  head,
  items,
  joined,
  type Line,
  line,
  type PageCard,
  type PageSection,
  title,
} from './page.ts';
import type { When } from './when.ts';
import { formatCount, nameContact, noteCut, noteMore, renderName, showMessages } from './words.ts';

const tones: Record<JorbStatus, Tone> = {
  planning: 'quiet',
  running: 'calm',
  paused: 'attention',
  complete: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

export function badgeOf(status: JorbStatus): PageCard['badge'] {
  return { text: status, tone: tones[status] };
}

/** Jorbs that are open and need nobody. */
export function renderActive({ active, more, open }: Digest, when: When): PageSection[] {
  const others = active.filter(({ pauseCause }) => !waitsUnasked(pauseCause));
  const total = open.planning + open.running + open.paused;
  if (total === 0) return [];
  const waiting = active.length - others.length;
  return [
    {
      title: `Open jorbs (${formatCount(total)})`,
      ...(waiting > 0 && { note: `${waiting} of them ${plural(waiting, 'waits', 'wait')} for you, above.` }),
      cards: others.map((jorb) => cardOfJorb(jorb, when)),
      blocks: noteMore(more.active, 'open jorb', { command: 'jorbs list' }),
    },
  ];
}

export function cardOfJorb(jorb: DigestJorb, when: When): PageCard {
  const { id, name, status, pauseCause, reason, summary, lastActivityAt, approvals, wakeAt, wakeReason } =
    jorb;
  const cause = pauseCause ? `Paused (${pauseWords[pauseCause]})` : null;
  // What it waits for is named below.
  const isNamed = approvals.some((approval) => reason?.endsWith(` ${approval}`));
  const why = reason && !isNamed ? [{ quoted: renderLine(reason, 300) }] : [];
  return {
    title: renderName(name),
    badge: badgeOf(status),
    note: [id, `last activity ${when(lastActivityAt)}`],
    blocks: [
      ...(cause
        ? [line(cause, ...(why.length > 0 ? [': ', ...why] : []))]
        : why.length > 0
          ? [line(...why)]
          : []),
      ...(summary && !reason?.includes(summary)
        ? [line('Where it stands: ', { quoted: renderLine(summary, 600) })]
        : []),
      ...(approvals.length > 0
        ? [
            line(
              'Waits for ',
              ...joined(
                approvals.map((approval) => ({ bold: approval })),
                ', ',
              ),
            ),
          ]
        : []),
      // One that is paused looks at nothing.
      ...(wakeAt === null || status !== 'running'
        ? []
        : [line('Looks again ', { bold: when(wakeAt) }, ...because(wakeReason))]),
      ...(jorb.promises.length > 0 ? [title('Promises')] : []),
      ...items(jorb.promises.map((promise) => renderPromise(promise, when))),
      ...noteMore(jorb.morePromises, 'promise', { command: `jorbs show ${id}` }),
      ...(waitsUnasked(pauseCause)
        ? [answer('To let it go on, say to your assistant: ', { command: `resume ${id}` })]
        : []),
    ],
  };
}

function because(reason: string | null): Line {
  return reason ? [': ', { quoted: renderLine(reason, 200) }] : [];
}

function renderPromise(
  { id, by, with: other, text, dueAt }: DigestJorb['promises'][number],
  when: When,
): Line {
  const who = nameContact(other, null);
  return [
    ...(dueAt === null ? [] : [{ bold: `by ${when(dueAt)}` }, ' ']),
    `${by === 'us' ? `we to ${who}` : `${who} to us`} (${id}): `,
    { quoted: renderLine(text, 300) },
  ];
}

/** What was accomplished, what was not, and what proves it. */
export function renderEnded({ ended, more }: Digest, when: When): PageSection[] {
  if (ended.length === 0) return [];
  return [
    {
      title: `Finished (${formatCount(ended.length + more.ended)})`,
      cards: ended.map((ending) => cardOfEnding(ending, when)),
      blocks: noteMore(more.ended, 'finished jorb', { command: 'jorbs list --filter closed' }),
    },
  ];
}

function cardOfEnding(ending: DigestEnding, when: When): PageCard {
  const { id, name, status, reason, summary, at } = ending;
  const what = status === 'complete' ? 'Outcome' : 'Why';
  return {
    title: renderName(name),
    badge: badgeOf(status),
    note: [id, when(at)],
    blocks: [
      ...(reason ? [line(`${what}: `, { quoted: renderLine(reason, 600) })] : []),
      ...(summary && !reason?.includes(summary)
        ? [line('Where it stood: ', { quoted: renderLine(summary, 600) })]
        : []),
      ...(status === 'complete' ? renderProof(ending) : []),
    ],
  };
}

function renderProof({ id, evidence, moreEvidence }: DigestEnding): Block[] {
  if (evidence.length === 0) return [line({ bold: 'Unconfirmed' }, ': no message proves it.')];
  return [
    title('Evidence'),
    ...evidence.flatMap(({ id: eventId, from, text }): Block[] =>
      text === null
        ? [line(eventId)]
        : [
            head(`${from ? renderName(from, 200) : 'somebody'} (${eventId}):`),
            { kind: 'quote', text: text.text },
            ...noteCut(text, showMessages(id, 50)),
          ],
    ),
    ...noteMore(moreEvidence, ['message that proves it', 'messages that prove it'], {
      command: `jorbs show ${id}`,
    }),
  ];
}
