import { parseId } from '../../domain/ids.ts';
import type { JorbSummary } from '../../domain/jorb.ts';
import type { TranscriptEntry } from '../../domain/message.ts';
import { Refusal } from '../../domain/refusal.ts';
import { renderDecisions } from '../../domain/render/decision.ts';
import { renderJorb, renderJorbList } from '../../domain/render/jorb.ts';
import { renderProgressLog } from '../../domain/render/progress-log.ts';
import { renderStatus } from '../../domain/render/status.ts';
import { renderTranscript } from '../../domain/render/transcript.ts';
import { escapeInvisible } from '../../lib/text.ts';
import type { Face } from '../../runtime/face.ts';
import { getJorb } from '../../runtime/owner/get-jorb.ts';
import { listDecisions } from '../../runtime/owner/list-decisions.ts';
import { listJorbs } from '../../runtime/owner/list-jorbs.ts';
import { readProgressLog } from '../../runtime/owner/read-progress-log.ts';
import { readTranscript } from '../../runtime/owner/read-transcript.ts';
import { takeBrief } from '../../runtime/owner/take-brief.ts';
import type { Room } from '../fit-answer.ts';
import { fitBriefInto } from '../present/brief.ts';
import { presentDecision, shortenDecision } from '../present/decision.ts';
import { presentJorbDetail, presentJorbLine } from '../present/jorb.ts';
import { presentMessage, thirdPartyNote } from '../present/message.ts';
import { presentPage } from '../present/page.ts';
import { presentStatus } from '../present/status.ts';
import { readDigestContent } from './digest.ts';

/** `data` changes only when what it tells changes; `text` may also tell how long ago things were. */
export type ResourceContent = { data: Record<string, unknown>; text: string };

export const fixedResources = {
  'jorb://index': { name: 'index', title: 'Jorbs, latest activity first', read: readIndex },
  'jorb://brief': { name: 'brief', title: 'What happened since the last brief', read: readBrief },
  'jorb://progress': { name: 'progress', title: 'What context resets put on record', read: readProgress },
  'jorb://status': { name: 'status', title: 'Who runs, what waits, what is wrong', read: readSystem },
} as const;

/** The most jorbs that a list names, and messages that a transcript holds. */
const mostListed = 100;

/** Of all messages of a transcript together. Older ones are read with get_jorb and an offset. */
const mostCharacters = 200_000;

/** Of the progress log. */
const mostLines = 200;

/** A brief is bounded by itself. */
const wholeRoom: Room = { items: 5, characters: 300 };
/** Of one decision. */
const decisionRoom: Room = { items: 50, characters: 4000 };

/** Undefined when there is no such resource. */
export async function readResource(face: Face, uri: string): Promise<ResourceContent | undefined> {
  if (isFixed(uri)) return fixedResources[uri].read(face);
  const date = /^jorb:\/\/digest\/([^/?#]+)$/.exec(uri)?.[1];
  if (date !== undefined) return readDigestContent(face, date);
  const match = /^jorb:\/\/([^/?#]+)(\/transcript|\/decisions)?$/.exec(uri);
  const id = parseId('jorb', match?.[1] ?? '');
  if (id === undefined) return undefined;
  try {
    return await readPart(face, id, match?.[2]);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** The jorbs that are named one by one, latest activity first. */
export async function listNamedJorbs(face: Face): Promise<JorbSummary[]> {
  const { jorbs } = await listJorbs(face.owner, { filter: 'all', limit: mostListed, offset: 0 });
  return jorbs;
}

function isFixed(uri: string): uri is keyof typeof fixedResources {
  return Object.hasOwn(fixedResources, uri);
}

async function readIndex({ owner }: Face): Promise<ResourceContent> {
  const page = await listJorbs(owner, { filter: 'all', limit: mostListed, offset: 0 });
  return {
    data: { note: thirdPartyNote, jorbs: page.jorbs.map(presentJorbLine), total: page.total },
    text: `${thirdPartyNote}\n\n${renderJorbList(page, owner.clock.now())}`,
  };
}

async function readBrief({ owner }: Face): Promise<ResourceContent> {
  const { text, data } = fitBriefInto(await takeBrief(owner, { peek: true }), wholeRoom, owner.timeZone());
  return { data: { note: thirdPartyNote, ...data }, text: `${thirdPartyNote}\n\n${text}` };
}

async function readSystem(face: Face): Promise<ResourceContent> {
  const status = await face.readStatus();
  return { data: presentStatus(status), text: renderStatus(status, face.owner.timeZone()) };
}

async function readProgress(face: Face): Promise<ResourceContent> {
  const end = await readProgressLog(face, mostLines);
  return {
    data: {
      note: thirdPartyNote,
      file: end.file,
      lines: end.lines?.map(escapeInvisible) ?? [],
      exists: end.lines !== null,
      has_more: end.hasMore,
    },
    text: `${thirdPartyNote}\n\n${renderProgressLog(end)}`,
  };
}

function readPart(face: Face, id: string, part: string | undefined): Promise<ResourceContent> {
  switch (part) {
    case '/transcript':
      return readMessages(face, id);
    case '/decisions':
      return readDecisions(face, id);
    default:
      return readJorb(face, id);
  }
}

async function readJorb({ owner }: Face, id: string): Promise<ResourceContent> {
  const detail = await getJorb(owner, id);
  return {
    data: { note: thirdPartyNote, ...presentJorbDetail(detail) },
    text: `${thirdPartyNote}\n\n${renderJorb(detail, owner.clock.now(), owner.timeZone())}`,
  };
}

async function readMessages({ owner }: Face, id: string): Promise<ResourceContent> {
  const page = await readTranscript(owner, { id, order: 'newest', limit: mostListed, offset: 0 });
  const entries = takeWhole(page.entries);
  const shown = presentPage({ total: page.total, offset: 0, shown: entries.length });
  return {
    data: { note: thirdPartyNote, messages: entries.map(presentMessage), ...shown },
    text: `${thirdPartyNote}\n\n${renderTranscript({ entries, total: page.total, nextOffset: shown.next_offset ?? null }, owner.timeZone())}`,
  };
}

async function readDecisions({ owner }: Face, id: string): Promise<ResourceContent> {
  const { decisions, rest } = await listDecisions(owner, { jorbId: id, limit: mostListed });
  const shown = decisions.map((decision) => shortenDecision(decision, decisionRoom));
  return {
    data: { note: thirdPartyNote, decisions: shown.map(presentDecision), rest },
    text: `${thirdPartyNote}\n\n${renderDecisions({ decisions: shown, rest }, owner.timeZone())}`,
  };
}

/** The newest messages, whole, as many as have room; the newest always. */
function takeWhole(entries: TranscriptEntry[]): TranscriptEntry[] {
  let left = mostCharacters;
  return entries.filter((entry, index) => {
    left -= entry.text.length;
    return index === 0 || left >= 0;
  });
}
