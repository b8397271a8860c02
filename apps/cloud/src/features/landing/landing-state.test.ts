import { InvitationStatus } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { landingState } from './landing-state.ts';
import type { LandingState } from './landing-state.ts';

const nobody = null;
const invitee = { isYours: true, isMember: false };
const joined = { isYours: true, isMember: true };
const stranger = { isYours: false, isMember: false };
const colleague = { isYours: false, isMember: true };

const matrix: Record<InvitationStatus, readonly (readonly [typeof nobody | typeof invitee, LandingState])[]> =
  {
    pending: [
      [nobody, 'open_signed_out'],
      [invitee, 'open_yours'],
      // Its grants are still worth something to a member.
      [joined, 'open_yours'],
      [stranger, 'open_other'],
      [colleague, 'open_member'],
    ],
    accepted: [
      [nobody, 'used_signed_out'],
      [invitee, 'used_by_you'],
      [joined, 'joined'],
      [stranger, 'used_by_other'],
      [colleague, 'over_member'],
    ],
    revoked: [
      [nobody, 'over_signed_out'],
      [invitee, 'over_stranger'],
      [joined, 'over_member'],
      [stranger, 'over_stranger'],
      [colleague, 'over_member'],
    ],
    expired: [
      [nobody, 'over_signed_out'],
      [invitee, 'over_stranger'],
      [joined, 'over_member'],
      [stranger, 'over_stranger'],
      [colleague, 'over_member'],
    ],
  };

test.each(
  InvitationStatus.options.flatMap((status) =>
    matrix[status].map(([viewer, state]) => ({ status, viewer, state })),
  ),
)('an invitation that is $status, opened by $viewer, shows $state', ({ status, viewer, state }) => {
  expect(landingState({ status, viewer })).toBe(state);
});

test('the matrix holds every viewer there can be, for every status', () => {
  for (const status of InvitationStatus.options) {
    const viewers = matrix[status].map(([viewer]) => JSON.stringify(viewer));
    expect(new Set(viewers).size).toBe(1 + 2 * 2);
  }
});
