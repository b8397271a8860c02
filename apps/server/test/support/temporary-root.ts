import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const shared = '/dev/shm';

/** Where databases of tests lie: in memory if there are two gigabytes for them, else in the usual folder. */
export async function temporaryRoot(): Promise<string> {
  try {
    await access(shared, constants.W_OK);
    const { bavail, bsize } = await statfs(shared);
    return bavail * bsize > 2e9 ? shared : tmpdir();
  } catch {
    return tmpdir(); // macOS has none
  }
}
