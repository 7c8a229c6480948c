/** The full editor, loaded apart from the page: Monaco with the RISC-V language from the tables. */
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/suggest/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import type { Diagnostic } from '../../core/protocol/messages.ts';
import type { AssembledProgram } from './line-help.ts';
import type { LineNote } from './props.ts';
import { LANGUAGE, registerLanguage, setProgram } from './riscv.ts';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

export interface FullEditor {
  setSource(source: string): void;
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  setNotes(notes: readonly LineNote[]): void;
  /** What was made of the text, for the hover; null while that is not known. */
  setProgram(program: AssembledProgram | null): void;
  /** Marks the line of the instruction that comes next, and shows it. */
  setCurrent(line: number | null): void;
  /** Shows a 1-based line and puts the cursor there. */
  reveal(line: number, focus: boolean): void;
  dispose(): void;
}

export interface EditorParts {
  readonly source: string;
  readonly onChange: (source: string) => void;
  readonly onNote: (note: LineNote) => void;
}

const MARKERS = 'assembler';
/** Between a line and its note; ordinary spaces would collapse. */
const NOTE_GAP = '\u00a0'.repeat(4);

export function openEditor(element: HTMLElement, { source, onChange, onNote }: EditorParts): FullEditor {
  registerLanguage();
  const model = monaco.editor.createModel(source, LANGUAGE);
  const editor = monaco.editor.create(element, {
    model,
    theme: themeName(),
    automaticLayout: true,
    ariaLabel: 'Program. Ctrl+M makes Tab move the focus.',
    fontFamily: getComputedStyle(element).getPropertyValue('--mono-family'),
    fontSize: 13,
    lineHeight: 19,
    lineNumbersMinChars: 3,
    glyphMargin: false,
    folding: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderLineHighlight: 'line',
    tabSize: 8,
    padding: { top: 8, bottom: 8 },
    fixedOverflowWidgets: true,
    quickSuggestions: { other: true, comments: false, strings: false },
    wordBasedSuggestions: 'off',
    occurrencesHighlight: 'singleFile',
    overviewRulerLanes: 2,
    bracketPairColorization: { enabled: false },
    guides: { indentation: false },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
  });
  const decorations = editor.createDecorationsCollection();
  const current = editor.createDecorationsCollection();
  let notes: readonly LineNote[] = [];
  let quiet = false;
  const changed = model.onDidChangeContent(() => {
    if (!quiet) onChange(model.getValue());
  });
  const clicked = editor.onMouseDown((event) => {
    const note = notes.find(({ line }) => line === event.target.position?.lineNumber);
    if (note !== undefined && event.target.element?.classList.contains('line-note')) onNote(note);
  });
  const theme = new MutationObserver(() => monaco.editor.setTheme(themeName()));
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    setSource(text) {
      if (model.getValue() === text) return;
      quiet = true;
      model.setValue(text);
      quiet = false;
    },
    setDiagnostics(diagnostics) {
      monaco.editor.setModelMarkers(model, MARKERS, diagnostics.map(marker));
    },
    setNotes(next) {
      notes = next;
      decorations.set(next.map((note) => noteDecoration(note, model)));
    },
    setProgram(program) {
      setProgram(model, program);
    },
    setCurrent(line) {
      const options = { isWholeLine: true, className: 'current-line', linesDecorationsClassName: 'current-mark' };
      current.set(line === null ? [] : [{ range: new monaco.Range(line, 1, line, 1), options }]);
      if (line !== null) editor.revealLineInCenterIfOutsideViewport(line);
    },
    reveal(line, focus) {
      editor.revealLineInCenterIfOutsideViewport(line);
      editor.setPosition({ lineNumber: line, column: model.getLineFirstNonWhitespaceColumn(line) || 1 });
      if (focus) editor.focus();
    },
    dispose() {
      theme.disconnect();
      clicked.dispose();
      changed.dispose();
      editor.dispose();
      model.dispose();
    },
  };
}

function themeName(): string {
  return document.documentElement.dataset.theme === 'dark' ? 'ecall-dark' : 'ecall-light';
}

function marker(problem: Diagnostic): monaco.editor.IMarkerData {
  return {
    startLineNumber: problem.line,
    endLineNumber: problem.line,
    startColumn: problem.column,
    endColumn: problem.column + Math.max(1, problem.length),
    severity: problem.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message: problem.hint === undefined ? problem.message : `${problem.message}\n${problem.hint}`,
  };
}

function noteDecoration(note: LineNote, model: monaco.editor.ITextModel): monaco.editor.IModelDeltaDecoration {
  const line = Math.min(note.line, model.getLineCount());
  const end = model.getLineMaxColumn(line);
  return {
    range: new monaco.Range(line, end, line, end),
    options: {
      isWholeLine: true,
      className: 'noted-line',
      after: { content: NOTE_GAP + note.text, inlineClassName: `line-note by-${note.by}` },
      showIfCollapsed: true,
    },
  };
}
