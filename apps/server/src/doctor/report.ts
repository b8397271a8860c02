import type { Check, Status } from './check.ts';

/** Whether nothing failed; warnings are allowed. */
export function isWell(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== 'failed');
}

export function toJson(checks: readonly Check[]): string {
  return `${JSON.stringify({ ok: isWell(checks), checks }, null, 2)}\n`;
}

export type Paint = (status: Status, text: string) => string;

const statusWidth = 'warning'.length;

/** Grouped and aligned, for people. */
export function toText(checks: readonly Check[], paint: Paint): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const groups = [...new Set(checks.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const lines = checks.filter((check) => check.group === group);
    return [group, ...saidOnce(lines).flatMap((check) => linesOf(check, { paint, nameWidth }))].join('\n');
  });
  return `${[...blocks, tally(checks)].join('\n\n')}\n`;
}

/** A reason that one line after the other has is given with the first of them. */
function saidOnce(checks: readonly Check[]): readonly Check[] {
  return checks.map(({ why, ...rest }, index) =>
    why === undefined || why === checks[index - 1]?.why ? rest : { ...rest, why },
  );
}

type Layout = { readonly paint: Paint; readonly nameWidth: number };

function linesOf({ name, status, found, why, mend }: Check, { paint, nameWidth }: Layout): readonly string[] {
  const indent = ' '.repeat(statusWidth + nameWidth + 6);
  const head = `  ${paint(status, status.padEnd(statusWidth))}  ${name.padEnd(nameWidth)}  ${found}`;
  const advice = [why, mend && `Mend: ${mend}`].filter((text) => text !== undefined);
  return [head, ...advice.map((text) => `${indent}${text}`)];
}

function tally(checks: readonly Check[]): string {
  const count = (wanted: Status) => checks.filter(({ status }) => status === wanted).length;
  const warnings = count('warning');
  const words = [
    `${count('ok')} ok`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${count('failed')} failed`,
    `${count('skipped')} skipped`,
  ];
  return words.join(', ');
}
