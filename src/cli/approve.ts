import type { Approval } from '../domain/approval.ts';
import { parseId } from '../domain/ids.ts';
import { Refusal } from '../domain/refusal.ts';
import { renderApproval } from '../domain/render/approval.ts';
import type { Face } from '../runtime/face.ts';
import { answerApproval } from '../runtime/owner/answer-approval.ts';
import { readId } from '../runtime/owner/input.ts';
import { readArguments } from './arguments.ts';
import { askForAnswer } from './ask-for-answer.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import type { CliIo, Command } from './io.ts';
import { paint, printJson, printText } from './output.ts';
import { withFace } from './with-face.ts';

const options = {
  decline: { type: 'boolean' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const mostShown = 100;

export const approveCommand: Command = {
  name: 'approve',
  usage: '[ID] [--decline [--reason TEXT]] [--json]',
  summary: 'What waits for your yes; on a terminal you answer it here',
  help: [
    'Each approval is shown whole: who gets what, how much, why it asks. A yes needs a code that is',
    'shown on your terminal only and that you type back, so no program and no model can give it.',
    'Away from a terminal it lists what waits; with an ID it then ends with 5, since only you can answer.',
    '--decline  say no to ID without being asked: this needs no code',
    'With --json: { "approvals": [...] }.',
  ],
  async run(call) {
    const { io } = call;
    const { values, positionals } = readArguments('approve', call.args, {
      options,
      positionals: { least: 0, most: 1, names: 'the ID of one approval, or nothing' },
    });
    const [id] = positionals;
    if (values.decline && id === undefined)
      throw new Refusal('invalid', '--decline needs the ID of one approval');
    if (values.reason !== undefined && !values.decline)
      throw new Refusal('invalid', '--reason goes with --decline');
    return withFace(call, async (face) => {
      const pending = await listPending(face, id);
      if (values.decline && pending[0]) return decline(io, face, pending[0], values.reason ?? null);
      if (values.json) {
        printJson(io, { approvals: pending });
        return exitCodes.done;
      }
      if (pending.length === 0) {
        printText(io, 'Nothing waits for you.');
        return exitCodes.done;
      }
      return io.isTerminal
        ? answerEach(io, face, pending)
        : listOnly(io, face, { pending, asked: id !== undefined });
    });
  },
};

async function listPending({ owner }: Face, text: string | undefined): Promise<Approval[]> {
  if (text === undefined) return owner.store.listPendingApprovals({ jorbId: null, limit: mostShown });
  const id = readId('approval', text, 'ID');
  const approval = await owner.store.getApproval(id);
  if (!approval) throw new Refusal('not_found', `there is no approval ${id}`, 'ID');
  if (approval.status === 'pending') return [approval];
  throw new Refusal(
    approval.status === 'expired' ? 'expired' : 'conflict',
    `${id} does not wait any more: it is ${approval.status}${approval.voidReason ? ` (${approval.voidReason})` : ''}`,
    'ID',
  );
}

async function decline(
  io: CliIo,
  { owner }: Face,
  approval: Approval,
  reason: string | null,
): Promise<number> {
  const answer = { kind: 'decline' as const, text: reason };
  await answerApproval(owner, { id: approval.id, hash: approval.hash, answer, confirmedBy: null });
  printText(io, `${approval.id} is declined. Nothing was sent.`);
  return exitCodes.done;
}

function listOnly(
  io: CliIo,
  { owner }: Face,
  { pending, asked }: { pending: Approval[]; asked: boolean },
): number {
  for (const approval of pending) {
    printText(io, `${renderApproval(approval, owner.clock.now(), owner.timeZone())}\n`);
  }
  const [first] = pending;
  const which = asked && first ? `jorbs approve ${first.id}` : 'jorbs approve';
  printText(io, `To answer, run "${which}" yourself in a terminal, or confirm it in your chat program.`);
  return asked ? exitCodes.needsOwner : exitCodes.done;
}

/** Asks about one after the other. A refusal of one leaves the others to be answered. */
async function answerEach(io: CliIo, face: Face, pending: Approval[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  for (const [index, listed] of pending.entries()) {
    const approval = await reread(face, listed);
    if (!approval) continue;
    if (pending.length > 1) printText(io, paint(io, 'bold', `${index + 1} of ${pending.length}`));
    printText(io, `${renderApproval(approval, face.owner.clock.now(), face.owner.timeZone())}\n`);
    try {
      const outcome = await askForAnswer(io, face.owner, approval);
      if (outcome === 'left') {
        printText(io, 'Nothing more is changed.');
        return exitCodes.interrupted;
      }
      printText(io, `${outcome}\n`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      io.stderr.write(`jorbs: ${error.message}\n`);
      exitCode = exitCodeOf(error);
    }
  }
  return exitCode;
}

/** The one before may have taken minutes, and its answer may have changed this one. */
async function reread({ owner }: Face, { id }: Approval): Promise<Approval | undefined> {
  const known = parseId('approval', id);
  const approval = known && (await owner.store.getApproval(known));
  return approval?.status === 'pending' ? approval : undefined;
}
