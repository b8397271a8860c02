import { availableParallelism } from 'node:os';
import { openLimitsOnPasswords } from './build-limits.ts';
import type { Mail } from './build-mail.ts';
import { arePasswordsOn } from './build-sign-in.ts';
import type { SignedIn } from './build-sign-in.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import { ConfigError } from './config/config-error.ts';
import {
  checkBreachedList,
  choosePasswords,
  forgetLinks,
  forgetMfaChallenges,
  forgetOldBrowsers,
  forgetUnconfirmedTotp,
  hashesAtOnce,
  noBreachedList,
  openBreachedList,
  openStrengthMeter,
  passwordHashes,
} from './credential/index.ts';
import type { ChoosePassword, PasswordHashes } from './credential/index.ts';
import type { LimitStore } from './db/limit-store.ts';
import type { Database } from './db/scopes.ts';
import type { HouseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import type { RateLimits } from './http/limits/rate-limits.ts';
import type { Chore } from './jobs/housekeeping.ts';
import type { Clock } from './kernel/clock.ts';
import { openWorkQueue } from './kernel/work-queue.ts';
import type { WorkQueue } from './kernel/work-queue.ts';
import type { Secret } from './kernel/secret.ts';
import { openSessionToken } from './session/index.ts';
import { passwordRoutes } from './sign-in/password/password-routes.ts';

/** What judges and keeps passwords, for everything that has to do with them. */
export type Passwords = {
  readonly areOn: boolean;
  readonly hashes: PasswordHashes;
  readonly choosePassword: ChoosePassword;
  /** Sign-ins: no more at once than whose hashes find a place in the queue. */
  readonly admit: WorkQueue['run'];
  readonly chores: readonly Chore[];
  close(): Promise<void>;
};

/** For their hash: some 15 ms each, so that the last of them waits less than a second. */
const mostWaiting = 50;

/** @throws ConfigError where the list of breached passwords is none: without it more would be let through than is wanted */
export async function openPasswords(config: CloudConfig): Promise<Passwords> {
  const areOn = arePasswordsOn(config);
  const { breachedPasswordsFile: file } = config;
  if (file !== undefined && areOn) await checkBreachedList(file).catch(refuseList);
  const atOnce = hashesAtOnce(availableParallelism());
  const hashes = passwordHashes(openWorkQueue({ name: 'hashes', atOnce, waiting: mostWaiting }));
  const meter = openStrengthMeter();
  const breached = file === undefined ? noBreachedList : openBreachedList(file);
  return {
    areOn,
    hashes,
    choosePassword: choosePasswords({ hashes, meter, breached }),
    admit: openWorkQueue({ name: 'sign_ins', atOnce: atOnce + mostWaiting, waiting: 0 }).run,
    chores: [forgetLinks, forgetMfaChallenges, forgetOldBrowsers, forgetUnconfirmedTotp],
    close: meter.close,
  };
}

function refuseList(error: unknown): never {
  const why = error instanceof Error ? error.message : 'it cannot be read';
  const sentence = `names a file that is of no use: ${why}. Expected: lines of upper-case hexadecimal SHA-1, sorted.`;
  throw new ConfigError([{ variable: 'BREACHED_PASSWORDS_FILE', sentence }]);
}

type PasswordParts = {
  readonly config: CloudConfig;
  readonly db: Database;
  readonly clock: Clock;
  readonly cookies: HouseCookies;
  readonly passwords: Passwords;
  readonly mail: Pick<Mail, 'policy' | 'links'>;
  readonly rateLimits: Pick<RateLimits, 'link' | 'login'>;
  readonly limitStore: LimitStore;
  readonly masterKeys: readonly Secret[];
  readonly signedIn: SignedIn;
};

/** How people sign in by password, where the policy knows any. */
export function addPasswords(app: Door, parts: PasswordParts): void {
  const { config, db, clock, cookies, passwords, mail, rateLimits, signedIn } = parts;
  const secrets = config.mode === 'sso' ? config.session.secrets : [];
  const { beginTry, ask } = openLimitsOnPasswords(parts.limitStore, parts.masterKeys);
  passwordRoutes(app, {
    db,
    clock,
    cookies,
    arePasswordsOn: passwords.areOn,
    admit: passwords.admit,
    hashes: passwords.hashes,
    choose: passwords.choosePassword,
    links: mail.links,
    mailPolicy: mail.policy,
    byPassword: signedIn.byPassword,
    handTokens: signedIn.handTokens,
    openSession: (cookie) => openSessionToken(cookie, secrets),
    beginTry,
    limitOf: { ask, use: rateLimits.link, login: rateLimits.login },
  });
}
