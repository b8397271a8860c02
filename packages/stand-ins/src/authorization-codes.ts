import { randomBytes } from 'node:crypto';

const LIFETIME_MS = 60_000;
const REMEMBERED_MS = 600_000;

/** What a person granted at the authorization endpoint. */
export type Grant<Person> = {
  readonly person: Person;
  readonly redirectUri: string;
  readonly scopes: ReadonlySet<string>;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  /** The `:names` of the authorization endpoint's path, such as Entra's directory. */
  readonly params: Readonly<Record<string, string>>;
};

type TakenCode<Person> =
  | { readonly outcome: 'granted'; readonly grant: Grant<Person> }
  | { readonly outcome: 'code_used' | 'code_expired' | 'code_unknown' };

export type AuthorizationCodes<Person> = {
  readonly issue: (grant: Grant<Person>) => string;
  /** Uses the code up. */
  readonly take: (code: string) => TakenCode<Person>;
};

export function createAuthorizationCodes<Person>(now: () => Date): AuthorizationCodes<Person> {
  const issued = new Map<string, { grant: Grant<Person>; at: number; isUsed: boolean }>();
  return {
    issue: (grant) => {
      const at = now().getTime();
      for (const [code, old] of issued) if (at - old.at > REMEMBERED_MS) issued.delete(code);
      const code = randomBytes(24).toString('base64url');
      issued.set(code, { grant, at, isUsed: false });
      return code;
    },
    take: (code) => {
      const found = issued.get(code);
      if (found === undefined) return { outcome: 'code_unknown' };
      if (found.isUsed) return { outcome: 'code_used' };
      found.isUsed = true;
      if (now().getTime() - found.at > LIFETIME_MS) return { outcome: 'code_expired' };
      return { outcome: 'granted', grant: found.grant };
    },
  };
}
