import { Button, TextInput } from '@mantine/core';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { fromField, toField } from './local-moment.ts';
import { periodOf, periods } from './trail-wish.ts';
import type { Period, TrailWish } from './trail-wish.ts';

export type WishChange = { readonly [name in keyof TrailWish]: TrailWish[name] | undefined };

type FiltersProps = {
  readonly wish: TrailWish;
  /** Of the one person whose events are shown, if it is known. */
  readonly actorName: string | undefined;
  /** What is undefined is no longer asked for. */
  readonly onChange: (change: WishChange) => void;
};

const periodOptions = periods.map((period) => [period, en.audit.periods[period]] as const);
const results = [['', en.audit.allResults] as const, ...Object.entries(en.audit.results)];

/** The families, and the one type that somebody has picked from an event. */
function kindsFor(type: string | undefined): readonly (readonly [string, string])[] {
  const kinds = [['', en.audit.allKinds] as const, ...en.audit.families];
  if (type === undefined || kinds.some(([kind]) => kind === type)) return kinds;
  return [...kinds, [type, en.audit.events[type] ?? type]];
}

function CustomPeriod({ wish: { from, until }, onChange }: Pick<FiltersProps, 'wish' | 'onChange'>) {
  const isEmpty = from !== undefined && until !== undefined && until <= from;
  return (
    <>
      <TextInput
        className="field"
        type="datetime-local"
        label={en.audit.from}
        value={toField(from)}
        onChange={(event) => {
          onChange({ from: fromField(event.currentTarget.value) });
        }}
      />
      <TextInput
        className="field"
        type="datetime-local"
        label={en.audit.until}
        value={toField(until)}
        error={isEmpty && en.audit.untilBefore}
        onChange={(event) => {
          onChange({ until: fromField(event.currentTarget.value) });
        }}
      />
    </>
  );
}

/** A custom period begins as what was shown before. */
function periodChange(period: Period, now: Date): WishChange {
  const dayMs = 86_400_000;
  return period === 'custom'
    ? { period, from: new Date(now.getTime() - dayMs).toISOString(), until: now.toISOString() }
    : { period, from: undefined, until: undefined };
}

export function Filters({ wish, actorName, onChange }: FiltersProps) {
  return (
    <div className="stack">
      <div className="filters">
        <SearchField
          label={en.audit.search}
          hint={en.audit.searchHint}
          value={wish.query ?? ''}
          onSearch={(query) => {
            onChange({ query: query.trim() || undefined });
          }}
        />
        <Choice
          label={en.audit.period}
          options={periodOptions}
          value={periodOf(wish)}
          onChoice={(period) => {
            onChange(periodChange(period, new Date()));
          }}
        />
        <Choice
          label={en.audit.kind}
          options={kindsFor(wish.type)}
          value={wish.type ?? ''}
          onChoice={(type) => {
            onChange({ type: type || undefined });
          }}
        />
        <Choice
          label={en.audit.outcome}
          options={results}
          value={wish.result ?? ''}
          onChoice={(result) => {
            onChange({ result: result === 'succeeded' || result === 'refused' ? result : undefined });
          }}
        />
        {wish.period === 'custom' && <CustomPeriod wish={wish} onChange={onChange} />}
      </div>
      {wish.actor !== undefined && (
        <p className="audit-actor">
          <span>{en.audit.by(actorName ?? wish.actor)}</span>
          <Button
            variant="subtle"
            className="button-small"
            onClick={() => {
              onChange({ actor: undefined });
            }}
          >
            {en.audit.anyone}
          </Button>
        </p>
      )}
    </div>
  );
}
