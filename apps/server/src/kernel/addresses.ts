/** Every public address of ours is made here, from configuration alone: no request ever has a say. */

/** The redirect URI of the browser surface, registered at each provider. */
export function signInCallbackUrl(publicOrigin: URL): URL {
  return new URL('/auth/callback', publicOrigin);
}

/** Where a browser that met an error is sent. */
export function errorPageUrl(publicOrigin: URL): URL {
  return new URL('/auth/error', publicOrigin);
}
