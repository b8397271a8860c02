import { isLoopbackHost } from '../kernel/loopback.ts';
import type { Check } from './check.ts';
import { openGroup } from './check.ts';

export type FirstAdmin = {
  readonly publicOrigin: URL;
  /** Absent: many companies. */
  readonly company?: { readonly slug: string; readonly isAddressGiven: boolean };
  /** `unknown` where the database could not be asked. */
  readonly claimed: boolean | 'unknown';
};

const group = openGroup('first administrator');
const variable = 'CLOUDGRID_AUTH_BOOTSTRAP_EMAIL';

/** On a public address nobody may become the first administrator by being quick. */
export function firstAdminCheck({ publicOrigin, company, claimed }: FirstAdmin): Check {
  if (company === undefined)
    return group.skipped(variable, 'there is no one company whose first administrator it names');
  const { slug, isAddressGiven } = company;
  if (claimed === true) return group.ok(variable, `${slug} has had its first administrator`);
  if (isAddressGiven) return group.ok(variable, `is set: nobody else can become the first one of ${slug}`);
  if (isLoopbackHost(publicOrigin.hostname))
    return group.ok(variable, 'is not set; this address is reached from this machine alone');
  const knowledge = claimed === 'unknown' ? 'whether that has happened could not be read' : 'nobody has yet';
  return group.failed(variable, {
    found: `is not set, and whoever first comes with a verified address becomes the administrator: ${knowledge}`,
    why: `On ${publicOrigin.host} that can be anybody.`,
    mend: `${variable}=<your address>`,
  });
}
