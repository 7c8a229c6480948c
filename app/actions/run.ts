/** Running the machine. */
import { canContinue, isChanged, isRunning, type MachineSlice } from '../state/machine.ts';
import type { PageState } from '../state/store.ts';
import type { Action } from './action.ts';

const failed = (machine: MachineSlice): string | undefined =>
  machine.worker === 'failed' ? 'The machine has failed: restart it first.' : undefined;

const whileRunning = ({ machine }: PageState): string | undefined =>
  isRunning(machine) ? 'The guest is running: pause it first.' : failed(machine);

export const run: Action = {
  id: 'run',
  title: 'Run',
  says: 'Build the machine as configured, assemble the program and run it; or go on after a pause.',
  shortcut: 'Ctrl+Enter',
  group: 'Run',
  unavailable: ({ machine }) => failed(machine),
  run: ({ session, store }) => (isRunning(store.getState().machine) ? session.pause() : session.run('forever')),
};

export const pause: Action = {
  id: 'pause',
  title: 'Pause',
  says: 'Stop between two instructions; the machine keeps its state.',
  group: 'Run',
  unavailable: ({ machine }) => (isRunning(machine) ? undefined : 'The guest is not running.'),
  run: ({ session }) => session.pause(),
};

export const step: Action = {
  id: 'step',
  title: 'Step',
  says: 'Run one instruction of the selected hart.',
  shortcut: 'F10',
  group: 'Run',
  unavailable: whileRunning,
  run: ({ session }) => session.step(),
};

export const nextCall: Action = {
  id: 'next-call',
  title: 'To next call',
  says: 'Run until the next SBI call has been answered.',
  shortcut: 'F9',
  group: 'Run',
  unavailable: whileRunning,
  run: ({ session }) => session.run('call'),
};

export const nextExit: Action = {
  id: 'next-exit',
  title: 'To next exit',
  says: 'Run until KVM next hands an exit to the VMM.',
  shortcut: 'Shift+F9',
  group: 'Run',
  unavailable: whileRunning,
  run: ({ session }) => session.run('exit'),
};

export const reset: Action = {
  id: 'reset',
  title: 'Reset',
  says: 'Build the machine again as configured and stop at its first instruction.',
  shortcut: 'Alt+Shift+R',
  group: 'Run',
  unavailable: ({ machine }) => failed(machine),
  run: ({ session }) => session.reset(),
};

export const restart: Action = {
  id: 'restart',
  title: 'Restart the machine',
  says: 'Start a new machine in place of the failed one; program and configuration stay.',
  group: 'Run',
  unavailable: ({ machine }) => (machine.worker === 'failed' ? undefined : 'The machine has not failed.'),
  run: ({ session }) => session.restart(),
};

/** What the Run button says and does in this state. */
export function runWords({ machine, draft }: PageState): 'Pause' | 'Continue' | 'Run' {
  if (isRunning(machine)) return 'Pause';
  const goesOn = canContinue(machine) && machine.view?.state === 'paused' && !isChanged(machine, draft);
  return goesOn ? 'Continue' : 'Run';
}
