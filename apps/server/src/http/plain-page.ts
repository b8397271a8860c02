import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

export const htmlType = 'text/html; charset=utf-8';

type PlainContent = {
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly href: string; readonly text: string };
  readonly reference?: string;
};

const style = [
  ':root{color-scheme:light dark}',
  'body{margin:0;padding:1.5rem;background:light-dark(#f3f4ef,#101513);color:light-dark(#18211e,#e8ece8)}',
  'body{font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}',
  'main{max-width:34rem;margin:8vh auto;padding:1.75rem;border-radius:14px}',
  'main{border:1px solid light-dark(#dcded5,#2d3632);background:light-dark(#fff,#19201d)}',
  'h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}',
  'p{margin:0 0 1rem}p:last-child{margin:0}a{color:light-dark(#1a5547,#93d0bd)}',
  '.product,.reference{color:light-dark(#535c56,#a8b3ac);font-size:.875rem}.product{font-weight:600}',
].join('');

/** Nothing runs or loads; of styles, only the one above, by its hash. */
export const plainPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function plainPage({ title, text, link, reference }: PlainContent): string {
  const lines = [
    '<p class="product">Gatehouse</p>',
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(text)}</p>`,
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>`]),
    ...(reference === undefined ? [] : [`<p class="reference">Reference ${escapeHtml(reference)}</p>`]),
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} – Gatehouse</title><style>${style}</style></head><body><main>${lines.join('')}</main></body></html>`;
}

/** For where the SPA cannot be shown: no script, and nothing of the request. */
export function sendPlainPage(reply: FastifyReply, status: number, content: PlainContent): FastifyReply {
  reply.header('content-security-policy', plainPagePolicy);
  return reply.code(status).type(htmlType).send(plainPage(content));
}
