const exactIndent = ' '.repeat(4);

/**
 * Breaks lines at spaces so that none is wider than `width`; what follows hangs below the first
 * character after the list or quotation mark. In exact text, indented by four, it is indented by six: a
 * line that begins at four is a line of the text itself. Words longer than a line are left whole.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lead = /^(?:> | {4}| *(?:- )?)/.exec(line)?.[0] ?? '';
  const hang = lead.startsWith('>') ? lead : ' '.repeat(lead === exactIndent ? 6 : lead.length);
  const lines: string[] = [];
  let current = lead;
  let isEmpty = true;
  for (const word of line.slice(lead.length).split(' ')) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = hang;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current];
}
