import { expect, test } from 'vitest';
import { decideProof } from './decide-proof.ts';

const yesOrNo = [false, true];
const facts = yesOrNo.flatMap((isEmpty) => [
  { isEmpty },
  ...yesOrNo.flatMap((isOneself) =>
    yesOrNo.flatMap((isDisabled) =>
      yesOrNo.flatMap((hasOtherIdentityHere) =>
        yesOrNo.map((hasSecondFactor) => ({
          isEmpty,
          holder: { isOneself, isDisabled, hasOtherIdentityHere, hasSecondFactor },
        })),
      ),
    ),
  ),
]);

type Fact = Parameters<typeof decideProof>[0];

/** The same, said once more: whoever is somebody else is never entered without all four. */
function expected({ isEmpty, holder }: Fact): unknown {
  if (holder === undefined) return { outcome: 'adopted' };
  if (holder.isOneself) return { outcome: 'kept' };
  const refusals = [
    holder.isDisabled && 'account_disabled',
    holder.hasOtherIdentityHere && 'identity_conflict',
    holder.hasSecondFactor && 'link_required',
    !isEmpty && 'link_required',
  ].filter((reason) => reason !== false);
  const [reason] = refusals;
  return reason === undefined ? { outcome: 'joined' } : { outcome: 'refused', reason };
}

test.each<Fact>(facts)('%j', (fact) => {
  expect(decideProof(fact)).toEqual(expected(fact));
});
