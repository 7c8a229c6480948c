/** What may differ between QEMU's S level and a guest under KVM, and everything else that does. */
import { PROFILE } from './extensions.ts';
import { type Outcome, SLOT_SIZE } from './layout.ts';

/** Lines that say what differs; none when the outcomes agree. */
export function differences(expected: Outcome, actual: Outcome): string[] {
  const lines: string[] = [];
  const ignored = new Map(PROFILE.deviations.map(({ field, ignore }) => [field, ignore]));
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
