import { Loader } from '@mantine/core';
import { useId } from 'react';
import type { MouseEvent } from 'react';
import { brandOf, providerWords } from '../lib/provider-names.ts';
import { en } from '../messages/en.ts';
import { ProviderMark } from './provider-mark.tsx';

type ProviderLinkProps = {
  readonly provider: { readonly id: string; readonly name: string };
  readonly href: string;
  readonly isLastUsed: boolean;
  readonly isLeaving: boolean;
  readonly onLeave: () => void;
};

const opensHere = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** One way in: a link in its provider's own dress. */
export function ProviderLink({ provider, href, isLastUsed, isLeaving, onLeave }: ProviderLinkProps) {
  const hint = useId();
  const brand = brandOf(provider.id);
  const { label, name } = providerWords(provider);
  return (
    <li>
      <a
        className="way"
        data-brand={brand ?? 'other'}
        href={href}
        aria-describedby={brand === 'microsoft' ? hint : undefined}
        onClick={(event) => {
          if (opensHere(event)) onLeave();
        }}
      >
        <span className="way-mark">
          {isLeaving ? (
            <Loader size={18} color="currentcolor" aria-hidden />
          ) : (
            <ProviderMark providerId={provider.id} />
          )}
        </span>
        <span className="way-label">
          {isLeaving ? en.signIn.leaving(name) : label}
          {isLastUsed && <span className="way-pause">,</span>}
        </span>
        {isLastUsed && <span className="way-badge">{en.signIn.lastUsed}</span>}
      </a>
      {brand === 'microsoft' && (
        <p id={hint} className="way-hint">
          {en.signIn.workAccount}
        </p>
      )}
    </li>
  );
}
