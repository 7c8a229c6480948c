/** What the strip of the three layers says. Pure. */
import type { Config } from '../../../core/config/types.ts';
import type { HartView, MachineView } from '../../../core/protocol/messages.ts';
import { SBI_NAMES } from '../../../core/sbi/types.ts';
import type { Answerer, RunCounts } from '../../../core/trace/events.ts';
import { serves, vmmProfile } from '../../../core/vmm/profiles/index.ts';
import { counted, duration, grouped } from '../../ui/format.ts';

export interface FlowWords {
  readonly guest: string;
  readonly kvm: string;
  readonly vmm: string;
  /** What the VMM is: ours, or a program by name. */
  readonly userSpace: string;
  /** The two wires: activity above, cost below. */
  readonly traps: { readonly count: number; readonly words: string; readonly cost: string };
  readonly exits: { readonly count: number; readonly words: string; readonly cost: string };
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** Calls of all extensions by who answered. */
export function answered(calls: RunCounts['calls'] | undefined, by: Answerer): number {
  return Object.values(calls ?? {}).reduce((sum, row) => sum + row[by], 0);
}

export function hartWords(hart: HartView): string {
  const doing = hart.hsm === 'STARTED' ? hart.activity : hart.hsm;
  return `${hart.id} ${doing}`;
}

/** `running`, `waiting` and HSM states of the harts, grouped when there are many. */
export function hartsWords(harts: readonly HartView[], configured: number): string {
  if (harts.length === 0) return `${counted(configured, 'hart')}, not started`;
  if (harts.length <= HARTS_SPELLED) return harts.map((hart) => `hart ${hartWords(hart)}`).join(' · ');
  const groups = new Map<string, number>();
  for (const hart of harts) {
    const doing = hart.hsm === 'STARTED' ? hart.activity : hart.hsm;
    groups.set(doing, (groups.get(doing) ?? 0) + 1);
  }
  return [...groups].map(([doing, count]) => `${count} ${doing}`).join(' · ');
}
/** More do not fit in the box of the guest. */
const HARTS_SPELLED = 2;

export function flowWords(config: Config, view: MachineView | null): FlowWords {
  const counts = view?.counts;
  const traps = total(counts?.traps ?? {});
  const exits = total(counts?.exits ?? {});
  const refused = answered(counts?.calls, 'none');
  const program = vmmProfile(config.vmm);
  const served = SBI_NAMES.filter((name) => config.sbi[name] === 'vmm' && serves(program, name)).length;
  const ecalls = counts?.traps.ecall ?? 0;
  const otherTraps = traps - ecalls;
  const sbiExits = counts?.exits.KVM_EXIT_RISCV_SBI ?? 0;
  const otherExits = exits - sbiExits;
  return {
    guest: hartsWords(view?.harts ?? [], config.harts),
    kvm: `answered ${grouped(answered(counts?.calls, 'kvm'))} · refused ${grouped(refused)}`,
    vmm: `answered ${grouped(answered(counts?.calls, 'vmm'))} · serves ${counted(served, 'extension')}`,
    userSpace: config.vmm === 'ecall' ? 'user space' : `user space, ${program.label}`,
    traps: {
      count: traps,
      words: `ecall ${grouped(ecalls)}${otherTraps === 0 ? '' : ` · other traps ${grouped(otherTraps)}`}`,
      cost: `trap ${duration(config.costs.trapNs)} each`,
    },
    exits: {
      count: exits,
      words: `KVM_EXIT_RISCV_SBI ${grouped(sbiExits)}${otherExits === 0 ? '' : ` · other ${grouped(otherExits)}`}`,
      cost: `exit ${duration(config.costs.exitNs)} each`,
    },
  };
}
