import { html } from './exchange.ts';
import type { Answer, AnswerHeaders } from './exchange.ts';

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d0d5dd, #3d4451); --soft: light-dark(#f5f6f8, #1c2028);
  --card: light-dark(#fff, #14171d); --quiet: light-dark(#566072, #a3adbd); --accent: light-dark(#3538cd, #a4bcfd);
  --warn: light-dark(#b42318, #fda29b); }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--soft); color: CanvasText;
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; }
main.wide { max-width: 48rem; }
.ribbon { margin: 0 0 1rem; padding: .4rem .75rem; border: 1px dashed var(--warn); border-radius: .5rem;
  color: var(--warn); font-size: .875rem; font-weight: 600; }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; line-height: 1.3; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
p { margin: 0 0 1rem; } .quiet { color: var(--quiet); font-size: .875rem; }
ul { list-style: none; margin: 0; padding: 0; } form { margin: 0; }
button { min-height: 2.75rem; padding: .5rem .875rem; border: 1px solid var(--line); border-radius: .5rem;
  background: transparent; color: inherit; font: inherit; text-align: start; cursor: pointer; }
button:hover { border-color: var(--accent); background: var(--soft); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.person { display: grid; grid-template-columns: 2.5rem 1fr; gap: .75rem; align-items: center; width: 100%;
  margin-bottom: .5rem; }
.face { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%;
  background: var(--soft); border: 1px solid var(--line); font-weight: 600; }
.person strong, .person small { display: block; } .person small { color: var(--quiet); }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .75rem 0;
  border-top: 1px solid var(--line); }
.row .what { flex: 1 1 16rem; } .row code, .row button { font-size: .875rem; } .on { color: var(--warn); font-weight: 600; }
a { color: var(--accent); } footer { margin-top: 1.5rem; }
`;

export type Page = {
  readonly product: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
  readonly isWide?: boolean;
  readonly status?: number;
  readonly headers?: AnswerHeaders;
};

export function page({ product, title, body, isWide = false, status = 200, headers = {} }: Page): Answer {
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – stand-in for ${escapeHtml(product)}</title>
<style>${style}</style>
</head>
<body>
<main${isWide ? ' class="wide"' : ''}>
<p class="ribbon">Stand-in for ${escapeHtml(product)} – not the real one</p>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
  return html(status, text, {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    ...headers,
  });
}

export type PersonCard = {
  readonly key: string;
  readonly name: string;
  /** The line below the name. */
  readonly account: string;
  /** What is special about this person. */
  readonly note?: string;
};

function firstLetter(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) ?? 0x20);
}

function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word = '') => firstLetter(word)).join('');
}

function personButton({ key, name, account, note }: PersonCard): string {
  return `<li><button class="person" name="person" value="${escapeHtml(key)}">
<span class="face" aria-hidden="true">${escapeHtml(initials(name))}</span>
<span><strong>${escapeHtml(name)}</strong> <small>${escapeHtml(account)}</small>${
    note === undefined ? '' : ` <small>${escapeHtml(note)}</small>`
  }</span></button></li>`;
}

/** Posts to its own address, so the authorization request travels along in the query. */
export function peoplePage(product: string, cards: readonly PersonCard[]): Answer {
  return page({
    product,
    title: 'Who is signing in?',
    body: `<p class="quiet">Nobody here has a password: choose a person.<br>
Or see what goes wrong: <a href="/misbehave">Make this provider misbehave</a></p>
<form method="post"><ul>
${cards.map(personButton).join('\n')}
</ul>
<p><button name="cancel" value="1">Cancel</button></p></form>
<footer class="quiet"><a href="/misbehave">Make this provider misbehave</a></footer>`,
  });
}

/** For what the real provider shows on its own page: the person does not come back. */
export function stuckPage(product: string, explanation: string, why: 'request' | 'person'): Answer {
  const wayOn = why === 'person' ? '\n<p>Go back with the browser and choose somebody else.</p>' : '';
  return page({
    product,
    title: 'Sign-in cannot go on',
    body: `<p role="alert">${escapeHtml(explanation)}</p>
<p class="quiet">The real provider also stops here, without sending the person back.</p>${wayOn}`,
    status: 400,
  });
}
