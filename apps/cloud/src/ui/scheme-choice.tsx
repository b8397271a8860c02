import { useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { en } from '../messages/en.ts';
import { DeviceIcon, MoonIcon, SunIcon } from './icons.tsx';

const choices: readonly { value: MantineColorScheme; label: string; icon: ReactNode }[] = [
  { value: 'auto', label: en.scheme.auto, icon: <DeviceIcon /> },
  { value: 'light', label: en.scheme.light, icon: <SunIcon /> },
  { value: 'dark', label: en.scheme.dark, icon: <MoonIcon /> },
];

export function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className="scheme-choice">
      <VisuallyHidden component="legend">{en.scheme.legend}</VisuallyHidden>
      {choices.map(({ value, label, icon }) => (
        <label key={value} title={label}>
          <input
            type="radio"
            name="scheme"
            value={value}
            checked={colorScheme === value}
            onChange={() => {
              setColorScheme(value);
            }}
          />
          {icon}
          <VisuallyHidden>{label}</VisuallyHidden>
        </label>
      ))}
    </fieldset>
  );
}
