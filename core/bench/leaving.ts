/**
 * What leaving guest code costs, in nanoseconds of CPU time: the whole machine with its KVM and VMM models runs
 * guests that do one thing over and over, and say how often. Where qemu's layer below the guest does the same
 * work (OpenSBI under TCG), its figure stands beside ours.
 */
import { defaultConfig } from '../config/index.ts';
import { createMachine } from '../machine/index.ts';
import { type Guest, LEAVING_GUESTS } from './guests.ts';
import { LineWatch, median } from './measurement.ts';
import { ownCpuMs } from './ours.ts';
import { runInQemu } from './qemu.ts';

type LeavingGuest = (typeof LEAVING_GUESTS)[number];

/** What one round of each guest's loop is, and whether qemu's answers compare: it has no VMM, and a larger TLB. */
const WHAT: Readonly<Record<LeavingGuest, { readonly says: string; readonly inQemu: boolean }>> = {
  'sbi-call': { says: 'SBI call answered in KVM', inQemu: true },
  'vmm-exit': { says: 'SBI call answered in the VMM', inQemu: false },
  uart: { says: 'read of a ns16550 register', inQemu: false },
  rdtime: { says: 'rdtime', inQemu: true },
  'csr-write': { says: 'write of sscratch', inQemu: true },
  'page-walk': { says: 'page walk of Sv39', inQemu: false },
  'trap-return': { says: 'ebreak, csrr, csrw, sret', inQemu: true },
};

export interface LeavingResult {
  readonly guest: LeavingGuest;
  /** Nanoseconds each: medians of the rounds; null where qemu's would not compare. */
  readonly ns: { readonly ours: number; readonly qemu: number | null };
  /** qemu's time to ours: more than 1 means that ours is faster. */
  readonly ratio: number | null;
}

export function isLeaving(name: string): name is LeavingGuest {
  return LEAVING_GUESTS.some((guest) => guest === name);
}

export async function measureLeaving(guest: Guest, rounds: number): Promise<LeavingResult> {
  if (!isLeaving(guest.name)) throw new Error(`${guest.name} does not leave guest code`);
  const { inQemu } = WHAT[guest.name];
  const ours: number[] = [];
  const theirs: number[] = [];
  nsInOurs(guest);
  for (let round = 0; round < rounds; round++) {
    if (inQemu) theirs.push(nsEach(await runInQemu(guest)));
    ours.push(nsInOurs(guest));
  }
  const ratios = theirs.map((ns, round) => ns / (ours[round] ?? Number.NaN));
  const qemu = inQemu ? median(theirs) : null;
  return { guest: guest.name, ns: { ours: median(ours), qemu }, ratio: inQemu ? median(ratios) : null };
}

export const LEAVING_HEAD = 'leaving guest code                 ours ns    qemu ns   qemu/ours';

export function leavingRow({ guest, ns, ratio }: LeavingResult): string {
  const cells = [
    WHAT[guest].says.padEnd(30),
    ns.ours.toFixed(0).padStart(11),
    (ns.qemu?.toFixed(0) ?? '-').padStart(10),
    (ratio?.toFixed(3) ?? '-').padStart(11),
  ];
  return cells.join('');
}

function nsInOurs(guest: Guest): number {
  const watch = new LineWatch(ownCpuMs);
  const decoder = new TextDecoder('latin1');
  const created = createMachine({
    config: { ...defaultConfig(), harts: 1 },
    image: guest.image,
    hooks: { console: (bytes) => watch.put(decoder.decode(bytes)) },
  });
  if (!created.ok) throw new Error(`${guest.name}: ${created.failure.message}`);
  const status = created.machine.run({ until: 'forever' });
  const { begin, end } = watch;
  if (begin === null || end === null) {
    const why = status.kind === 'stopped' ? status.stop.words : status.kind;
    throw new Error(`${guest.name} did not finish: ${why}`);
  }
  return nsEach({ checksum: end.checksum, cpuMs: end.sample - begin });
}

function nsEach({ checksum, cpuMs }: { readonly checksum: string; readonly cpuMs: number }): number {
  return (cpuMs * 1e6) / Number.parseInt(checksum, 16);
}
