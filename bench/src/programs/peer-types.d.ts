// What is used of it here. Its own types are there only where this folder's packages are installed.
declare module 'better-auth' {
  export type Auth = { readonly handler: (request: Request) => Promise<Response> };
  export function betterAuth(options: object): Auth;
}
declare module 'better-auth/db/migration' {
  export function getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
}
declare module 'better-auth/node' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { Auth } from 'better-auth';
  export function toNodeHandler(
    auth: Auth,
  ): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}
declare module 'better-auth/plugins' {
  export function genericOAuth(options: object): object;
  export function jwt(): object;
}
