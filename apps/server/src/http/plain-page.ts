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

/** For where the SPA cannot be shown: no script, no style, nothing of the request. */
export function plainPage(content: { title: string; text: string; link?: URL; reference?: string }): string {
  const lines = [
    `<h1>${escapeHtml(content.title)}</h1>`,
    `<p>${escapeHtml(content.text)}</p>`,
    ...(content.link === undefined
      ? []
      : [`<p><a href="${escapeHtml(content.link.href)}">${escapeHtml(content.link.origin)}</a></p>`]),
    ...(content.reference === undefined ? [] : [`<p>Reference ${escapeHtml(content.reference)}</p>`]),
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(content.title)}</title></head><body><main>${lines.join('')}</main></body></html>`;
}
