import type { ConfigFiles, Environment } from '../environment.ts';

/** Stands in every value that a test gives away, so that a leak is seen. */
export const canary = 'canary-of-a-value';

export const sessionSecret = `${canary}-session-secret-of-32-bytes`;
export const wrappingKey = Buffer.alloc(32, 7).toString('base64');

const githubSignIn: Environment = {
  CLOUDGRID_AUTH_GITHUB_CLIENT_ID: 'github-client',
  CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: 'github-secret',
  CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: 'https://gate.example/auth/callback',
};

/** As little as a deployment with sign-in needs. */
export const smallDeployment: Environment = {
  CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
  CLOUDGRID_AUTH_MODE: 'sso',
  CLOUDGRID_AUTH_PROVIDERS: 'github',
  CLOUDGRID_SESSION_SECRET: sessionSecret,
  ...githubSignIn,
};

/** Only Microsoft's way in, for every directory. */
export const microsoftDeployment: Environment = {
  CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
  CLOUDGRID_AUTH_MODE: 'sso',
  CLOUDGRID_SESSION_SECRET: sessionSecret,
  MS_CLIENT_ID: 'microsoft-client',
  MS_CLIENT_SECRET: 'microsoft-secret',
  API_PUBLIC_URL: 'https://gate.example',
  APP_BASE_URL: 'https://app.example',
};

/** Every way in, one company, mail, a database and Management. */
export const fullDeployment: Environment = {
  ...microsoftDeployment,
  ...githubSignIn,
  CLOUDGRID_AUTH_PROVIDERS: 'google,github,azure',
  CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: 'google-client',
  CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: 'google-secret',
  CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: 'https://gate.example/auth/callback',
  CLOUDGRID_AUTH_AZURE_ISSUER: 'https://login.microsoftonline.com/6d3b/v2.0',
  CLOUDGRID_AUTH_AZURE_CLIENT_ID: 'azure-client',
  CLOUDGRID_AUTH_AZURE_CLIENT_SECRET: 'azure-secret',
  CLOUDGRID_AUTH_AZURE_REDIRECT_URI: 'https://gate.example/auth/callback',
  CLOUDGRID_AUTH_COMPANY_ID: 'acme',
  CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'ada@acme.example',
  AUTH_POLICY: 'restricted',
  AUTH_ALLOWED_EMAIL_DOMAINS: 'acme.example',
  DATABASE_URL: 'postgres://gate@db.internal/gate',
  SECRETS_KEY: wrappingKey,
  CLOUD_INTERNAL_API_TOKEN: `${canary}-internal-token-of-32-bytes`,
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: 'mail.example',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
  CLOUDGRID_INVITATION_EMAIL_SMTP_USERNAME: 'gate',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PASSWORD: 'mail-secret',
};

/** A disk with these files alone. */
export function filesOf(contents: Readonly<Record<string, string>>): ConfigFiles {
  return {
    readText(path) {
      const content = contents[path];
      if (content === undefined) throw new Error('no such file');
      return content;
    },
    isReadable: (path) => path in contents,
  };
}
