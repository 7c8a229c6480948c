/** Chooses the hart that a panel shows. */
import { Segmented } from './segmented.tsx';

export interface HartPickerProps {
  readonly harts: number;
  readonly selected: number;
  readonly onSelect: (hart: number) => void;
}

export function HartPicker({ harts, selected, onSelect }: HartPickerProps) {
  if (harts < 2) return null;
  return (
    <Segmented
      small
      label="Hart"
      value={String(selected)}
      onChange={(value) => onSelect(Number(value))}
      segments={Array.from({ length: harts }, (_, hart) => ({ value: String(hart), label: `hart ${hart}` }))}
      testId="hart-picker"
    />
  );
}
