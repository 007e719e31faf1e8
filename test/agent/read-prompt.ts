/** What a fake model reads from the blocks of a turn's prompt, by the marks that only the prompt can write. */
export type ReadPrompt = {
  plan: string;
  /** `channel:address`, with whether it wants no messages. */
  contacts: { key: string; optedOut: boolean }[];
  triggers: string[];
  phases: { status: string; title: string }[];
  past: ReadMessage[];
  news: ReadMessage[];
  /** The answers that are new in this turn. */
  answers: { id: string; status: string; words: string | null }[];
  pending: string[];
  guidance: string[];
};

export type ReadMessage = { eventId: string; from: string; grade: string; text: string };

const opening = /^\[(\w+)\] from (\S+) \(grade (\w+)\) .*\[quote (\w+)\]$/;

export function readPrompt(input: readonly string[]): ReadPrompt {
  const [errand = '', ...history] = input;
  const turn = history.pop() ?? '';
  const section = (title: string) => readSection(turn, title);
  return {
    plan: readIndented(readSection(errand, 'The plan')).join('\n'),
    contacts: readSection(errand, 'Contacts').flatMap((line) => {
      const [, key, flag] = /^- (\S+:\S+)( \(wants no messages\))?/.exec(line) ?? [];
      return key === undefined ? [] : [{ key, optedOut: flag !== undefined }];
    }),
    triggers: (/^because of: (.*)$/m.exec(turn)?.[1] ?? '').split(', '),
    phases: section('Phases').flatMap((line) => {
      const [, status, title] = /^- (\w+): (.*)$/.exec(line) ?? [];
      return status === undefined || title === undefined ? [] : [{ status, title }];
    }),
    past: history.flatMap((block) => readMessages(block.split('\n'))),
    news: readMessages(section('New messages')),
    answers: readAnswers(section('What the owner answered now')),
    pending: section('Waiting for the owner').flatMap((line) => /^\[(\w+)\] pending/.exec(line)?.[1] ?? []),
    guidance: splitBefore(section('New words of the owner'), /Z:$/).map((lines) =>
      readIndented(lines).join('\n'),
    ),
  };
}

/** The lines of others in them, each behind its `> `, up to the end line with the same mark. */
function readMessages(lines: readonly string[]): ReadMessage[] {
  return lines.flatMap((line, index) => {
    const [, eventId, from, grade, mark] = opening.exec(line) ?? [];
    if (!eventId || !from || !grade || !mark) return [];
    const end = lines.indexOf(`[end of ${eventId} ${mark}]`, index);
    const text = lines.slice(index + 1, end).map((quoted) => quoted.slice(2));
    return [{ eventId, from, grade, text: text.join('\n') }];
  });
}

function readAnswers(lines: readonly string[]): ReadPrompt['answers'] {
  return splitBefore(lines, /^\[approval_/).flatMap((entry) => {
    const [, id, status] = /^\[(approval_\d+)\] (\w+):/.exec(entry[0] ?? '') ?? [];
    const words = readIndented(entry);
    if (id === undefined || status === undefined) return [];
    return [{ id, status, words: words.length === 0 ? null : words.join('\n') }];
  });
}

/** The lines under the heading that begins so. */
function readSection(block: string, title: string): string[] {
  const lines = block.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## ${title}`));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  return end < 0 ? rest : rest.slice(0, end);
}

function readIndented(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('    ')).map((line) => line.slice(4));
}

function splitBefore(lines: readonly string[], head: RegExp): string[][] {
  const parts: string[][] = [];
  for (const line of lines) {
    if (head.test(line)) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
}
