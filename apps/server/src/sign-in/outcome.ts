import { errorCatalogue } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';

/** How a sign-in ends that came back from its provider or never left for it, as an operator counts them. */
export type SignInOutcome =
  | 'succeeded'
  /** The person stopped it at the provider. */
  | 'cancelled'
  /** Our rules said no, or the provider's answer could not be trusted. */
  | 'refused'
  | 'misconfigured'
  | 'unavailable'
  /** Our own fault, or our database's. */
  | 'failed';

const outcomes: { readonly [code in ErrorCode]?: SignInOutcome } = {
  provider_denied: 'cancelled',
  provider_misconfigured: 'misconfigured',
  provider_unavailable: 'unavailable',
};

const firstFault = 500;

export function outcomeOf(code: ErrorCode): SignInOutcome {
  return outcomes[code] ?? (errorCatalogue[code].status >= firstFault ? 'failed' : 'refused');
}
