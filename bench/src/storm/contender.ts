import type { Program } from '../programs/program.ts';

export type Replica = Program & { readonly url: URL };

/** A browser’s one cookie jar, which all its tabs share. */
export type Jar = { cookie: string };

/** Who is met by a storm: how its replicas start, what a refresh is, and how time passes for a browser’s cookie. */
export type Contender = {
  readonly name: string;
  /** Listens on this port again after it was killed. */
  start(port: number): Promise<Replica>;
  /** So many browsers, each of them signed in on its own. */
  signedIn(browsers: number): Promise<readonly Jar[]>;
  readonly refresh: {
    readonly path: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** As if this browser had slept: what is remembered of its cookie moves so far into the past. */
  timePasses(jar: Jar, seconds: number): Promise<void>;
};
