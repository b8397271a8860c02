import type { Finding } from './part.ts';

const columns = ['what', 'unit', 'Gatehouse', 'baseline', 'ratio', 'target', ''];

/** A table in Markdown, as it stands in the README. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = [columns, columns.map(() => '---'), ...findings.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function rowOf({ row, unit, ours, baseline, beside, target, note }: Finding): string[] {
  const ratio = baseline === undefined ? undefined : ours / baseline.value;
  const judged = ratio ?? ours;
  const other = baseline ?? beside;
  return [
    note === undefined ? row : `${row} (${note})`,
    unit,
    figure(ours),
    other === undefined ? '' : `${figure(other.value)} ${other.name}`,
    ratio === undefined ? '' : `${figure(ratio)} ×`,
    target === undefined ? '' : 'least' in target ? `≥ ${target.least}` : `≤ ${target.most}`,
    target === undefined ? '' : isMet(judged, target) ? 'met' : 'missed',
  ];
}

function isMet(value: number, target: NonNullable<Finding['target']>): boolean {
  return 'least' in target ? value >= target.least : value <= target.most;
}

function figure(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
