import type { AuditEvent } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { changeOf, factText, targetOf, whatOf, whoOf } from './event-words.ts';

const id = '01990000-0000-7000-8000-000000000001';
const event = (over: Partial<AuditEvent>): AuditEvent => ({
  id,
  at: '2026-05-10T12:00:00.000Z',
  type: 'member.removed',
  result: 'succeeded',
  actor: { kind: 'user', userId: id, displayName: 'Ada' },
  subject: null,
  reference: null,
  address: null,
  userAgent: null,
  reason: null,
  details: {},
  ...over,
});

test('what happened is said in words, and a type nobody has words for as it is', () => {
  expect(whatOf(event({}))).toBe('Member removed');
  expect(whatOf(event({ type: 'moon.landed' }))).toBe('moon.landed');
});

test('whoever did it has a name, even if they left or were nobody', () => {
  expect(whoOf(event({}))).toBe('Ada');
  expect(whoOf(event({ actor: { kind: 'user', userId: id, displayName: null } }))).toBe(
    'Somebody who has left',
  );
  expect(whoOf(event({ actor: { kind: 'system', userId: null, displayName: null } }))).toBe(
    'Gatehouse itself',
  );
});

test('what it was about has the best name there is', () => {
  expect(targetOf(event({ subject: { id, name: 'Grace' }, details: { email: 'g@acme.example' } }))).toBe(
    'Grace',
  );
  expect(targetOf(event({ subject: { id, name: null }, details: { email: 'g@acme.example' } }))).toBe(
    'g@acme.example',
  );
  expect(targetOf(event({ subject: { id, name: null } }))).toBe('01990000-0000…');
  expect(targetOf(event({}))).toBeUndefined();
});

test('a change is told from what to what, where both are words', () => {
  expect(changeOf(event({ details: { from: 'user', to: 'admin' } }))).toBe('Member → Administrator');
  expect(changeOf(event({ details: { from: null, to: 'editor' } }))).toBe('→ Editor');
  expect(changeOf(event({ details: { from: { name: 'a' }, to: { name: 'b' } } }))).toBeUndefined();
  expect(changeOf(event({ details: { role: 'viewer' } }))).toBe('Viewer');
});

test('a fact with a structure of its own is shown as JSON', () => {
  expect(factText('plain')).toBe('plain');
  expect(factText({ a: [1] })).toBe('{"a":[1]}');
});
