import { expect, test } from 'vitest';
import { preferredType } from './accept.ts';

const offered = ['application/json', 'application/x-ndjson', 'text/csv'];

test.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/html', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; charset=utf-8', 'text/csv'],
  ['text/html, text/*;q=0.5, */*;q=0.1', 'text/csv'],
  ['application/x-ndjson, application/json;q=0.9', 'application/x-ndjson'],
  ['application/json;q=0, application/x-ndjson;q=0.2', 'application/x-ndjson'],
  ['text/csv;q=2, application/x-ndjson;q=0.1', 'application/x-ndjson'],
  ['text/csv;q=, , ;;', 'application/json'],
])('who accepts %j gets %s', (accept, type) => {
  expect(preferredType(accept, offered)).toBe(type);
});
