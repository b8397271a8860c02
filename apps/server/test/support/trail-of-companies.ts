import { deriveKeys } from '../../src/keys/index.ts';
import { recordEvent, sealEvents, verifyTrail } from '../../src/audit/index.ts';
import type { ChainHead, Finding } from '../../src/audit/index.ts';
import { inSystem } from '../../src/db/scopes.ts';
import { after } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { House } from './house.ts';

function keyOf(byte: number) {
  const master = new Secret(Buffer.alloc(32, byte).toString('base64'));
  const [key] = deriveKeys([master], 'cloud/audit-seal/v2');
  if (key === undefined) throw new Error('one key was to be derived');
  return key;
}

const [first, second] = [keyOf(7), keyOf(8)];
export const sealingKeys = { first, second };

export const trailStart = new Date('2025-06-30T23:59:00.000Z');
const at = (seconds: number) => after(trailStart, seconds * 1000);

/** What is recorded, sealed and verified so many seconds after the trail began. */
export function trailOf(house: House) {
  return {
    async record(seconds: number, companyId?: string, details = {}): Promise<void> {
      const event = { type: 'member.removed', actor: { kind: 'system' }, subjectId: 'somebody' } as const;
      await inSystem(house.db, (tx) =>
        recordEvent(tx, { ...event, ...(companyId && { companyId }), details }, at(seconds)),
      );
    },
    seal: (seconds: number, key = first) => inSystem(house.db, (tx) => sealEvents(tx, key, at(seconds))),
    /** Everything that is told of the trail. */
    async verify(
      seconds: number,
      more: { keys?: readonly (typeof first)[]; chain?: string; keptHeads?: readonly ChainHead[] } = {},
    ) {
      const { keys = [first, second], chain, keptHeads = [] } = more;
      const told = verifyTrail({
        read: (work) => inSystem(house.db, work),
        keys: new Map(keys.map(({ keyId, key }) => [keyId, key])),
        ...(chain !== undefined && { chain }),
        keptHeads,
        now: at(seconds),
      });
      const findings: Finding[] = [];
      const heads: ChainHead[] = [];
      let waiting = 0;
      for await (const one of told) {
        if (one.kind === 'finding') findings.push(one.finding);
        if (one.kind === 'chain') heads.push(one.head);
        if (one.kind === 'waiting') waiting += one.count;
      }
      return { findings, heads, waiting };
    },
  };
}
