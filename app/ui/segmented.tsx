/**
 * A native radio group drawn as a row of segments. Choices that cannot be taken stay visible and can be
 * reached by pointer, finger and arrow keys: they then say why, and the choice stays what it was.
 */
import { useId, useState } from 'react';

export interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen; undefined when it can. */
  readonly unavailable?: string | undefined;
  readonly title?: string | undefined;
  readonly className?: string;
  readonly testId?: string;
}

export interface SegmentedProps<T extends string> {
  /** Accessible name of the group. */
  readonly label: string;
  readonly value: T;
  readonly segments: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
  readonly small?: boolean;
  /** Ids of elements that describe the group. */
  readonly describedBy?: string | undefined;
  readonly testId?: string;
}

export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const name = useId();
  const [asked, setAsked] = useState<T | null>(null);
  const refusal = props.segments.find(({ value }) => value === asked)?.unavailable;
  return (
    <fieldset
      className={props.small === true ? 'segmented small' : 'segmented'}
      aria-describedby={props.describedBy}
      data-testid={props.testId}
      onBlur={() => setAsked(null)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setAsked(null);
      }}
    >
      <legend className="visually-hidden">{props.label}</legend>
      {props.segments.map((segment) => {
        const { value, unavailable } = segment;
        const why = `${name}-${value}`;
        return (
          <label key={value} className={segment.className} title={unavailable ?? segment.title}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === props.value}
              aria-disabled={unavailable === undefined ? undefined : true}
              aria-describedby={unavailable === undefined ? undefined : why}
              onFocus={() => setAsked(value)}
              onChange={() => {
                setAsked(value);
                if (unavailable === undefined) props.onChange(value);
              }}
              data-testid={segment.testId}
            />
            {segment.label}
            {unavailable === undefined ? null : (
              <span id={why} className="visually-hidden">
                {unavailable}
              </span>
            )}
          </label>
        );
      })}
      {refusal === undefined ? null : (
        <span className="tip" aria-hidden="true" data-testid="refusal">
          {refusal}
        </span>
      )}
    </fieldset>
  );
}
