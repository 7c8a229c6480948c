/** A text field for the program: what there is before the full editor has arrived, and on narrow pages. */
import { useEffect, useRef } from 'react';
import { lineRange } from './lines.ts';
import type { EditorProps } from './props.ts';

export function PlainEditor({ source, onChange, reveal, diagnostics, notes }: EditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const line = reveal?.line;
  const takesFocus = reveal?.focus === true;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request reveals again
  useEffect(() => {
    const element = field.current;
    if (element === null || line === undefined) return;
    const [start, end] = lineRange(element.value, line);
    if (takesFocus) element.focus();
    element.setSelectionRange(start, end);
    const height = Number.parseFloat(getComputedStyle(element).lineHeight);
    element.scrollTop = Math.max(0, (line - 1) * height - element.clientHeight / 2);
  }, [reveal]);
  return (
    <div className="plain-editor">
      <textarea
        ref={field}
        aria-label="Program"
        aria-invalid={diagnostics.some(({ severity }) => severity === 'error')}
        value={source}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        data-testid="plain-editor"
      />
      {notes.length === 0 ? null : (
        <ul className="plain-notes" aria-label="Last call of each line">
          {notes.map((note) => (
            <li key={note.line} className={`by-${note.by}`}>
              line {note.line}: {note.text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
