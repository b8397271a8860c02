import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { ownIdentitiesQuery } from '../../lib/credential-queries.ts';
import { usePageTitle } from '../../lib/hooks.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { providerWords } from '../../lib/provider-names.ts';
import { providersQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import '../../ui/table.css';
import { AppCard } from './app-card.tsx';
import { IdentitiesCard } from './identities-card.tsx';
import { PasswordCard } from './password-card.tsx';
import './security.css';
import { StepUpFrame } from './step-up.tsx';

type SecurityProps = {
  readonly me: MeAnswer;
  readonly mode: 'local' | 'sso';
  /** The provider that was linked a moment ago, as the address says. */
  readonly linked: string | undefined;
};

/** Said only where it is so: anybody could write the address. */
function Linked({ linked }: { readonly linked: string | undefined }) {
  const { data } = useQuery(ownIdentitiesQuery);
  const identity = data?.items.find(({ connection }) => connection === linked);
  return (
    <p role="status" className="note said">
      {identity && en.security.linked(providerWords({ id: identity.connection, name: identity.name }).name)}
    </p>
  );
}

function Cards({ me, linked }: Omit<SecurityProps, 'mode'>) {
  const { data } = useQuery(providersQuery);
  const { email, displayName } = me.user;
  return (
    <StepUpFrame email={email}>
      <Linked linked={linked} />
      {data?.password === true && <PasswordCard email={email} />}
      <AppCard who={email ?? displayName} />
      <IdentitiesCard />
    </StepUpFrame>
  );
}

/** How its reader gets into their account, and how to change that. */
export function SecurityPage({ me, mode, linked }: SecurityProps) {
  const href = usePageHref();
  usePageTitle(en.security.title);
  return (
    <div className="security">
      <div className="stack stack-close">
        <h1>{en.security.title}</h1>
        <p className="soft">{mode === 'local' ? en.security.local : en.security.lead}</p>
      </div>
      {mode === 'sso' && (
        <>
          <Cards me={me} linked={linked} />
          <p>
            <a href={href({ to: 'sessions' })}>{en.security.devices}</a>
          </p>
        </>
      )}
    </div>
  );
}
