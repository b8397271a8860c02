import { expect, test } from 'vitest';
import { readDevice } from './device.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const phoneKit = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    { kind: 'desktop', browser: 'Firefox', os: 'Linux' },
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    { kind: 'desktop', browser: 'Microsoft Edge', os: 'Windows' },
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webKit} Chrome/140.0.0.0 Safari/537.36`,
    { kind: 'desktop', browser: 'Chrome', os: 'Chrome OS' },
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) ${phoneKit}`,
    { kind: 'phone', browser: 'Safari', os: 'iOS' },
  ],
  [
    `Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) ${phoneKit}`,
    { kind: 'tablet', browser: 'Safari', os: 'iOS' },
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webKit} Chrome/140.0.0.0 Mobile Safari/537.36`,
    { kind: 'phone', browser: 'Chrome', os: 'Android' },
  ],
])('%s is known by its names', (userAgent, device) => {
  expect(readDevice(userAgent)).toEqual(device);
});

test.each([
  null,
  '',
  ' ',
  'curl/8.5.0',
  'python-requests/2.31',
  'Mozilla/5.0',
  'Your bank/1.0 (call 555-1234)',
  '<script>/1.0 (x)',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'A'.repeat(512),
])('%j is unknown, and nothing of it becomes a name', (userAgent) => {
  expect(readDevice(userAgent)).toEqual({ kind: 'unknown' });
});

test('what calls itself anything on a system that is known keeps none of its own words', () => {
  const { browser } = readDevice('Your bank/1.0 (Windows NT 10.0; Win64; x64) call 555-1234');
  expect(browser).toBeUndefined();
});
