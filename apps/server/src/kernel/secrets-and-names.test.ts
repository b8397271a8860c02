import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isUuid, newId } from './ids.ts';
import { newReference, parseReference } from './references.ts';
import { Secret } from './secret.ts';
import { hashToken, mac, randomToken } from './tokens.ts';

describe('a secret', () => {
  const secret = new Secret('canary');
  test.each([
    ['a template', () => `a ${String(secret)}`],
    ['JSON', () => JSON.stringify({ secret })],
    ['the inspector', () => inspect({ secret }, { depth: 5, showHidden: true })],
    ['an error', () => String(new Error(String(secret)))],
    ['its entries', () => JSON.stringify(Object.entries(secret))],
  ])('does not print in %s', (_, print) => {
    expect(print()).not.toContain('canary');
  });

  test('is told to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe('canary');
  });
});

describe('a reference', () => {
  test('is read however it is typed or read out', () => {
    const reference = newReference();
    const typed = `${reference.slice(0, 4)} ${reference.slice(4)}`.toLowerCase();
    expect(parseReference(typed)).toBe(reference);
    expect(parseReference(`${reference.slice(0, 4)}-${reference.slice(4)}`)).toBe(reference);
  });

  test.each(['', 'SEVENCH', 'NINECHARS', 'AEIOU234', "' or 1=1"])('%j is none', (typed) => {
    expect(parseReference(typed)).toBeUndefined();
  });
});

describe('a token', () => {
  test('is hashed for its purpose: the same token for another purpose is another', () => {
    const token = randomToken();
    expect(hashToken('cloud/session/v1', token)).not.toEqual(hashToken('cloud/attempt/state/v1', token));
  });

  test('P-45 the parts of a MAC cannot be moved into each other', () => {
    expect(mac('key', 'cloud/session/v1', ['ab', 'c'])).not.toEqual(
      mac('key', 'cloud/session/v1', ['a', 'bc']),
    );
    expect(mac('key', 'cloud/session/v1', ['1:a'])).not.toEqual(mac('key', 'cloud/session/v1', ['1', 'a']));
  });
});

test('ids are in the order in which they were made', () => {
  const at = new Date('2026-01-01T00:00:00.000Z');
  const ids = [newId(at), newId(new Date(at.getTime() + 1)), newId(new Date(at.getTime() + 2))];
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every(isUuid)).toBe(true);
});
