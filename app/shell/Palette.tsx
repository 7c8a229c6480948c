/** The command palette: everything that can be done, by name. */
import { Command } from 'cmdk';
import { keyWords } from '../actions/action.ts';
import { ACTIONS, type Action } from '../actions/index.ts';
import { patch } from '../state/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { usePage } from './context.tsx';
import './palette.css';

const GROUPS: readonly Action['group'][] = ['Run', 'Program', 'View', 'Page'];

export function Palette() {
  const page = usePage();
  const close = (): void => patch(page.store, 'ui', { dialog: null });
  const state = page.store.getState();
  const choose = (action: Action): void => {
    close();
    // After the dialog gave the focus back, so that an action can move it.
    requestAnimationFrame(() => void action.run(page));
  };
  const offered = ACTIONS.filter((action) => action.id !== 'palette' && action.unavailable?.(state) === undefined);
  return (
    <Dialog label="Command palette" className="palette" onClose={close} testId="palette-dialog">
      <Command label="Commands" loop>
        <Command.Input placeholder="What do you want to do?" data-testid="palette-input" />
        <Command.List>
          <Command.Empty>Nothing of that name.</Command.Empty>
          {GROUPS.map((group) => (
            <Command.Group key={group} heading={group}>
              {offered
                .filter((action) => action.group === group)
                .map((action) => (
                  <Command.Item
                    key={action.id}
                    value={`${action.title} ${action.says}`}
                    onSelect={() => choose(action)}
                  >
                    <span>{action.title}</span>
                    <span className="dim palette-says">{action.says}</span>
                    {action.shortcut === undefined ? null : <kbd>{keyWords(action.shortcut)}</kbd>}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
