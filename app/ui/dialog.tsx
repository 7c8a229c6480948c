/** A modal dialog: the platform's own, which keeps focus inside and closes on Escape. */
import { type ReactNode, useEffect, useRef } from 'react';

export interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
  readonly testId?: string;
}

export function Dialog({ label, onClose, className, children, testId }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    // The dialog would focus its first focusable element, which need not be the one to type into.
    dialog?.querySelector('input')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${className ?? ''}`}
      aria-label={label}
      data-testid={testId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {children}
    </dialog>
  );
}
