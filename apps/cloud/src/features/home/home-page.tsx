import type { MeAnswer } from '@gatehouse/contract';
import { usePageTitle } from '../../lib/hooks.ts';
import { en } from '../../messages/en.ts';
import { SessionEndsSoon, SessionWords } from '../../ui/session-words.tsx';
import { Companies } from './companies.tsx';
import './home.css';
import { Invitations } from './invitations.tsx';

type HomeProps = { readonly me: MeAnswer; readonly mode: 'local' | 'sso' };

function WhoIAm({ me, mode }: HomeProps) {
  return (
    <div className="stack stack-close">
      <h1>{en.home.welcome(me.user.displayName)}</h1>
      <p className="soft">{me.user.email ?? en.account.noAddress}</p>
      <SessionWords me={me} mode={mode} />
    </div>
  );
}

/** The start page of whoever belongs somewhere, or is invited to. */
export function HomePage({ me, mode }: HomeProps) {
  const isMember = me.companies.length > 0;
  usePageTitle(isMember ? en.home.title : en.home.invitedTitle);
  return (
    <div className="home">
      <SessionEndsSoon me={me} mode={mode} />
      <WhoIAm me={me} mode={mode} />
      {mode === 'sso' && me.user.email === null && <p className="note note-brass">{en.home.addressNote}</p>}
      {!isMember && <p>{en.home.notYet}</p>}
      <Invitations invitations={me.invitations} />
      {isMember && <Companies companies={me.companies} />}
    </div>
  );
}
