/** The bar at the top: what to run, how to run it, and how to pass it on. */
import { EXAMPLES } from '../../core/guests/catalogue.ts';
import { SYSTEMS } from '../../core/guests/systems.ts';
import { keyWords } from '../actions/action.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { copyLink, openExample, openSystem } from '../actions/program.ts';
import { nextCall, nextExit, reset, run, runWords, step } from '../actions/run.ts';
import { help, palette } from '../actions/view.ts';
import { isUntouched, systemOf } from '../state/draft.ts';
import { patch } from '../state/store.ts';
import type { Theme } from '../state/ui.ts';
import { usePage, usePageState } from './context.tsx';
import { InterfaceSwitch, SWITCH_FITS_HEADER } from './InterfaceSwitch.tsx';
import { useMedia } from './media.ts';

export function Header() {
  const words = usePageState(runWords);
  const inHeader = useMedia(SWITCH_FITS_HEADER);
  return (
    <header className="header">
      <h1 className="brand">Ecall</h1>
      <ExamplePicker />
      <div className="header-run" role="toolbar" aria-label="Run">
        <ActionButton
          action={run}
          kind="primary"
          label={words}
          className="run-button"
          testId={words === 'Pause' ? 'pause' : 'run'}
        />
        <ActionButton action={step} />
        <ActionButton action={nextCall} />
        <ActionButton action={nextExit} />
        <ActionButton action={reset} />
      </div>
      <span className="header-space" />
      {inHeader ? <InterfaceSwitch /> : null}
      <ActionButton action={copyLink} />
      <ThemePicker />
      <ActionButton action={palette} label={keyWords(palette.shortcut ?? '')} kind="quiet" className="icon-button" />
      <ActionButton action={help} label="?" kind="quiet" className="icon-button" />
    </header>
  );
}

function ExamplePicker() {
  const { store } = usePage();
  const guest = usePageState((state) => state.draft.config.guest);
  const image = usePageState((state) => state.draft.image);
  const example = guest.kind === 'example' ? EXAMPLES.find(({ id }) => id === guest.id) : undefined;
  const untouched = usePageState((state) => isUntouched(state.draft));
  const system = usePageState((state) => systemOf(state.draft));
  const chosen = system !== null ? SYSTEM + system.id : untouched && example !== undefined ? example.id : OWN;
  return (
    <select
      className="select example-picker"
      aria-label="Example"
      value={chosen}
      onChange={({ target: { value } }) =>
        value.startsWith(SYSTEM) ? openSystem(store, value.slice(SYSTEM.length)) : openExample(store, value)
      }
      data-testid="example"
    >
      {chosen !== OWN ? null : (
        <option value={OWN}>
          {image === null ? (example ? `${example.title} (edited)` : 'Own program') : image.name}
        </option>
      )}
      {EXAMPLES.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
      <optgroup label="Systems">
        {SYSTEMS.map(({ id, title }) => (
          <option key={id} value={SYSTEM + id}>
            {title}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
/** Before the id of a system, which an example may have too. */
const SYSTEM = ':';
/** Not an example: what the picker shows for an edited or own program. */
const OWN = '';

const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

function ThemePicker() {
  const { store } = usePage();
  const theme = usePageState((state) => state.ui.theme);
  return (
    <select
      className="select theme-picker"
      aria-label="Theme"
      value={theme}
      onChange={(event) => patch(store, 'ui', { theme: event.target.value as Theme })}
      data-testid="theme"
    >
      {THEMES.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
