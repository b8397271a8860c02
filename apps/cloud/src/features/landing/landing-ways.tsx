import { Button } from '@mantine/core';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { WaysIn } from '../../ui/ways-in.tsx';
import type { LandingView } from './view.ts';

type WaysProps = { readonly view: LandingView; readonly isSwitch: boolean };

/** The ways in, each of which carries the invitation and comes back here. */
export function LandingWays({ view: { invitation, ways }, isSwitch }: WaysProps) {
  const { id } = invitation;
  const href = usePageHref();
  const returnTo = href({ to: 'invitation', id });
  if (ways.providers.length === 0 && !ways.password) {
    return (
      <p className="note note-brass">{ways.mode === 'local' ? en.landing.noSwitch : en.landing.noWays}</p>
    );
  }
  return (
    <>
      {ways.providers.length > 0 && (
        <WaysIn providers={ways.providers} wish={{ returnTo, invitation: id, switchAccount: isSwitch }} />
      )}
      {ways.password && (
        <div>
          <Button component="a" variant="default" href={href({ to: 'sign-in', returnTo, invitation: id })}>
            {en.landing.byPassword}
          </Button>
        </div>
      )}
    </>
  );
}
