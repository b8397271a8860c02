import { expect, test } from 'vitest';
import { forgetInvitation, keepInvitation, keptInvitation } from './kept-invitation.ts';

const id = '01990000-0000-7000-8000-000000000001';
const tab = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
};

test('a tab knows for an hour which invitation its sign-in is for', () => {
  const shelf = tab();
  keepInvitation(shelf, id, 1_000);
  expect(keptInvitation(shelf, 1_000 + 59 * 60_000)).toBe(id);
  expect(keptInvitation(shelf, 1_000 + 60 * 60_000)).toBeUndefined();
});

test('what is answered is forgotten, and so is what was never kept', () => {
  const shelf = tab();
  expect(keptInvitation(shelf, 0)).toBeUndefined();
  keepInvitation(shelf, id, 0);
  forgetInvitation(shelf);
  expect(keptInvitation(shelf, 0)).toBeUndefined();
});

test('a browser without storage, or with something else in its place, knows of none', () => {
  keepInvitation(undefined, id, 0);
  expect(keptInvitation(undefined, 0)).toBeUndefined();
  const shelf = tab();
  shelf.setItem('gatehouse.invitation', '../../evil@1');
  expect(keptInvitation(shelf, 0)).toBeUndefined();
});
