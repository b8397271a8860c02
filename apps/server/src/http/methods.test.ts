import { expect, test } from 'vitest';
import { openMethodBook } from './methods.ts';

test('a known path tells its methods, an unknown one none', () => {
  const book = openMethodBook();
  book.note({ url: '/api/v1/people', method: ['GET', 'HEAD'] });
  book.note({ url: '/api/v1/people', method: 'POST' });
  book.note({ url: '/api/v1/people/:id', method: 'DELETE' });
  book.note({ url: '/auth/verify/*', method: 'GET' });
  book.note({ url: '/a.b', method: 'GET' });
  expect(book.allowedAt('/api/v1/people')).toEqual(['GET', 'HEAD', 'POST']);
  expect(book.allowedAt('/api/v1/people/7')).toEqual(['DELETE']);
  expect(book.allowedAt('/api/v1/people/7/x')).toEqual([]);
  expect(book.allowedAt('/auth/verify/a/b')).toEqual(['GET']);
  expect(book.allowedAt('/aXb')).toEqual([]);
});
