import { type Html, html, nothing } from './html.ts';
import { mailStyle } from './mail-style.ts';

/** What a badge or a card says by its colour. */
export type Tone = 'attention' | 'good' | 'bad' | 'calm' | 'quiet';

/** `preheader` is what a list of mails shows beside the subject. */
export type MailPage = {
  title: string;
  lead?: Html;
  preheader: string;
  body: readonly Html[];
  footer?: Html;
};

/** A whole mail as an HTML page. It asks nothing of the network, holds no script, form or link, and reads without its style, too. */
export function renderMailPage({
  title,
  lead = nothing,
  preheader,
  body,
  footer = nothing,
}: MailPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ markup: mailStyle }}</style>
</head>
<body style="margin:0;padding:0">
<div style="display:none;max-height:0;overflow:hidden">${preheader}</div>
<div class="page" style="max-width:640px;margin:0 auto;padding:24px 16px">
<header><p class="brand">Jorbs</p><h1>${title}</h1>${lead}</header>
${body}
<footer>${footer}</footer>
</div>
</body>
</html>
`.markup;
}

export function section(title: string, body: readonly Html[], note?: string): Html {
  return html`<section><h2>${title}</h2>${note ? html`<p class="note">${note}</p>` : nothing}
${body}</section>
`;
}

export type Card = { title: string; badge?: Html; note?: string; tone?: Tone; body: readonly Html[] };

/** `title` and `note` are text; `note` stands small under the title. */
export function card({ title, badge: mark = nothing, note, tone = 'quiet', body }: Card): Html {
  return html`<article class="card ${tone}"><div class="head"><h3><bdi>${title}</bdi></h3> ${mark}</div>${note ? html`<p class="note">${note}</p>` : nothing}
${body}</article>
`;
}

export function badge(text: string, tone: Tone): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** Our own words, one paragraph. */
export function paragraph(text: string | Html, name: 'plain' | 'note' = 'plain'): Html {
  return html`<p class="${name}">${text}</p>`;
}

export function list(items: readonly (string | Html)[]): Html {
  return items.length === 0 ? nothing : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Words of anyone else, marked as theirs. Line breaks stay; the direction is that of the words. */
export function quote(text: string): Html {
  return html`<blockquote dir="auto">${text}</blockquote>`;
}

/** Exactly what would be on the wire. */
export function exactly(text: string): Html {
  return html`<div class="exactly" dir="auto">${text}</div>`;
}

/** What the owner can type. */
export function command(text: string): Html {
  return html`<code>${text}</code>`;
}
