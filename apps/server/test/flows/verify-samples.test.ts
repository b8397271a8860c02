import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/microsoft.ts';
import { signInAs } from '../support/people.ts';
import { claimsIn, signInWithMicrosoft } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

const samples = join(import.meta.dirname, '../../../../docs/samples');

/** What a sample of the guide makes of each token. */
async function run(w: World, [command, file]: readonly [string, string], tokens: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    GATEHOUSE_ISSUER: w.publicOrigin.origin,
    GATEHOUSE_KEYS: new URL('/.well-known/jwks.json', w.address()).href,
  };
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(command, [join(samples, file)], { env }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${file} failed`, { cause: error }));
    });
    child.stdin?.end(`${tokens.join('\n')}\n`);
  });
  const lines = output.trim().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

/** A good token, and others that are not: run out, of another kind of ours, changed, and nothing of the sort. */
async function tokensOf(w: World) {
  w.clock.advance(-60 * 60_000);
  const expired = await signInWithMicrosoft(w, 'ben', w.newBrowser());
  w.clock.setRight();
  const good = await signInWithMicrosoft(w, 'ada');
  const ada = await signInAs(w, 'azure', 'ada');
  const { headers } = await ada.get('/auth/verify?company=acme');
  const [head = '', , signature = ''] = good.split('.');
  const promoted = Buffer.from(JSON.stringify({ ...claimsIn(good), roles: ['admin'] })).toString('base64url');
  const bad = [expired, String(headers['x-gatehouse-assertion']), `${head}.${promoted}x.${signature}`, 'x'];
  return { good, bad };
}

function hasPyJwt(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import jwt, cryptography'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('the guide’s programs take our access tokens and nothing else: Node’s, and Python’s where PyJWT is installed', async ({
  w,
}) => {
  const { good, bad } = await tokensOf(w);
  const python = ['python3', '/usr/bin/python3'].find(hasPyJwt);
  const programs = [
    [process.execPath, 'verify-token.mjs'],
    ...(python === undefined ? [] : [[python, 'verify_token.py'] as const]),
  ] as const;
  for (const program of programs) {
    const [answer, ...refusals] = await run(w, program, [good, ...bad]);
    const { sub: userId, sid: sessionId } = claimsIn(good);
    expect(answer, program[1]).toMatchObject({ userId, sessionId });
    expect(refusals, program[1]).toEqual(bad.map(() => ({ refused: expect.any(String) as string })));
  }
});
