/**
 * The editor: a plain text field at once, the full editor in its place when it has arrived. Narrow pages
 * keep the text field, since the full editor is not made for touch.
 */
import { useEffect, useRef, useState } from 'react';
import { useMedia } from '../shell/media.ts';
import type { FullEditor } from './monaco.ts';
import { PlainEditor } from './PlainEditor.tsx';
import type { EditorProps } from './props.ts';
import './editor.css';

const NARROW = '(max-width: 820px)';

export function Editor(props: EditorProps) {
  const narrow = useMedia(NARROW);
  return narrow ? <PlainEditor {...props} /> : <RichEditor {...props} />;
}

function RichEditor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<FullEditor | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let gone = false;
    let created: FullEditor | undefined;
    const open = async (): Promise<void> => {
      const { openEditor } = await import('./monaco.ts');
      if (gone) return;
      created = openEditor(element, {
        source: latest.current.source,
        onChange: (source) => latest.current.onChange(source),
        onNote: (note) => latest.current.onNote(note),
      });
      setEditor(created);
    };
    // Without the full editor the text field stays, which can do all that is needed.
    open().catch(() => undefined);
    return () => {
      gone = true;
      setEditor(null);
      created?.dispose();
    };
  }, []);

  useEffect(() => {
    editor?.setSource(props.source);
  }, [editor, props.source]);
  useEffect(() => {
    editor?.setDiagnostics(props.diagnostics);
  }, [editor, props.diagnostics]);
  useEffect(() => {
    editor?.setNotes(props.notes);
  }, [editor, props.notes]);
  useEffect(() => {
    editor?.setProgram(props.program);
  }, [editor, props.program]);
  useEffect(() => {
    editor?.setCurrent(props.current);
  }, [editor, props.current]);
  useEffect(() => {
    if (props.reveal !== null) editor?.reveal(props.reveal.line, props.reveal.focus);
  }, [editor, props.reveal]);

  return (
    <div className="editor" data-testid="editor" data-region-focus>
      <div ref={host} className="editor-full" hidden={editor === null} />
      {editor === null ? <PlainEditor {...props} /> : null}
    </div>
  );
}
