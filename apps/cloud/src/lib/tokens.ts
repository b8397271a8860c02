/** What `/api/v1/auth/refresh`, a password sign-in and the like answer. */
type TokenAnswer = { readonly accessToken: string; readonly expiresIn: number };

let held: { readonly accessToken: string; readonly expiresAtMs: number } | undefined;

/** Takes a token that was just handed to this page. It stays in memory and goes with the page. */
export function adoptTokens({ accessToken, expiresIn }: TokenAnswer): void {
  held = { accessToken, expiresAtMs: Date.now() + expiresIn * 1000 };
}

/** Whether this page acts with a token; otherwise with the session cookie, or for nobody. */
export const holdsTokens = (): boolean => held !== undefined;
