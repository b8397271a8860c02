import { AppError } from '../kernel/errors.ts';
import { secondMs } from '../kernel/clock.ts';
import type { Trouble } from './check.ts';
import { probeMs } from './limits.ts';

/** What was asked, for whom, and which variable names it. */
export type Asked = { readonly why: string; readonly variable: string };

type Words = { readonly found: string; readonly mend: string };

const outside = 'let this machine make connections to that host (firewall, proxy, routes)';

/** What it means that somebody else was not reached, or answered something else than asked. */
export function unreached(error: unknown, { why, variable }: Asked): Trouble {
  if (!(error instanceof AppError)) throw error;
  const { finding = error.code, host, ...facts } = error.context;
  const { found, mend } = wordsOf(finding, { variable, facts, cause: causeOf(error) });
  return { found: host === undefined ? found : `${String(host)}: ${found}`, why, mend: sentence(mend) };
}

type Facts = {
  readonly variable: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly cause: string;
};

function wordsOf(finding: string, { variable, facts, cause }: Facts): Words {
  const document = `correct ${variable}: what lies there is no OpenID provider's document`;
  const status = typeof facts['status'] === 'number' ? facts['status'] : 0;
  const known: Readonly<Record<string, Words>> = {
    dns: {
      found: `its name is not found${cause}`,
      mend: `correct the host in ${variable} or the name servers of this machine, or ${outside}`,
    },
    tls: {
      found: `its certificate is not accepted${cause}`,
      mend: `renew it if that host is yours; an authority of your own goes into NODE_EXTRA_CA_CERTS`,
    },
    timeout: { found: `no answer within ${probeMs / secondMs} s`, mend: outside },
    connection: { found: `no connection${cause}`, mend: `correct ${variable}, or ${outside}` },
    redirect: {
      found: `answers ${status} and sends us elsewhere`,
      mend: `correct ${variable}: redirects are not followed`,
    },
    http_status: {
      found: `answers ${status}`,
      mend: status >= 500 ? 'try again; it is the provider that fails' : `correct ${variable}`,
    },
    rate_limited: { found: 'answers that we asked too often', mend: 'try again in some minutes' },
    not_json: { found: 'answers something that is no JSON', mend: document },
    too_large: { found: 'answers far more than such a document holds', mend: document },
    insecure_address: { found: 'the address is not safe to ask', mend: `give ${variable} an https address` },
    discovery_incomplete: { found: `the document lacks ${String(facts['missing'])}`, mend: document },
    discovery_endpoint_insecure: {
      found: `its ${String(facts['endpoint'])} is no address that is safe to use: not https, or on loopback`,
      mend: `let the provider publish https addresses, or correct ${variable}`,
    },
  };
  return known[finding] ?? { found: finding, mend: `correct ${variable}` };
}

/** The system's own word for it, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`, in brackets. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const deeper = causeOf(error instanceof AggregateError ? error.errors.at(-1) : error.cause);
  return deeper || (/^[A-Z][A-Z0-9_]+$/.test(code) ? ` (${code})` : '');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
