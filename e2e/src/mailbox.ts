import { expect } from './page-checks.ts';

export type Mail = { readonly subject: string; readonly text: string };

/** The newest mail to this address that contains `words`, once it has come. */
export async function mailTo(address: string, words: RegExp): Promise<Mail> {
  const mailbox = process.env['E2E_MAILBOX'] ?? '';
  const found: Mail[] = [];
  await expect(async () => {
    const answer = await fetch(`${mailbox}/mails.json?to=${encodeURIComponent(address)}`);
    // The demo's own mailbox answers so.
    const mails = (await answer.json()) as readonly Mail[];
    found.splice(0, found.length, ...mails.filter(({ text }) => words.test(text)));
    expect(found.length).toBeGreaterThan(0);
  }).toPass({ timeout: 15_000 });
  const [newest] = found;
  if (newest === undefined) throw new Error('nothing came');
  return newest;
}
