import type { Tone } from './mail-layout.ts';

type Shade = { ink: string; ground: string; rule: string };
type Palette = { page: string; card: string; line: string; ink: string; faint: string; code: string };

const light: Palette = {
  page: '#f3f4f6',
  card: '#ffffff',
  line: '#dfe3e8',
  ink: '#1c2127',
  faint: '#586270',
  code: '#eef1f4',
};
const dark: Palette = {
  page: '#121519',
  card: '#1b1f25',
  line: '#2d343c',
  ink: '#e7eaee',
  faint: '#9ba6b3',
  code: '#262c34',
};

const lightTones: Record<Tone, Shade> = {
  attention: { ink: '#7a4a00', ground: '#fff1d2', rule: '#e0a030' },
  good: { ink: '#17613a', ground: '#e0f3e7', rule: '#3d9a66' },
  bad: { ink: '#9c241c', ground: '#fde6e3', rule: '#d0554a' },
  calm: { ink: '#1d4f86', ground: '#e4eefa', rule: '#5a8fc8' },
  quiet: { ink: '#49525d', ground: '#eaedf0', rule: '#dfe3e8' },
};
const darkTones: Record<Tone, Shade> = {
  attention: { ink: '#f3c46b', ground: '#3a2d10', rule: '#b98424' },
  good: { ink: '#86d6a6', ground: '#14301f', rule: '#35835a' },
  bad: { ink: '#f5a097', ground: '#3d1a17', rule: '#b34a40' },
  calm: { ink: '#9cc4f2', ground: '#162a42', rule: '#4576ad' },
  quiet: { ink: '#b3bcc7', ground: '#2a3038', rule: '#2d343c' },
};

/** No variables and nothing nested: mail clients drop what they cannot read. */
export const mailStyle = `
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
h1{font-size:26px;line-height:1.2;letter-spacing:-.01em;margin:0 0 6px;text-wrap:balance}
h2{font-size:20px;line-height:1.3;margin:36px 0 10px}
h3{font-size:17px;line-height:1.35;margin:0}
h4{font-size:12px;line-height:1.4;margin:16px 0 4px;text-transform:uppercase;letter-spacing:.06em}
p{margin:6px 0}
ul{margin:6px 0;padding-left:20px}
li{margin:4px 0}
header{margin:0 0 18px}
header+ul{margin:0 0 18px}
.brand{font-size:12px;font-weight:600;letter-spacing:.1em;text-transform:uppercase;margin:0 0 4px}
.note,time,.who{font-size:14px;line-height:1.45}
.who{margin:14px 0 4px}
h4+.who{margin-top:4px}
.figures{margin:16px 0 0}
.figure{display:inline-block;margin:0 4px 8px 0;padding:5px 12px;border-radius:8px;border:1px solid;font-size:14px}
.figure b{font-size:17px;font-variant-numeric:tabular-nums}
.card{border:1px solid;border-left-width:4px;border-radius:10px;padding:14px 16px;margin:0 0 12px;overflow-wrap:anywhere}
.card>:first-child{margin-top:0}
.card>:last-child{margin-bottom:0}
.head{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;justify-content:space-between}
.head+.note{margin-top:2px}
.badge{display:inline-block;font-size:13px;font-weight:600;line-height:1.4;padding:2px 10px;border-radius:999px;white-space:nowrap}
blockquote{margin:4px 0 10px;padding:2px 0 2px 12px;border:0 solid;border-left-width:3px}
.exactly{margin:6px 0 10px;padding:10px 12px;border-radius:8px}
blockquote,.exactly{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
.answer{margin:14px 0 0;padding-top:10px;border-top:1px solid}
.answer p{margin:0}
code{display:inline-block;max-width:100%;box-sizing:border-box;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;padding:1px 7px;border-radius:5px}
table{border-collapse:collapse;width:100%;margin:4px 0 8px}
td{text-align:left;padding:7px 0;border-bottom:1px solid;vertical-align:top}
tr:last-child td{border-bottom:0}
.total td{font-weight:600}
.total .note{font-weight:400}
.amount{text-align:right;white-space:nowrap;padding-left:12px;font-variant-numeric:tabular-nums}
footer{margin-top:28px;font-size:14px}
${paint(light, lightTones)}
@media (prefers-color-scheme:dark){
${paint(dark, darkTones)}
}
`;

function paint({ page, card, line, ink, faint, code }: Palette, tones: Record<Tone, Shade>): string {
  return [
    `body{background:${page};color:${ink}}`,
    `.card,.figure{background:${card};border-color:${line}}`,
    `.brand,.note,time,.who,h4,footer,.figure{color:${faint}}`,
    `.who b,.figure b{color:${ink}}`,
    `td,.answer{border-color:${line}}`,
    `blockquote{border-color:${tones.calm.rule}}`,
    `code,.exactly{background:${code};color:${ink}}`,
    ...Object.entries(tones).flatMap(([name, { ink: word, ground, rule }]) => [
      `.badge.${name}{background:${ground};color:${word}}`,
      `.card.${name}{border-left-color:${rule}}`,
      `.figure.${name}{background:${ground};border-color:${ground};color:${word}}`,
      `.figure.${name} b{color:${word}}`,
    ]),
  ].join('\n');
}
