import { type Approval, type ApprovalAnswer, answersFor } from '../domain/approval.ts';
import { renderApproval } from '../domain/render/approval.ts';
import { canonicalJson, sha256 } from '../lib/canonical.ts';
import { answerApproval } from '../runtime/owner/answer-approval.ts';
import type { OwnerContext } from '../runtime/owner/context.ts';
import { prepareAnswer } from '../runtime/owner/prepare-answer.ts';
import type { CliIo } from './io.ts';
import { buildOneUseCode } from './one-use-code.ts';
import { paint, printText } from './output.ts';

type Choice = ApprovalAnswer['kind'] | 'skip';

const done: Record<ApprovalAnswer['kind'], string> = {
  accept: 'accepted',
  edit: 'accepted with your text',
  decline: 'declined; nothing was sent',
  answer: 'answered',
};

/**
 * Asks the person at the terminal about one approval that was just shown to them. `left` when they
 * ended the input or pressed Ctrl-C: nothing was changed. Rejects with `Refusal` when the answer came
 * too late or the gate refuses now.
 */
export async function askForAnswer(io: CliIo, owner: OwnerContext, approval: Approval): Promise<string> {
  const choice = await askForChoice(io, approval);
  if (choice === undefined) return 'left';
  if (choice === 'skip') return `${approval.id} is left as it was.`;
  const answer = await askForWords(io, choice);
  if (answer === undefined) return 'left';
  const prepared = await prepareAnswer(owner, { id: approval.id, answer });
  if (prepared.approval.hash !== approval.hash)
    return `${approval.id} has changed since it was shown; nothing was done.`;
  if (answer.kind === 'edit') {
    printText(io, `\n${renderApproval(prepared.approval, owner.clock.now(), owner.timeZone())}\n`);
  }
  if (answer.kind !== 'decline') {
    const confirmed = await askForCode(io, hashAnswer(approval, answer));
    if (confirmed === 'left') return 'left';
    if (confirmed === 'void') return `${approval.id} is left as it was: the code was not typed.`;
  }
  const confirmedBy = answer.kind === 'decline' ? null : 'terminal';
  await answerApproval(owner, { id: approval.id, hash: approval.hash, answer, confirmedBy });
  return `${approval.id} is ${done[answer.kind]}.`;
}

async function askForChoice(io: CliIo, approval: Approval): Promise<Choice | undefined> {
  const choices: Choice[] = [...answersFor[approval.action.payload.kind], 'skip'];
  const question = `${paint(io, 'bold', choices.join(' / '))}? `;
  for (;;) {
    const typed = await io.ask(question);
    if (typed === undefined) return undefined;
    const word = typed.trim().toLowerCase();
    const matches = choices.filter((choice) => choice === word || (word !== '' && choice.startsWith(word)));
    const [only] = matches;
    if (only && matches.length === 1) return only;
    printText(io, `Type one of ${choices.join(', ')}, or its first letters.`);
  }
}

async function askForWords(io: CliIo, choice: ApprovalAnswer['kind']): Promise<ApprovalAnswer | undefined> {
  switch (choice) {
    case 'accept':
      return { kind: 'accept' };
    case 'decline': {
      const text = await io.ask('Why (or just Enter)? ');
      return text === undefined ? undefined : { kind: 'decline', text: text.trim() || null };
    }
    case 'edit':
    case 'answer': {
      const what = choice === 'edit' ? 'The text to send instead' : 'Your answer';
      const text = await askForLines(io, `${what}; end with a line that holds only a dot.`);
      return text === undefined ? undefined : { kind: choice, text };
    }
  }
}

async function askForLines(io: CliIo, prompt: string): Promise<string | undefined> {
  printText(io, prompt);
  const lines: string[] = [];
  for (;;) {
    const line = await io.ask('| ');
    if (line === undefined) return undefined;
    if (line.trim() === '.') return lines.join('\n');
    lines.push(line);
  }
}

/** What the code stands for: the bytes that were shown and the words that answer them. */
function hashAnswer({ hash }: Approval, answer: ApprovalAnswer): string {
  return sha256(canonicalJson({ hash, answer }));
}

async function askForCode(io: CliIo, bytes: string): Promise<'confirmed' | 'void' | 'left'> {
  const oneUse = buildOneUseCode(io.tokens, bytes);
  for (;;) {
    const typed = await io.ask(`To confirm, type ${paint(io, ['bold', 'yellow'], oneUse.code)}: `);
    if (typed === undefined) return 'left';
    const checked = oneUse.check(bytes, typed);
    if (checked !== 'wrong') return checked;
    printText(io, 'That is not the code.');
  }
}
