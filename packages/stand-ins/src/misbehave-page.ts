import { redirect } from './exchange.ts';
import type { Answer, Ask } from './exchange.ts';
import { expiredHugeCookies } from './misbehave-redirect.ts';
import type { FaultMenu, FaultSection, Misbehaviour, Until } from './misbehave.ts';
import { escapeHtml, page } from './pages.ts';
import type { Route } from './routing.ts';

type Menu<Fault extends string> = {
  readonly product: string;
  readonly menu: FaultMenu<Fault>;
  /** What a fault happens to; a sign-in unless told. */
  readonly occasion?: { readonly name: string; readonly invitation: string };
} & Pick<Misbehaviour<Fault>, 'misbehave' | 'isFault'>;

const signIn = { name: 'sign-in', invitation: 'sign in' };

export function misbehaveRoutes<Fault extends string>(menu: Menu<Fault>): Route[] {
  return [
    { method: 'GET', path: '/misbehave', kind: 'page', answer: (ask) => menuPage(ask, menu) },
    { method: 'POST', path: '/misbehave', kind: 'page', answer: (ask) => changeMenu(ask, menu) },
  ];
}

function menuPage<Fault extends string>(ask: Ask, whole: Menu<Fault>): Answer {
  const { product, menu, misbehave, occasion = signIn } = whole;
  const active = misbehave.active();
  const clear =
    active.size === 0
      ? '<p role="status">It behaves.</p>'
      : `<p class="on" role="status">On: ${[...active.keys()].join(', ')}</p>
<form method="post"><button name="clear" value="all">Turn all off</button></form>`;
  const planted =
    expiredHugeCookies(ask).length === 0
      ? ''
      : '<form method="post"><button name="clear" value="all">Take the planted cookies back</button></form>';
  const sections = menu.map((section) => sectionHtml(section, whole));
  return page({
    product,
    title: 'Misbehave',
    body: `<p class="quiet">Choose what goes wrong, then ${occasion.invitation} and see what becomes of it.</p>\n${clear}${planted}${sections.join('')}`,
    isWide: true,
  });
}

function sectionHtml<Fault extends string>(
  section: FaultSection<Fault>,
  { misbehave, isFault, occasion = signIn }: Menu<Fault>,
): string {
  const active = misbehave.active();
  const rows = Object.entries<string | undefined>(section.faults).map(([fault, does = '']) =>
    faultRow({ fault, does, next: occasion.name, until: isFault(fault) ? active.get(fault) : undefined }),
  );
  return `<h2>${escapeHtml(section.heading)}</h2><ul>${rows.join('')}</ul>`;
}

type FaultRow = {
  readonly fault: string;
  readonly does: string;
  readonly next: string;
  readonly until: Until | undefined;
};

function faultRow({ fault, does, next, until }: FaultRow): string {
  const button = (name: string, value: string, label: string) =>
    `<button name="${name}" value="${value}" aria-label="${label}: ${fault}">${label}</button>`;
  const buttons =
    until === undefined
      ? button('until', 'once', `Next ${next} only`) + button('until', 'until_cleared', 'Until turned off')
      : `<span class="on">${until === 'once' ? `On for the next ${next}` : 'On until turned off'}</span>${button('clear', fault, 'Turn off')}`;
  return `<li><form method="post" class="row"><input type="hidden" name="fault" value="${fault}">
<span class="what">${escapeHtml(does)}<br><code class="quiet">${fault}</code></span>${buttons}</form></li>`;
}

function changeMenu<Fault extends string>(ask: Ask, { misbehave, isFault }: Menu<Fault>): Answer {
  if (ask.headers['sec-fetch-site'] === 'cross-site') return { status: 403, headers: {}, body: '' };
  const cleared = ask.form.get('clear');
  const fault = ask.form.get('fault') ?? '';
  if (cleared === 'all') misbehave.clear();
  else if (cleared !== null && isFault(cleared)) misbehave.clear(cleared);
  else if (isFault(fault)) misbehave(fault, ask.form.get('until') === 'once' ? 'once' : 'until_cleared');
  const cookies = cleared === null ? {} : { 'set-cookie': expiredHugeCookies(ask) };
  return redirect(303, '/misbehave', cookies);
}
