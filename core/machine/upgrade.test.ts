import { describe, expect, it } from 'vitest';
import { toVersion2 } from './upgrade.ts';

const withPmu = (pmu: unknown) => ({ kvm: { vms: [{ vcpus: [{ id: 0, pmu }] }] }, vmm: { said: [] } });

describe('a state of version 1', () => {
  it('has counters that count at both levels, and nothing counted by level', () => {
    const perf = { source: 'cycles', total: 5, since: null };
    const counters = [
      { index: 0, perf },
      { index: 2, perf: null },
    ];
    const { kvm, vmm } = toVersion2(withPmu({ counters, snapshot: '0x0' }));
    expect(kvm).toEqual(
      withPmu({
        counters: [
          { index: 0, perf: { ...perf, modes: 'US' } },
          { index: 2, perf: null },
        ],
        snapshot: '0x0',
        happened: {},
        fromUser: { traps: 0, exits: 0 },
      }).kvm,
    );
    expect(vmm).toMatchObject({ said: [], sbi: { CPPC: null, DBTR: null, MPXY: null, SSE: null } });
  });

  it.each([null, 5, {}, { vms: 3 }, { vms: [null] }, { vms: [{ vcpus: [{}] }] }])(
    'whose KVM is %j is left for the shape to refuse',
    (kvm) => {
      expect(toVersion2({ kvm }).kvm).toEqual(kvm);
    },
  );
});
