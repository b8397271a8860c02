import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('addresses');
/** Where somebody who listens on every address is found. */
const everyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** By variable; port 0 is never taken. `connects`: whether something listens there. */
export async function portChecks(
  host: string,
  ports: Readonly<Record<string, number>>,
  connects: (host: string, port: number) => Promise<boolean>,
): Promise<readonly Check[]> {
  const named = Object.entries(ports).filter(([, port]) => port !== 0);
  return await Promise.all(
    named.map(async ([variable, port]) =>
      portCheck(variable, port, await connects(everyAddress[host] ?? host, port)),
    ),
  );
}

function portCheck(variable: string, port: number, isTaken: boolean): Check {
  if (!isTaken) return group.ok(variable, `nothing else listens on ${port}`);
  return group.warning(variable, {
    found: `${port} is taken (a running Gatehouse, or something else)`,
    why: 'A server that starts now ends at once, unless what listens there ends first.',
    mend: `Nothing to do where it is Gatehouse; else ${variable}=<another port>`,
  });
}
