import { expect, test } from 'vitest';
import { ApiProblem } from './api.ts';
import { complaintAbout, refusalOf } from './new-password.ts';

test('a password is as long as people count it', () => {
  expect(complaintAbout('', 8)).toContain('Type');
  expect(complaintAbout('1234567', 8)).toContain('has 7');
  expect(complaintAbout('12345678', 8)).toBeUndefined();
  expect(complaintAbout('🦉🦉🦉🦉', 8)).toContain('has 4');
  expect(complaintAbout('        ', 8)).toBeUndefined();
});

test('why a password was not taken is said in the words of the server, and only for a password', () => {
  const refused = new ApiProblem('password_unacceptable', undefined, { detail: 'It is in a list.' });
  expect(refusalOf(refused)).toBe('It is in a list.');
  expect(refusalOf(new ApiProblem('password_unacceptable'))).toContain('guess');
  expect(refusalOf(new ApiProblem('rate_limited'))).toBeUndefined();
});
