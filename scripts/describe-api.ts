import { buildCloud } from '../apps/server/src/build-cloud.ts';
import { readCloudConfig } from '../apps/server/src/config/read-cloud-config.ts';
import { openLog } from '../apps/server/src/http/log.ts';

/** A Cloud Backend that never listens: its database is opened on first use, and there is none. */
const environment = {
  CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
  CLOUDGRID_AUTH_MODE: 'sso',
  CLOUDGRID_AUTH_PROVIDERS: 'github',
  CLOUDGRID_AUTH_COMPANY_ID: 'acme',
  CLOUDGRID_SESSION_SECRET: 'x'.repeat(32),
  CLOUDGRID_AUTH_GITHUB_CLIENT_ID: 'x',
  CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: 'x',
  CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: 'http://localhost:3000/auth/callback',
  DATABASE_URL: 'postgres://nobody@localhost:1/nothing',
  SECRETS_KEY: Buffer.alloc(32).toString('base64'),
};

/** The OpenAPI description of every route, made from the schemas that the routes check. */
export async function describeApi(): Promise<string> {
  const options = { log: openLog({ level: 'silent' }), describesItself: true };
  const cloud = await buildCloud(readCloudConfig(environment), options);
  await cloud.app.ready();
  const description = cloud.app.swagger();
  await cloud.close();
  return `${JSON.stringify(description, undefined, 2)}\n`;
}
