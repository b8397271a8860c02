export type Status = 'ok' | 'warning' | 'failed' | 'skipped';

/** One line of the report. */
export type Check = {
  readonly group: string;
  readonly name: string;
  readonly status: Status;
  readonly found: string;
  readonly why?: string;
  /** The very variable or command. */
  readonly mend?: string;
};

export type Advice = { readonly why: string; readonly mend: string };
export type Trouble = Advice & { readonly found: string };

export type Group = {
  ok(name: string, found: string): Check;
  warning(name: string, trouble: Trouble): Check;
  failed(name: string, trouble: Trouble): Check;
  /** Not looked at; without advice where there is nothing to be done about that. */
  skipped(name: string, found: string, advice?: Advice): Check;
};

export function openGroup(group: string): Group {
  const inTrouble =
    (status: Status) =>
    (name: string, { found, why, mend }: Trouble) => ({
      group,
      name,
      status,
      found,
      why,
      mend,
    });
  return {
    ok: (name, found) => ({ group, name, status: 'ok', found }),
    warning: inTrouble('warning'),
    failed: inTrouble('failed'),
    skipped: (name, found, advice) => ({ group, name, status: 'skipped', found, ...advice }),
  };
}
