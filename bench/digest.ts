import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Fence } from '../src/domain/fence.ts';
import { renderDigest } from '../src/domain/render/digest/digest.ts';
import type { Store } from '../src/domain/store.ts';
import { buildNewJorb } from '../test/support/store.ts';
import { openBenchStore, withFolder } from './folder.ts';
import { median, milliseconds, type Row, time } from './measure.ts';

const messagesPerJorb = 50;
const repetitions = 25;
/** A digest is composed once a day, in a transaction that others wait for. */
const mostMs = 100;

type Day = { store: Store; fence: Fence };

/** Both tell of a day on which every jorb wrote and was written to; with a hundred times the jorbs. */
export function measureDigest(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const few = await fill(join(folder, 'few'), 10);
    const many = await fill(join(folder, 'many'), 1000);
    const digest = await compare(few, many, compose);
    const brief = await compare(few, many, ({ store }) => store.takeBrief(true, Date.now()));
    await few.store.close();
    await many.store.close();
    const what = `1,000 jorbs × ${messagesPerJorb} messages in one day`;
    const row = (name: string, { manyMs, fewMs }: typeof digest) => ({
      what: `${name} of ${what}`,
      ours: milliseconds(manyMs),
      floor: `${milliseconds(fewMs)}, of 10 jorbs`,
      ratio: manyMs / fewMs,
    });
    return [
      {
        ...row('digest, composed and rendered,', digest),
        target: `≤ ${mostMs} ms`,
        met: digest.manyMs <= mostMs,
      },
      { ...row('`brief`', brief), target: '≤ 50 ms', met: brief.manyMs <= 50 },
    ];
  });
}

async function compare(few: Day, many: Day, work: (day: Day) => unknown) {
  const seconds: { few: number[]; many: number[] } = { few: [], many: [] };
  for (let n = 0; n < repetitions; n += 1) {
    seconds.few.push(await time(() => work(few)));
    seconds.many.push(await time(() => work(many)));
  }
  return { manyMs: median(seconds.many) * 1000, fewMs: median(seconds.few) * 1000 };
}

class TakenBack extends Error {}

/** The transaction is rolled back at its end, so that the next time tells the same. */
async function compose({ store, fence }: Day): Promise<void> {
  const render = (digest: Parameters<typeof renderDigest>[0]): never => {
    renderDigest(digest, 'Europe/Berlin');
    throw new TakenBack();
  };
  const request = { date: '2026-11-20', render, sendsEmpty: true };
  await store.composeDigest(fence, request, Date.now()).catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
}

/** Jorbs through the store; their messages, for speed, by rows that the store could have written. */
async function fill(dataDir: string, jorbs: number): Promise<Day> {
  const store = await openBenchStore(dataDir);
  const start = Date.now() - 3_600_000;
  for (let n = 0; n < jorbs; n += 1) {
    await store.createJorb(buildNewJorb({ name: `Errand ${n + 1}` }), start + n);
  }
  const raw = new Database(join(dataDir, 'jorbs.db'));
  raw.transaction(() => fillMessages(raw, jorbs, start))();
  raw.close();
  return { store, fence: await store.raiseEpoch('bench', Date.now()) };
}

function fillMessages(raw: Database.Database, jorbs: number, start: number): void {
  const insert = (table: string, columns: string[]) =>
    raw.prepare<Record<string, unknown>>(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    );
  const statements = {
    conversation: insert('conversation', ['address_id', 'account']),
    batch: insert('batch', [
      'conversation_id',
      'status',
      'opened_at',
      'release_at',
      'released_at',
      'routed_at',
      'route_reason',
    ]),
    event: insert('event', [
      ...[
        'channel',
        'account',
        'external_id',
        'conversation_id',
        'batch_id',
        'text',
        'received_at',
        'status',
        'jorb_id',
      ],
    ]),
    action: insert('action', [
      ...[
        'jorb_id',
        'payload',
        'hash',
        'contract_version',
        'consequence',
        'findings',
        'status',
        'created_at',
      ],
    ]),
    outbox: insert('outbox', [
      ...[
        'action_id',
        'jorb_id',
        'address_id',
        'key',
        'text',
        'hash',
        'status',
        'queued_at',
        'available_at',
        'sent_at',
        'receipt',
      ],
    ]),
    decision: insert('decision', [
      ...[
        'kind',
        'jorb_id',
        'by',
        'reasoning',
        'confidence',
        'based_on',
        'input_tokens',
        'cached_tokens',
        'output_tokens',
        'at',
      ],
    ]),
    call: insert('model_call', [
      ...[
        'purpose',
        'jorb_id',
        'model',
        'status',
        'reserved_micros',
        'cost_micros',
        'input_tokens',
        'output_tokens',
        'at',
        'closed_at',
      ],
    ]),
    audit: insert('audit', ['at', 'actor', 'what', 'jorb_id', 'subject', 'after', 'hash']),
  };
  const add = (name: keyof typeof statements, row: Record<string, unknown>) =>
    Number(statements[name].run(row).lastInsertRowid);
  const [address] = raw.prepare<[], { id: number }>('SELECT id FROM address LIMIT 1').all();
  const address_id = address?.id;
  const conversation_id = add('conversation', { address_id, account: 'local' });

  for (let n = 0; n < jorbs * messagesPerJorb; n += 1) {
    const at = start + n;
    const jorb_id = (n % jorbs) + 1;
    const common = { at, actor: 'runtime', jorb_id, hash: `${n}` };
    if (Math.floor(n / jorbs) % 2 === 0) {
      const times = { opened_at: at, release_at: at, released_at: at, routed_at: at };
      const batch_id = add('batch', { conversation_id, status: 'released', route_reason: 'bench', ...times });
      const event = add('event', {
        ...{
          channel: 'loopback',
          account: 'local',
          external_id: `e${n}`,
          conversation_id,
          batch_id,
          jorb_id,
        },
        ...{ text: 'We have a room at $289 a night.', received_at: at, status: 'handled' },
      });
      add('audit', {
        ...common,
        what: 'message.received',
        jorb_id: null,
        subject: `event_${event}`,
        after: null,
      });
      const after = JSON.stringify({ events: [`event_${event}`] });
      add('audit', { ...common, what: 'message.routed', subject: `batch_${batch_id}`, after });
    } else {
      const text = 'Is a room free from March 17 to 21?';
      const payload = JSON.stringify({
        kind: 'send_message',
        to: { channel: 'loopback', address: 'magic' },
        text,
        price: null,
      });
      const decided = {
        by: 'bench',
        reasoning: 'They have not answered yet.',
        confidence: 0.9,
        based_on: '[]',
      };
      add('decision', {
        kind: 'turn',
        jorb_id,
        at,
        ...decided,
        input_tokens: 10,
        cached_tokens: 0,
        output_tokens: 2,
      });
      const cost = {
        reserved_micros: 90,
        cost_micros: 90,
        input_tokens: 10,
        output_tokens: 2,
        closed_at: at,
      };
      add('call', { purpose: 'turn', jorb_id, model: 'bench', status: 'settled', at, ...cost });
      const judged = {
        contract_version: 1,
        consequence: 'message',
        findings: '[]',
        status: 'done',
        created_at: at,
      };
      const action_id = add('action', { jorb_id, payload, hash: `h${n}`, ...judged });
      const sent = { status: 'sent', queued_at: at, available_at: at, sent_at: at, receipt: `r${n}` };
      const outbox = add('outbox', {
        action_id,
        jorb_id,
        address_id,
        key: `k${n}`,
        text,
        hash: `h${n}`,
        ...sent,
      });
      add('audit', { ...common, what: 'message.sent', subject: `outbox_${outbox}`, after: null });
    }
  }
}
