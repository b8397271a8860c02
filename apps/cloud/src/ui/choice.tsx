import { useId } from 'react';
import './field.css';

type ChoiceProps<Value extends string> = {
  readonly label: string;
  /** In a table the column says it to those who see; the label is for the others. */
  readonly isLabelHidden?: boolean;
  readonly options: readonly (readonly [value: Value, words: string])[];
  readonly value: Value;
  readonly onChoice: (value: Value) => void;
  readonly isDisabled?: boolean;
};

/** One of a few: the browser's own list, which every device shows in its own way. */
export function Choice<Value extends string>({
  label,
  isLabelHidden = false,
  options,
  value,
  onChoice,
  isDisabled = false,
}: ChoiceProps<Value>) {
  const id = useId();
  const select = (
    <select
      id={id}
      className={isLabelHidden ? 'choice choice-small' : 'choice'}
      value={value}
      disabled={isDisabled}
      {...(isLabelHidden && { 'aria-label': label })}
      onChange={(event) => {
        const chosen = options.find(([one]) => one === event.currentTarget.value);
        if (chosen) onChoice(chosen[0]);
      }}
    >
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
  if (isLabelHidden) return select;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {select}
    </div>
  );
}
