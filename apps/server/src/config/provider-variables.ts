import type { VariableTable } from './variable.ts';

const whenListed = (provider: string) => `Needed when \`${provider}\` is listed.`;
const redirectRule = (provider: string) =>
  `This server’s \`/auth/callback\` on its public origin, exactly as registered with the provider. ${whenListed(provider)}`;

export const providerVariables = {
  CLOUDGRID_AUTH_PROVIDERS: {
    rule: 'Some of `github`, `google`, `azure`, separated by commas, each once; the sign-in page shows them in this order. Needed under `sso` unless `MS_CLIENT_ID` is set. Only what is listed is a way in.',
  },
  CLOUDGRID_AUTH_GITHUB_CLIENT_ID: { rule: `Client id of the GitHub OAuth app. ${whenListed('github')}` },
  CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: { secret: true, rule: `Its client secret. ${whenListed('github')}` },
  CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: { rule: redirectRule('github') },
  CLOUDGRID_AUTH_GITHUB_BASE_URL: {
    default: 'https://github.com',
    rule: 'Where people sign in, for GitHub Enterprise Server; `/login/oauth/` lies below it. May carry a path.',
  },
  CLOUDGRID_AUTH_GITHUB_API_URL: {
    otherwise: '`https://api.github.com`; with another base URL, `/api/v3` below that',
    rule: 'GitHub’s REST interface; `/user` and `/user/emails` lie below it. May carry a path.',
  },
  CLOUDGRID_AUTH_GOOGLE_ISSUER: {
    default: 'https://accounts.google.com',
    rule: 'Issuer of the ID tokens, letter by letter as they name it.',
  },
  CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: { rule: `Client id of the Google OAuth client. ${whenListed('google')}` },
  CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: { secret: true, rule: `Its client secret. ${whenListed('google')}` },
  CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: { rule: redirectRule('google') },
  CLOUDGRID_AUTH_GOOGLE_AUDIENCE: { otherwise: 'the client id', rule: 'Audience that ID tokens must name.' },
  CLOUDGRID_AUTH_GOOGLE_JWKS_URL: { otherwise: 'what discovery names', rule: 'Where the signing keys are.' },
  CLOUDGRID_AUTH_AZURE_ISSUER: {
    rule: `\`https://login.microsoftonline.com/<directory>/v2.0\`, with the id of your Entra directory; elsewhere than in the public cloud another host, with a path if need be. ${whenListed('azure')}`,
  },
  CLOUDGRID_AUTH_AZURE_CLIENT_ID: {
    rule: `Application id of the Entra app registration. ${whenListed('azure')}`,
  },
  CLOUDGRID_AUTH_AZURE_CLIENT_SECRET: { secret: true, rule: `Its client secret. ${whenListed('azure')}` },
  CLOUDGRID_AUTH_AZURE_REDIRECT_URI: { rule: redirectRule('azure') },
  CLOUDGRID_AUTH_AZURE_AUDIENCE: { otherwise: 'the client id', rule: 'Audience that ID tokens must name.' },
  CLOUDGRID_AUTH_AZURE_JWKS_URL: { otherwise: 'what discovery names', rule: 'Where the signing keys are.' },
  CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS: {
    otherwise: 'none',
    rule: 'Domains that this one directory owns, separated by commas: its members’ addresses there count as verified. A mistake where the issuer stands for many directories (`common`, `organizations`, `consumers`).',
  },
} as const satisfies VariableTable;

export type ProviderVariable = keyof typeof providerVariables;
