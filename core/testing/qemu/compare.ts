/** What may differ between QEMU's S level and a guest under KVM, and everything else that does. */
import { type Outcome, SLOT_SIZE } from './layout.ts';

/**
 * Where QEMU 7.2 is not what a KVM guest sees, field by field: bits that are not compared. Programs keep
 * these bits out of registers and memory; the random ones by construction.
 */
export const DEVIATIONS: readonly {
  readonly field: string;
  readonly ignore: bigint;
  readonly reason: string;
}[] = [
  {
    field: 'sstatus',
    ignore: (3n << 32n) | (3n << 9n) | (1n << 63n),
    reason: 'QEMU lets UXL and, without V, VS be written; VS shows in SD',
  },
  { field: 'sepc', ignore: 1n, reason: 'QEMU 7.2 keeps bit 0 of sepc' },
  {
    field: 'scounteren',
    ignore: 0xffff_ffff_fff8_0000n,
    reason: 'QEMU 7.2 keeps all 64 bits; hosts recorded with Linux 7.2 keep the 19 counters that exist',
  },
];

/** Lines that say what differs; none when the outcomes agree. */
export function differences(expected: Outcome, actual: Outcome): string[] {
  const lines: string[] = [];
  const ignored = new Map(DEVIATIONS.map(({ field, ignore }) => [field, ignore]));
  for (const [field, value] of Object.entries(expected.fields)) {
    const mask = ~(ignored.get(field) ?? 0n);
    const other = actual.fields[field] ?? 0n;
    if ((value & mask) !== (other & mask)) lines.push(`${field}: QEMU ${hex(value)}, hart ${hex(other)}`);
  }
  const [theirs, ours] = [expected.memory, actual.memory].map(
    (memory) => new DataView(memory.buffer, memory.byteOffset),
  );
  if (!theirs || !ours) return lines;
  for (let at = 0; at < SLOT_SIZE; at += 8) {
    const [value, other] = [theirs.getBigUint64(at, true), ours.getBigUint64(at, true)];
    if (value !== other) lines.push(`memory at slot + ${hex(BigInt(at))}: QEMU ${hex(value)}, hart ${hex(other)}`);
  }
  return lines;
}

function hex(value: bigint): string {
  return value < 0n ? String(value) : `0x${value.toString(16)}`;
}
