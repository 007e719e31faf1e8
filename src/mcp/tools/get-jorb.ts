import { z } from 'zod';
import type { Approval } from '../../domain/approval.ts';
import type { JorbDetail } from '../../domain/jorb.ts';
import type { TranscriptEntry, TranscriptPage } from '../../domain/message.ts';
import { renderApproval } from '../../domain/render/approval.ts';
import { renderJorb } from '../../domain/render/jorb.ts';
import { renderTranscript } from '../../domain/render/transcript.ts';
import { sha256 } from '../../lib/canonical.ts';
import { shorten } from '../../lib/text.ts';
import type { Face } from '../../runtime/face.ts';
import { getJorb as get } from '../../runtime/owner/get-jorb.ts';
import { readTranscript } from '../../runtime/owner/read-transcript.ts';
import { defineTool, type ToolAnswer } from '../define-tool.ts';
import { fitAnswer, type Room } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { approvalShape, presentApproval, shortenApproval } from '../present/approval.ts';
import { jorbDetailShape, presentJorbDetail, shortenDetail } from '../present/jorb.ts';
import { messageShape, presentMessage, thirdPartyNote } from '../present/message.ts';
import { pageFields, presentPage } from '../present/page.ts';
import { waitForChange } from '../wait-for-change.ts';
import { idField, offsetField, readOnly } from './fields.ts';

const output = z.object({
  changed: z.boolean().optional().describe('Of a call that waited'),
  jorb: jorbDetailShape,
  approvals: z.array(listTersely(approvalShape)),
  messages: z.array(listTersely(messageShape)),
  ...pageFields,
  cut: z.string().optional(),
});

export const getJorb = defineTool({
  name: 'get_jorb',
  title: 'Get a jorb',
  description:
    'One jorb: plan, contract, contacts, facts, pending approvals in full, newest messages. With wait_seconds it answers when something changes, or then.',
  hints: readOnly,
  input: z.strictObject({
    id: idField('jorb_47'),
    wait_seconds: z.int().min(0).max(25).default(0),
    messages: z.int().min(0).max(50).default(5).describe('How many messages, newest first'),
    offset: offsetField,
  }),
  output,
  needsRuntime: ({ wait_seconds }) => wait_seconds > 0,
  async handle(face, { id, wait_seconds, messages, offset }, call) {
    // That a model is being asked is no change yet.
    const read = async () => sha256(JSON.stringify({ ...(await get(face.owner, id)), models: null }));
    const changed =
      wait_seconds > 0 ? await waitForChange(face, call, { seconds: wait_seconds, read }) : undefined;
    const detail = await get(face.owner, id);
    const approvals = await face.owner.store.listPendingApprovals({ jorbId: detail.jorb.id, limit: 20 });
    const page = await readTranscript(face.owner, {
      id,
      order: 'newest',
      limit: Math.max(1, messages),
      offset,
    });
    const shown = { ...page, entries: page.entries.slice(0, messages) };
    return fitAnswer((room) => describe(face, { detail, approvals, page: shown, offset, changed }, room));
  },
});

type Found = {
  detail: JorbDetail;
  approvals: Approval[];
  page: TranscriptPage;
  offset: number;
  changed: boolean | undefined;
};

type Shown = Pick<Found, 'detail' | 'approvals'> & { entries: TranscriptEntry[] };

function describe(face: Face, found: Found, room: Room): ToolAnswer<z.infer<typeof output>> {
  const { clock } = face.owner;
  const timeZone = face.owner.timeZone();
  const shown = shortenFound(found, room);
  const { detail, approvals, entries } = shown;
  const page = presentPage({ total: found.page.total, offset: found.offset, shown: entries.length });
  const cut = describeCut(found, shown);
  const text = [
    ...(found.changed === false ? ['Nothing changed meanwhile.'] : []),
    ...(approvals.length + entries.length + detail.facts.length + detail.promises.length > 0
      ? [thirdPartyNote]
      : []),
    renderJorb(detail, clock.now(), timeZone),
    ...approvals.map((approval) => renderApproval(approval, clock.now(), timeZone)),
    entries.length > 0
      ? renderTranscript({ entries, total: page.total, nextOffset: page.next_offset ?? null }, timeZone)
      : `${page.total} messages in all.`,
    ...(cut ? [cut] : []),
  ];
  return {
    text: text.join('\n\n'),
    data: {
      ...(found.changed !== undefined && { changed: found.changed }),
      jorb: presentJorbDetail(detail),
      approvals: approvals.map(presentApproval),
      messages: entries.map(presentMessage),
      ...page,
      ...(cut && { cut }),
    },
  };
}

function shortenFound({ detail, approvals, page }: Found, room: Room): Shown {
  return {
    detail: shortenDetail(detail, room),
    approvals: approvals.slice(0, room.items).map((approval) => shortenApproval(approval, room)),
    entries: page.entries
      .slice(0, room.items)
      .map((entry) => ({ ...entry, text: shorten(entry.text, room.characters) })),
  };
}

function describeCut({ detail, approvals, page }: Found, shown: Shown): string | undefined {
  const whole = JSON.stringify([detail, approvals, page.entries]);
  if (JSON.stringify([shown.detail, shown.approvals, shown.entries]) === whole) return undefined;
  const { id } = detail.jorb;
  return `Parts are cut to fit (marked …, or left out of a list): ask for fewer messages, or read jorb://${id} and jorb://${id}/transcript.`;
}
