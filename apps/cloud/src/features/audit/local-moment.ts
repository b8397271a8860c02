/** A moment as a field for date and time wants it, by the clock of this device; empty for none. */
export function toField(moment: string | undefined): string {
  if (moment === undefined) return '';
  const at = new Date(moment);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** And back; nothing for a field that is empty or half filled in. */
export function fromField(value: string): string | undefined {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
