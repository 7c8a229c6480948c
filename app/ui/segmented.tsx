/** A native radio group drawn as a row of segments. Choices that cannot be taken stay visible and say why. */
import { useId } from 'react';

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
  return (
    <fieldset
      className={props.small === true ? 'segmented small' : 'segmented'}
      aria-describedby={props.describedBy}
      data-testid={props.testId}
    >
      <legend className="visually-hidden">{props.label}</legend>
      {props.segments.map((segment) => {
        const why = `${name}-${segment.value}`;
        return (
          <label key={segment.value} className={segment.className} title={segment.unavailable ?? segment.title}>
            <input
              type="radio"
              name={name}
              value={segment.value}
              checked={segment.value === props.value}
              disabled={segment.unavailable !== undefined}
              aria-describedby={segment.unavailable === undefined ? undefined : why}
              onChange={() => props.onChange(segment.value)}
              data-testid={segment.testId}
            />
            {segment.label}
            {segment.unavailable === undefined ? null : (
              <span id={why} className="visually-hidden">
                {segment.unavailable}
              </span>
            )}
          </label>
        );
      })}
    </fieldset>
  );
}
