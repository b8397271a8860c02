import type { Letter } from './letter.ts';

/** RFC 5322 §2.1.1 recommends 78 at most; replies put marks in front. */
const lineLength = 72;

/** For a program that shows plain text. Addresses stand on lines of their own and are not broken. */
export function asText({ heading, paragraphs, list = [], button, code, remarks }: Letter, from: string) {
  const parts = [
    wrap(heading),
    ...paragraphs.map((paragraph) => wrap(paragraph)),
    ...(list.length === 0 ? [] : [list.map((item) => wrap(item, '- ')).join('\n')]),
    ...(code === undefined ? [] : [`    ${spaced(code)}`]),
    ...(button === undefined ? [] : [`${button.label}:\n${button.address.href}`]),
    ...remarks.map((remark) => wrap(remark)),
    `-- \n${from}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function wrap(text: string, mark = ''): string {
  const lines: string[] = [];
  let line = mark;
  for (const word of text.split(' ')) {
    const longer = line === mark || line === '' ? `${line}${word}` : `${line} ${word}`;
    if (longer.length > lineLength && line !== mark) {
      lines.push(line);
      line = `${' '.repeat(mark.length)}${word}`;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}

/** Two groups of three are read and typed with fewer slips. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

const colours = {
  page: '#f4f5f7',
  card: '#ffffff',
  line: '#d9dce3',
  text: '#1b1f27',
  quiet: '#545c6b',
  button: '#3538cd',
  onButton: '#ffffff',
};

/** Programs that know dark colours take these; the others keep what stands at each element. */
const dark = `@media (prefers-color-scheme: dark) {
.page { background: #14171d !important; } .card { background: #1c2028 !important; border-color: #3d4451 !important; }
.text { color: #eceef2 !important; } .quiet { color: #a9b1bf !important; }
.button { background: #a4bcfd !important; color: #10133a !important; } .link { color: #a4bcfd !important; }
.code { border-color: #3d4451 !important; color: #eceef2 !important; } }`;

const font = `font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif`;

/** Without a picture, a script or a form; reads in the same order with all of its style taken away. */
export function asHtml(letter: Letter, from: string): string {
  const { subject, heading } = letter;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${escaped(subject)}</title>
<style>:root { color-scheme: light dark; }
${dark}</style>
</head>
<body class="page" style="margin:0;padding:24px 12px;background:${colours.page};${font}">
<div class="card" style="max-width:520px;margin:0 auto;padding:28px 24px;background:${colours.card};border:1px solid ${colours.line};border-radius:12px;overflow-wrap:anywhere">
<h1 class="text" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:${colours.text}">${escaped(heading)}</h1>
${body(letter)}
</div>
<p class="quiet" style="max-width:520px;margin:16px auto 0;font-size:13px;line-height:1.5;text-align:center;color:${colours.quiet}">${escaped(from)}</p>
</body>
</html>
`;
}

function body({ paragraphs, list = [], button, code, remarks }: Letter): string {
  const large = `class="text" style="margin:0 0 16px;font-size:16px;line-height:1.55;color:${colours.text}"`;
  const small = `class="quiet" style="margin:16px 0 0;font-size:14px;line-height:1.5;color:${colours.quiet}"`;
  return [
    ...paragraphs.map((paragraph) => `<p ${large}>${escaped(paragraph)}</p>`),
    ...(list.length === 0 ? [] : [`<ul ${large}>${list.map(asItem).join('')}</ul>`]),
    ...(code === undefined ? [] : [asCode(code)]),
    ...(button === undefined ? [] : [asButton(button)]),
    ...remarks.map((remark) => `<p ${small}>${escaped(remark)}</p>`),
  ].join('\n');
}

function asItem(item: string): string {
  return `<li style="margin:0 0 4px">${escaped(item)}</li>`;
}

function asCode(code: string): string {
  return `<p class="code" style="margin:0 0 16px;padding:14px;border:1px solid ${colours.line};border-radius:8px;font:700 28px/1.2 ui-monospace,Consolas,monospace;letter-spacing:4px;text-align:center;color:${colours.text}">${escaped(spaced(code))}</p>`;
}

/** The address is there to read as well: for who does not click on buttons in mails, and for who cannot. */
function asButton({ label, address }: NonNullable<Letter['button']>): string {
  const href = escaped(address.href);
  return `<p style="margin:24px 0 12px"><a class="button" href="${href}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:${colours.button};color:${colours.onButton};font-size:16px;font-weight:600;text-decoration:none">${escaped(label)}</a></p>
<p class="quiet" style="margin:0;font-size:13px;line-height:1.5;color:${colours.quiet}">Or open this address: <a class="link" href="${href}" style="color:${colours.button}">${href}</a></p>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
