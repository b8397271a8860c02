import { html, json, redirect } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { readMail } from './mailbox-mails.ts';
import type { ArrivedMail, Mails, ReadMail } from './mailbox-mails.ts';
import { escapeHtml, page } from './pages.ts';
import type { Route } from './routing.ts';

const newestShown = 100;

/** The list with the newest mail open, each mail, its HTML alone, and all of it as JSON. */
export function mailboxRoutes(product: string, mails: Mails): Route[] {
  const show = (open: ArrivedMail | undefined) => showMail({ product, mails, open });
  const withId = (id: string | undefined, answer: (mail: ArrivedMail) => Promise<Answer>) => {
    const mail = mails.find(Number(id));
    return mail === undefined ? show(undefined) : answer(mail);
  };
  return [
    { method: 'GET', path: '/', kind: 'page', answer: () => show(mails.all().at(-1)) },
    { method: 'GET', path: '/mails/:id', kind: 'page', answer: ({ params }) => withId(params['id'], show) },
    {
      method: 'GET',
      path: '/mails/:id/html',
      kind: 'page',
      answer: ({ params }) => withId(params['id'], htmlOf),
    },
    { method: 'GET', path: '/mails.json', kind: 'page', answer: ({ query }) => asJson(mails, query) },
    { method: 'GET', path: '/newest.json', kind: 'page', answer: () => json(200, newestId(mails)) },
    { method: 'GET', path: '/updates.js', kind: 'page', answer: () => script },
    {
      method: 'POST',
      path: '/clear',
      kind: 'page',
      answer: ({ headers }) => {
        if (headers['sec-fetch-site'] === 'cross-site') return { status: 403, headers: {}, body: '' };
        mails.clear();
        return redirect(303, '/');
      },
    },
  ];
}

function newestId(mails: Mails): number {
  return mails.all().at(-1)?.id ?? 0;
}

/** Newest first; `?to=` chooses one address. */
async function asJson(mails: Mails, query: URLSearchParams): Promise<Answer> {
  const to = query.get('to');
  const chosen = mails.all().filter(({ envelope }) => to === null || envelope.to.includes(to));
  const read = await Promise.all(chosen.toReversed().slice(0, newestShown).map(readMail));
  return json(
    200,
    read.map(({ raw, headers, ...mail }) => ({ ...mail, headers: Object.fromEntries(headers), raw })),
  );
}

/** Reloads when something arrived; the page that shows one mail by its id stays at it. */
const script: Answer = {
  status: 200,
  headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
  body: `const shown = document.body.querySelector('[data-newest]').dataset.newest;
setInterval(async () => {
  try {
    const answer = await fetch('/newest.json');
    if (String(await answer.json()) !== shown) location.reload();
  } catch {} // gone for a while
}, 1000);
`,
};

const style = `<style>
main.wide { max-width: 76rem; }
.mailbox { display: grid; gap: 1.5rem; } .mailbox > * { min-width: 0; }
@media (min-width: 60rem) { .mailbox { grid-template-columns: 20rem 1fr; } }
.mails a { display: block; padding: .6rem .75rem; border-top: 1px solid var(--line); color: inherit; text-decoration: none; }
.mails a:hover { background: var(--soft); } .mails a[aria-current] { background: var(--soft); box-shadow: inset 3px 0 var(--accent); }
.mails strong, .mails small { display: block; } .mails small { color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .75rem; margin: 0 0 1rem; font-size: .875rem; }
dt { color: var(--quiet); } dd { margin: 0; }
.both { display: grid; gap: 1rem; } @media (min-width: 90rem) { .both { grid-template-columns: 1fr 1fr; } }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: .5rem; background: Canvas; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--soft);
  font: .875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; }
summary { cursor: pointer; margin: 1rem 0 .5rem; } .top { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
</style>`;

/** Our own script and frame, nothing of a mail's. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'";

type Shown = { readonly product: string; readonly mails: Mails; readonly open: ArrivedMail | undefined };

async function showMail({ product, mails, open }: Shown): Promise<Answer> {
  const all = mails.all();
  const listed = await Promise.all(all.slice(-newestShown).toReversed().map(readMail));
  const shown = listed.find(({ id }) => id === open?.id) ?? (open && (await readMail(open)));
  const count = all.length === 1 ? '1 mail' : `${all.length} mails`;
  const list =
    listed.length === 0
      ? '<p>Nothing has arrived yet. This page shows a mail as soon as there is one.</p>'
      : `<nav aria-label="Mails"><ul class="mails">${listed.map((mail) => row(mail, shown?.id)).join('')}</ul></nav>`;
  return page({
    product,
    title: 'Mailbox',
    isWide: true,
    headers: { 'content-security-policy': policy },
    body: `${style}<div class="top quiet" data-newest="${newestId(mails)}"><span role="status">${count}, for everybody</span>
<a href="/misbehave">Make this mail server misbehave</a> <a href="/mails.json">As JSON</a>
<form method="post" action="/clear"><button>Throw all away</button></form></div>
<div class="mailbox">${list}${shown === undefined ? '' : detail(shown)}</div>
<script src="/updates.js" defer></script>`,
  });
}

function row({ id, subject, to, at }: ReadMail, openId: number | undefined): string {
  const current = id === openId ? ' aria-current="true"' : '';
  return `<li><a href="/mails/${id}"${current}><strong>${escapeHtml(subject)}</strong> <small>${escapeHtml(to)}</small>
<small>${timeOf(at)}</small></a></li>`;
}

function detail({ id, subject, from, envelope, at, text, html: body, headers, messageId }: ReadMail): string {
  const facts = [
    ['From', from],
    ['To', envelope.to.join(', ')],
    ['Arrived', timeOf(at)],
    ['Message-ID', messageId ?? 'none'],
  ];
  const links = [...new Set(text.match(/https?:\/\/\S+/g))];
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return `<article><h2>${escapeHtml(subject)}</h2>
<dl>${facts.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
${links.map((link) => `<p><a href="${escapeHtml(link)}" target="_blank" rel="noreferrer">${escapeHtml(link)}</a></p>`).join('')}
<div class="both">
<iframe title="The mail as HTML" src="/mails/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<pre aria-label="The mail as text" tabindex="0">${escapeHtml(text)}</pre></div>
<details><summary>Headers</summary><pre>${escapeHtml(lines)}</pre></details>${body === '' ? '<p>It has no HTML.</p>' : ''}</article>`;
}

/** In a frame without scripts, forms and pictures; its links open beside it. */
async function htmlOf(mail: ArrivedMail): Promise<Answer> {
  const { html: body, text } = await readMail(mail);
  const shown = body === '' ? `<pre>${escapeHtml(text)}</pre>` : body;
  return html(200, shown.replace(/<head>/i, '<head><base target="_blank">'), {
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox",
  });
}

function timeOf(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
