/** What the parts of the page are, and the shortcuts. */
import { keyWords } from '../actions/action.ts';
import { ACTIONS } from '../actions/index.ts';
import { patch } from '../state/store.ts';
import { Button } from '../ui/button.tsx';
import { LAYERS, LayerChip } from '../ui/chip.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { usePage } from './context.tsx';
import './help.css';

const LAYER_HELP = {
  guest: 'The guest answered itself: with Sstc it sets its timer by a CSR and asks nobody.',
  kvm: 'The kernel answered: one trap out of VS-mode and back.',
  vmm: 'User space answered: after the trap KVM_RUN returned, the VMM replied and entered the guest again.',
  none: 'Nobody answered: the guest got an error, mostly NOT_SUPPORTED.',
} as const;

export function Help() {
  const { store } = usePage();
  const close = (): void => patch(store, 'ui', { dialog: null });
  const withKeys = ACTIONS.filter((action) => action.shortcut !== undefined);
  return (
    <Dialog label="Help" className="help" onClose={close} testId="help-dialog">
      <div className="help-body">
        <h2>Who answers an SBI call?</h2>
        <p>
          A guest kernel in VS-mode asks its environment for services with <code>ecall</code>. Under a hypervisor each
          call traps to KVM in the kernel, which answers it, hands it to the VMM in user space, or refuses it. On the
          left you decide which; Run shows what follows, call by call.
        </p>
        <ul className="help-layers">
          {LAYERS.map((by) => (
            <li key={by}>
              <LayerChip by={by} /> {LAYER_HELP[by]}
            </li>
          ))}
        </ul>
        <h2>Keyboard</h2>
        <ul className="help-keys">
          {withKeys.map((action) => (
            <li key={action.id}>
              <kbd>{keyWords(action.shortcut ?? '')}</kbd> {action.title}
            </li>
          ))}
          <li>
            <kbd>Ctrl+M</kbd> In the editor: Tab moves the focus
          </li>
          <li>
            <kbd>Shift+Tab</kbd> In the terminal: leave it
          </li>
        </ul>
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  );
}
