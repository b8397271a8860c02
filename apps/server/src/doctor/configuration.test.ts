import { describe, expect, test } from 'vitest';
import { environmentChecks, mistakeChecks } from './configuration.ts';
import { toText } from './report.ts';

describe('configuration', () => {
  test('a mistake is one line with what is expected', () => {
    const sentence = 'is not set, but needed with sso. Expected: 32 bytes or more.';
    expect(mistakeChecks([{ variable: 'X', sentence }])).toEqual([
      {
        group: 'configuration',
        name: 'X',
        status: 'failed',
        found: 'is not set, but needed with sso.',
        why: 'No server starts with this.',
        mend: 'Set it to 32 bytes or more.',
      },
    ]);
    const [plain] = mistakeChecks([{ variable: 'X_FILE', sentence: 'names no file.' }]);
    expect(plain?.mend).toContain('docs/configuration.md');
  });

  test.each([
    ['is unknown. Did you mean AUTH_POLICY?', 'is unknown.', 'Rename it to AUTH_POLICY, or remove it.'],
    ['is unknown.', 'is unknown.', 'Remove it; every name there is stands in docs/configuration.md.'],
    ['is set twice. Expected: one of the two.', 'is set twice.', 'one of the two.'],
  ])('"%s" says what to do about it', (sentence, found, mend) => {
    expect(mistakeChecks([{ variable: 'X', sentence }])).toMatchObject([{ found, mend }]);
  });

  test('a reason that all lines share is printed once', () => {
    const sentence = 'is unknown.';
    const text = toText(
      mistakeChecks([
        { variable: 'X', sentence },
        { variable: 'Y', sentence },
      ]),
      (_, word) => word,
    );
    expect(text.match(/No server starts/g)).toHaveLength(1);
    expect(text.match(/Mend: /g)).toHaveLength(2);
  });

  test('a warning keeps the variable for its name', () => {
    const [, warning] = environmentChecks('sso', ['INTERNAL_PORT has no effect.']);
    expect(warning).toMatchObject({ name: 'INTERNAL_PORT', status: 'warning', found: 'has no effect.' });
  });

  test('a deployment of one server may have the embedded database', () => {
    const [, embedded] = environmentChecks('sso', ['DATABASE_URL is not set: one server is all there is.']);
    expect(embedded).toMatchObject({ name: 'DATABASE_URL', status: 'ok' });
  });
});
