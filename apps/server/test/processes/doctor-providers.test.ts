import { startGoogle } from '@gatehouse/stand-ins';
import { describe, expect, onTestFinished } from 'vitest';
import { deployment, doctor } from '../support/doctor.ts';
import { publicOrigin } from '../support/processes.ts';
import { test } from '../support/world.ts';

describe('a provider', () => {
  test('that calls itself by another name, hangs or has no keys is told within the time of one question', async ({
    standIns,
  }) => {
    const { env } = await deployment(standIns);
    standIns.google.misbehave('issuer_mismatch_in_discovery');
    standIns.entra.misbehave('discovery_hang');
    const first = await doctor({
      ...env,
      CLOUDGRID_AUTH_GITHUB_API_URL: `${standIns.github.baseUrl}/elsewhere`,
    });
    expect(first).toMatchObject({
      code: 1,
      inTrouble: ['github: api', 'google: metadata', 'azure: metadata'],
    });
    expect(first.find('google', 'metadata')?.found).toMatch(/^the document calls itself https?:.* not http/);
    expect(first.find('google', 'metadata')?.mend).toContain('CLOUDGRID_AUTH_GOOGLE_ISSUER');
    expect(first.find('azure', 'metadata')?.found).toMatch(/no answer within 5 s$/);
    expect(first.find('github', 'api')?.mend).toContain('CLOUDGRID_AUTH_GITHUB_API_URL');

    await deployment(standIns);
    standIns.google.misbehave('jwks_empty');
    standIns.entra.misbehave('discovery_html');
    const second = await doctor(env);
    expect(second).toMatchObject({ code: 1, inTrouble: ['google: keys', 'azure: metadata'] });
    const gone = 'http://127.0.0.1:1';
    const third = await doctor({
      ...env,
      CLOUDGRID_AUTH_GITHUB_BASE_URL: gone,
      CLOUDGRID_AUTH_GITHUB_API_URL: gone,
    });
    expect(third.find('github', 'login pages')).toMatchObject({ status: 'failed' });
    expect(third.find('github', 'login pages')?.found).toContain('127.0.0.1:1: no connection');
  }, 60_000);

  test('X-17 whose clock is another than ours is told by how much', async ({ standIns }) => {
    const { env } = await deployment(standIns);
    const slow = await startGoogle({ now: () => new Date(Date.now() - 40_000) });
    onTestFinished(slow.close);
    const warned = await doctor({ ...env, CLOUDGRID_AUTH_GOOGLE_ISSUER: slow.issuer });
    expect(warned).toMatchObject({ code: 0, inTrouble: ['google: clock'] });
    expect(warned.find('google', 'clock')?.found).toMatch(/ is (39|40|41) s behind ours$/);
    standIns.google.misbehave('clock_ahead');
    const failed = await doctor(env);
    expect(failed).toMatchObject({ code: 1, inTrouble: ['google: clock'] });
    expect(failed.find('google', 'clock')?.found).toMatch(/ is (299|300|301) s ahead of ours$/);
  }, 40_000);

  test('that is the platform’s Microsoft app is asked for every directory at once', async ({ standIns }) => {
    const { env } = await deployment(standIns);
    const { find } = await doctor({
      ...env,
      MS_CLIENT_ID: standIns.entra.clientId,
      MS_CLIENT_SECRET: standIns.entra.clientSecret,
      MS_AUTHORITY_HOST: standIns.entra.origin,
      API_PUBLIC_URL: publicOrigin.origin,
      APP_BASE_URL: publicOrigin.origin,
    });
    expect(find('microsoft', 'metadata')).toMatchObject({ status: 'ok' });
    expect(find('addresses', 'redirect URI, microsoft')?.found).toContain(
      `${publicOrigin.origin}/api/v1/auth/microsoft/callback `,
    );
  });
});
