import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { Face } from '../../runtime/face.ts';
import { latestDigest } from '../../runtime/owner/read-digest.ts';
import { fixedResources, listNamedJorbs, readResource } from './contents.ts';

const mimeType = 'application/json';
/** Dates that are offered when one is typed. */
const mostDates = 90;

export function registerResources(server: McpServer, face: Face): void {
  const read = (uri: URL) => readContents(face, uri.toString());
  for (const [uri, { name, title }] of Object.entries(fixedResources)) {
    server.registerResource(name, uri, { title, mimeType }, read);
  }
  const complete = { id: (value: string) => completeId(face, value) };
  server.registerResource(
    'jorb',
    new ResourceTemplate('jorb://{id}', {
      list: async () => ({ resources: await listResources(face) }),
      complete,
    }),
    { title: 'One jorb', description: 'Plan, contract, contacts, facts and state', mimeType },
    read,
  );
  server.registerResource(
    'transcript',
    new ResourceTemplate('jorb://{id}/transcript', { list: undefined, complete }),
    { title: 'Messages of one jorb', description: 'Whole texts both ways, newest first', mimeType },
    read,
  );
  server.registerResource(
    'decisions',
    new ResourceTemplate('jorb://{id}/decisions', { list: undefined, complete }),
    { title: 'Decisions of one jorb', description: 'What was decided and why, newest first', mimeType },
    read,
  );
  server.registerResource(
    'digest',
    new ResourceTemplate('jorb://digest/{date}', {
      list: undefined,
      complete: { date: (value) => completeDate(face, value) },
    }),
    { title: 'One daily summary', description: 'As it was mailed; latest for the newest', mimeType },
    read,
  );
}

/** As data, and as the text that people read. */
async function readContents(face: Face, uri: string): Promise<ReadResourceResult> {
  const content = await readResource(face, uri).catch((error: unknown) => {
    face.log.error({ err: error, uri }, 'a resource could not be read');
    throw new ProtocolError(
      ProtocolErrorCode.InternalError,
      'the resource could not be read; the log of the server says why',
    );
  });
  if (content === undefined) throw new ResourceNotFoundError(uri);
  return {
    contents: [
      { uri, mimeType, text: JSON.stringify(content.data) },
      { uri, mimeType: 'text/plain', text: content.text },
    ],
  };
}

async function listResources(face: Face): Promise<{ uri: string; name: string; title: string }[]> {
  const jorbs = await listNamedJorbs(face);
  return jorbs.map(({ id, name }) => ({ uri: `jorb://${id}`, name: id, title: name }));
}

/** Ids that begin with what was typed, then those of jorbs whose name holds it. */
async function completeId(face: Face, typed: string): Promise<string[]> {
  const wanted = typed.trim().toLowerCase();
  const jorbs = await listNamedJorbs(face);
  const byId = jorbs.filter(({ id }) => id.startsWith(wanted));
  const byName = jorbs.filter((jorb) => !byId.includes(jorb) && jorb.name.toLowerCase().includes(wanted));
  return [...byId, ...byName].map(({ id }) => id);
}

async function completeDate({ owner }: Face, typed: string): Promise<string[]> {
  const digests = await owner.store.listDigests(mostDates);
  const dates = [...(digests.length > 0 ? [latestDigest] : []), ...digests.map(({ date }) => date)];
  return dates.filter((date) => date.startsWith(typed.trim().toLowerCase()));
}
