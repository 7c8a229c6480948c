/** What our machine does with a configuration, in the words of the exported program. */
import { hex } from '../../base/bits.ts';
import type { Config } from '../../config/index.ts';
import { createMachine } from '../../machine/index.ts';
import type { CallEvent, IoctlEvent } from '../../trace/events.ts';

/** What a run of a guest shows: here and on a real host. */
export interface Shown {
  /** What the guest printed. */
  readonly console: string;
  /** A line for each exit to user space: `vcpu 0: KVM_EXIT_...`. */
  readonly exits: readonly string[];
  /** Exit status of the VMM: 0 after power-off or reset, 1 when the guest reported a failure or did what ends it. */
  readonly status: number;
}

/** Far beyond what the guests execute. */
const MAX_INSTRUCTIONS = 500_000_000;

/** What our machine shows of a guest on that version of the host's Linux. Throws when it cannot be made. */
export function shownByUs(config: Config, image: Uint8Array, linux: string): Shown {
  const printed: Uint8Array[] = [];
  const exits = new ExitLines();
  const made = createMachine({
    config,
    image,
    linux,
    hooks: {
      console: (bytes) => printed.push(bytes.slice()),
      event: (event) => exits.add(event),
    },
  });
  if (!made.ok) throw new Error(made.failure.message);
  const status = made.machine.run({ until: 'forever', instructions: MAX_INSTRUCTIONS });
  if (status.kind !== 'stopped') throw new Error(`the guest is ${status.kind}`);
  const { code } = status.stop;
  return {
    console: Buffer.concat(printed).toString('latin1'),
    exits: exits.lines,
    status: code === 'powered-off' || code === 'reset' ? 0 : 1,
  };
}

/** KVM_RUN says which exit it was; what a call was given and answered stands in the event of the call, which comes behind. */
class ExitLines {
  readonly lines: string[] = [];
  /** File descriptors whose last exit was that of a call which is not told yet. */
  readonly #calling = new Set<string>();

  add(event: CallEvent | IoctlEvent): void {
    if (event.kind === 'call') {
      // A call that ends the machine is told by its system event.
      if (this.#calling.delete(`vcpu ${event.hart}`)) this.lines.push(callLine(event));
    } else if (event.exit !== undefined && event.ret === 0) {
      if (event.exit === 'KVM_EXIT_RISCV_SBI') this.#calling.add(event.fd);
      else this.lines.push(`${event.fd}: ${event.exit} ${event.args}`);
    }
  }
}

function callLine({ hart, eid, fid, args, error, value }: CallEvent): string {
  const answer = `${hex(error ?? 0n)} ${hex(value ?? 0n)}`;
  return `vcpu ${hart}: KVM_EXIT_RISCV_SBI ${hex(eid)} ${hex(fid)} (${args.map((arg) => hex(arg)).join(', ')}) -> ${answer}`;
}
