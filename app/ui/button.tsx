/** A button that stays focusable while unavailable, so that its reason can be read by everybody. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly kind?: 'plain' | 'primary' | 'quiet';
  readonly small?: boolean;
  /** Why it cannot be used now; undefined when it can. */
  readonly unavailable?: string | undefined;
  readonly children: ReactNode;
}

export function Button({ kind = 'plain', small, unavailable, title, onClick, className, ...rest }: ButtonProps) {
  const classes = ['button', kind, small === true ? 'small' : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      aria-disabled={unavailable === undefined ? undefined : true}
      title={unavailable ?? title}
      onClick={unavailable === undefined ? onClick : undefined}
    />
  );
}
