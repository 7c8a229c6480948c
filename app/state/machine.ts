/** The last view of the machine, what it was loaded with, and what went wrong with it. */
import type { Config } from '../../core/config/types.ts';
import type {
  Failure,
  HartView,
  ImageSymbol,
  LineEntry,
  MachineView,
  ProbeReport,
} from '../../core/protocol/messages.ts';
import { type Draft, type DraftImage, sameMachine, systemOf } from './draft.ts';

export interface LoadedMachine {
  readonly config: Config;
  /** Id of the system guest it was loaded with. */
  readonly system: string | null;
  /** The text it was assembled from; null for an image or a system. */
  readonly source: string | null;
  readonly image: DraftImage | null;
  readonly symbols: readonly ImageSymbol[];
  readonly lines: readonly LineEntry[];
  readonly warnings: readonly string[];
}

export interface MachineSlice {
  /** `starting` until the worker answered; `busy` while a command is under way. */
  readonly worker: 'starting' | 'ready' | 'busy' | 'failed';
  readonly view: MachineView | null;
  /** Harts as they were before the last run or step: what changed is shown against these. */
  readonly before: readonly HartView[];
  readonly loaded: LoadedMachine | null;
  /** Why the last load was refused. */
  readonly refused: Failure | null;
  readonly fault: Failure | null;
  readonly probe: { readonly report: ProbeReport; readonly config: Config } | null;
  readonly probing: boolean;
  /** Grows with every load, so that views of the rings can start over. */
  readonly generation: number;
}

export const machineSlice: MachineSlice = {
  worker: 'starting',
  view: null,
  before: [],
  loaded: null,
  refused: null,
  fault: null,
  probe: null,
  probing: false,
  generation: 0,
};

export function isRunning(machine: MachineSlice): boolean {
  return machine.view?.state === 'running';
}

/** Whether Run has something to go on with, or has to build the machine first. */
export function canContinue(machine: MachineSlice): boolean {
  return machine.loaded !== null && (machine.view?.state === 'paused' || machine.view?.state === 'ready');
}

/** Whether the draft differs from what the machine was built with. */
export function isChanged(machine: MachineSlice, draft: Draft): boolean {
  const { loaded } = machine;
  if (loaded === null) return false;
  const system = systemOf(draft)?.id ?? null;
  const source = draft.image === null && system === null ? draft.source : null;
  const program = loaded.source !== source || loaded.image !== draft.image || loaded.system !== system;
  return program || !sameMachine(loaded.config, draft.config);
}

/** What a running machine does: harts that all sleep wait for something that is not in the guest. */
function runningWords({ harts }: MachineView): string {
  const started = harts.filter(({ activity }) => activity !== 'stopped');
  const asleep = started.length > 0 && started.every(({ activity }) => activity === 'waiting');
  if (!asleep) return 'the guest is running';
  return `${started.length === 1 ? 'the hart sleeps' : 'all harts sleep'} (WFI), waiting for a timer or for input`;
}

/** State and reason in words, always something. */
export function stateWords(machine: MachineSlice): { readonly state: string; readonly reason: string } {
  if (machine.fault !== null) return { state: 'failed', reason: machine.fault.message };
  if (machine.worker === 'failed') return { state: 'failed', reason: 'the machine could not be started' };
  if (machine.refused !== null) return { state: 'not built', reason: machine.refused.message };
  const { view } = machine;
  if (view === null || view.state === 'empty') {
    return machine.worker === 'starting'
      ? { state: 'starting', reason: 'the machine is being prepared' }
      : { state: 'ready', reason: 'not run yet: press Run' };
  }
  const words = view.stop?.words;
  switch (view.state) {
    case 'ready':
      return { state: 'ready', reason: words ?? 'at the first instruction' };
    case 'running':
      return { state: 'running', reason: runningWords(view) };
    case 'paused':
      return {
        state: 'paused',
        reason: view.stop?.code === 'paused' ? 'at your request' : (words ?? 'between two instructions'),
      };
    case 'stopped':
      return { state: 'stopped', reason: words ?? 'the run has ended' };
  }
}
