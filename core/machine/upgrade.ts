/** What makes the state of an older Ecall into that of a newer one, a step for each version. What is malformed stays so: the shape refuses it. */
type Stored = Readonly<Record<string, unknown>>;

const objectOf = (data: unknown): Stored => (typeof data === 'object' && data !== null ? (data as Stored) : {});

/** `change` at a place: a key of an object, or `*` for each item of a list. A place that is not there stays away. */
function changed(data: unknown, [key, ...rest]: readonly string[], change: (part: Stored) => Stored): unknown {
  if (key === undefined) return typeof data === 'object' && data !== null ? change(data as Stored) : data;
  if (key === '*') return Array.isArray(data) ? data.map((item: unknown) => changed(item, rest, change)) : data;
  const object = objectOf(data);
  return Object.hasOwn(object, key) ? { ...object, [key]: changed(object[key], rest, change) } : data;
}

/** What the VMM loads after a reset came with version 3, beside memory; without it the VM is not booted again. */
export function toVersion3(state: Stored): Stored {
  return { ...state, version: 3 };
}

/** Extensions of which the VMM keeps something came with version 2, and counters that count at one level. */
export function toVersion2(state: Stored): Stored {
  const sbi = { PMU: null, CPPC: null, STA: null, SSE: null, FWFT: null, DBTR: null, MPXY: null };
  const vmm = { ...objectOf(state.vmm), sbi };
  const pmu = ['vms', '*', 'vcpus', '*', 'pmu'];
  const counted = changed(state.kvm, pmu, (all) => ({ ...all, happened: {}, fromUser: { traps: 0, exits: 0 } }));
  const kvm = changed(counted, [...pmu, 'counters', '*', 'perf'], (perf) => ({ ...perf, modes: 'US' }));
  return { ...state, version: 2, vmm, kvm };
}
