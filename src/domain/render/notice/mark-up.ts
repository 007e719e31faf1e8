import { type Html, html } from '../html.ts';
import { command, exactly, list, paragraph, quote } from '../mail-layout.ts';

type Form = { prefix: string; mark: (text: string, lines: string[]) => Html };

const typed: Form = { prefix: '$ ', mark: (text) => paragraph(command(text)) };
const forms: Form[] = [
  { prefix: '    ', mark: exactly },
  { prefix: '> ', mark: quote },
  { prefix: '- ', mark: (_, lines) => list(lines) },
  typed,
];
/** What only names the block after it is set smaller. */
const plain: Form = {
  prefix: '',
  mark: (_, lines) => html`${lines.map((line) => paragraph(line, line.endsWith(':') ? 'note' : 'plain'))}`,
};

/** Our text as markup, by how its lines begin: so the two halves of a mail say the same. */
export function markUp(text: string): Html[] {
  const groups: { form: Form; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const form = forms.find(({ prefix }) => line.startsWith(prefix)) ?? plain;
    const last = groups.at(-1);
    if (line === '') groups.push({ form: plain, lines: [] });
    else if (last?.form === form) last.lines.push(line.slice(form.prefix.length));
    else groups.push({ form, lines: [line.slice(form.prefix.length)] });
  }
  return groups.map(({ form, lines }, index) => {
    const isAnswer = form === plain && groups[index + 1]?.form === typed;
    return isAnswer
      ? html`<div class="answer">${lines.map((line) => paragraph(line))}</div>`
      : form.mark(lines.join('\n'), lines);
  });
}
