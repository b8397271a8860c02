import { expect, test } from 'vitest';
import { decideProof } from './decide-proof.ts';

const yesOrNo = [false, true];
const facts = yesOrNo.flatMap((isEmpty) => [
  { isEmpty },
  ...yesOrNo.flatMap((isOneself) =>
    yesOrNo.flatMap((isDisabled) =>
      yesOrNo.map((hasOtherIdentityHere) => ({
        isEmpty,
        holder: { isOneself, isDisabled, hasOtherIdentityHere },
      })),
    ),
  ),
]);

test.each(facts)('%j', (fact) => {
  const decision = decideProof(fact);
  const { isEmpty, holder } = fact as { isEmpty: boolean; holder?: Record<string, boolean> };
  if (holder === undefined) return expect(decision).toEqual({ outcome: 'adopted' });
  if (holder['isOneself'] === true) return expect(decision).toEqual({ outcome: 'kept' });
  // Whoever is somebody else is never entered without each of these three.
  const mayJoin = isEmpty && holder['isDisabled'] === false && holder['hasOtherIdentityHere'] === false;
  expect(decision.outcome === 'joined').toBe(mayJoin);
  if (!mayJoin) {
    const otherwise = holder['hasOtherIdentityHere'] === true ? 'identity_conflict' : 'link_required';
    const reason = holder['isDisabled'] === true ? 'account_disabled' : otherwise;
    expect(decision).toEqual({ outcome: 'refused', reason });
  }
  return undefined;
});
