import type { TrailEvent } from './trail-view.ts';

/** One line an event, and what stands before the first. */
type ExportForm = { readonly head: string; lineOf(event: TrailEvent): string };

const columns: readonly (readonly [string, (event: TrailEvent) => string | null | undefined])[] = [
  ['at', ({ at }) => at.toISOString()],
  ['id', ({ place }) => place.id],
  ['type', ({ type }) => type],
  ['result', ({ result }) => result],
  ['reason', ({ reason }) => reason],
  ['actorKind', ({ actor }) => actor.kind],
  ['actorId', ({ actor }) => actor.userId],
  ['actorName', ({ actor }) => actor.displayName],
  ['subjectId', ({ subject }) => subject?.id],
  ['subjectName', ({ subject }) => subject?.name],
  ['reference', ({ reference }) => reference],
  ['address', ({ address }) => address],
  ['userAgent', ({ userAgent }) => userAgent],
  ['details', ({ details }) => JSON.stringify(details)],
];

/** What a spreadsheet takes for a formula, in full-width letters too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Comma-separated values for spreadsheets (RFC 4180), with a head. */
export const csv: ExportForm = {
  head: rowOf(columns.map(([name]) => name)),
  lineOf: (event) => rowOf(columns.map(([, valueOf]) => valueOf(event) ?? '')),
};

function rowOf(values: readonly string[]): string {
  return `${values.map(cellOf).join(',')}\r\n`;
}

/** Always in quotes; what would be calculated when the file is opened has an apostrophe before it. */
function cellOf(value: string): string {
  return `"${formula.test(value) ? "'" : ''}${value.replaceAll('"', '""')}"`;
}
