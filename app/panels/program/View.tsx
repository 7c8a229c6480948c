/** The program in its editor, with the problems the assembler found. */
import { useMemo, useState } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import { revealLine } from '../../actions/reveal.ts';
import { loadState, saveState } from '../../actions/state-file.ts';
import { Editor } from '../../editor/Editor.tsx';
import { usePage, usePageState } from '../../shell/context.tsx';
import { problemWords } from '../../state/assembly.ts';
import { awaitedExample, systemOf, withSource } from '../../state/draft.ts';
import { patch } from '../../state/store.ts';
import { Button } from '../../ui/button.tsx';
import { grouped } from '../../ui/format.ts';
import { lazyView } from '../lazy.tsx';
import { Awaited } from './Awaited.tsx';
import { System } from './System.tsx';
import { assembledProgram, callsByLine, nextLine, programNotes } from './select.ts';
import './program.css';

const Disassembly = lazyView(() => import('../disassembly/View.tsx'));

export function View() {
  const { store, rings } = usePage();
  const source = usePageState((state) => state.draft.source);
  const image = usePageState((state) => state.draft.image);
  const system = usePageState((state) => systemOf(state.draft));
  const awaited = usePageState((state) => awaitedExample(state.draft));
  const assembly = usePageState((state) => state.assembly);
  const loaded = usePageState((state) => state.machine.loaded);
  const version = usePageState((state) => state.trace.version);
  const exact = usePageState((state) => state.trace.dropped === 0);
  const reveal = usePageState((state) => state.ui.reveal);
  const [beside, setBeside] = useState(false);
  const current = loaded !== null && loaded.source === source;
  const line = usePageState(nextLine);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the calls behind it change with the version
  const notes = useMemo(
    () => (current ? programNotes(callsByLine(rings.lastAt, rings.timesAt, loaded.lines), exact) : []),
    [current, loaded, rings, version, exact],
  );
  const isa = usePageState((state) => state.draft.config.isa);
  const program = useMemo(() => assembledProgram(assembly, isa), [assembly, isa]);
  if (system !== null) return <System system={system} />;
  if (image !== null) {
    return (
      <p className="empty">
        {image.name} is an image{image.bytes === null ? '' : ` of ${grouped(image.bytes.length)} bytes`}: it has no
        source here. Choose an example to get back to the editor.
      </p>
    );
  }
  if (awaited !== null) return <Awaited />;
  return (
    <div className="program">
      <div className={beside ? 'program-split' : 'program-only'}>
        <Editor
          source={source}
          diagnostics={assembly.of === source ? assembly.diagnostics : []}
          notes={notes}
          reveal={reveal}
          current={current ? line : null}
          program={program}
          onNote={(note) => patch(store, 'trace', { selected: note.seq })}
          onChange={(text) => store.setState(({ draft }) => ({ draft: withSource(draft, text) }))}
        />
        {beside ? <Disassembly /> : null}
      </div>
      <div className="program-foot">
        <Problems />
        <ActionButton action={saveState} small kind="quiet" />
        <ActionButton action={loadState} small kind="quiet" />
        <Button
          small
          kind="quiet"
          aria-pressed={beside}
          onClick={() => setBeside(!beside)}
          className={beside ? 'pressed' : ''}
        >
          Disassembly beside
        </Button>
      </div>
    </div>
  );
}

function Problems() {
  const { store } = usePage();
  const assembly = usePageState((state) => state.assembly);
  const { diagnostics } = assembly;
  const words = problemWords(diagnostics);
  if (words === null) {
    return (
      <p className="program-ok dim" data-testid="problems" role="status">
        {assembly.of === null ? 'assembling…' : `assembles to ${grouped(assembly.bytes)} bytes`}
      </p>
    );
  }
  return (
    <details className="program-problems" data-testid="problems" open>
      <summary>{words}</summary>
      <ul>
        {diagnostics.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`}>
            <button type="button" onClick={() => revealLine(store, problem.line)}>
              <span className={problem.severity}>
                {problem.line}:{problem.column}
              </span>{' '}
              {problem.message} {problem.hint === undefined ? null : <span className="dim">{problem.hint}</span>}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
