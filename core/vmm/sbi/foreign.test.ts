import { describe, expect, it } from 'vitest';
import { latin1 } from '../../base/bytes.ts';
import * as uapi from '../../kvm/uapi.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, MIB, machine, type Overrides, running } from '../../testing/fake-machine.ts';
import { RAM_BASE } from '../layout.ts';
import { VMM_NAMES, type VmmName, vmmProfile } from '../profiles/index.ts';
import { SBI_EXT } from '../registers.ts';

const DBCN = 0x4442434e;
const SUSP = 0x53555350;
const TIME = 0x54494d45;
const [PUTCHAR, GETCHAR] = [1, 2];
/** Outside RAM. */
const NOWHERE = 0x4000_0000;

const under = (name: VmmName, overrides: Overrides = {}) => running({ profile: vmmProfile(name), ...overrides });

/** How the VM ended after an exit, or null. */
function endOf(name: VmmName, exit: (run: uapi.KvmRun) => void): string | null {
  const { cpu, turn, vmm } = under(name);
  cpu(0).script.push(exit);
  turn();
  return vmm.ended === null ? null : vmm.ended.kind === 'error' ? vmm.ended.words : vmm.ended.kind;
}

const systemEvent = (type: number) => (run: uapi.KvmRun) => {
  run.exit_reason = uapi.KVM_EXIT_SYSTEM_EVENT;
  run.system_event = { type, data: [0n] };
};

describe('calls that come to another VMM', () => {
  it.each([
    ['qemu', 'QEMU has no code for it: it prints the registers and stops the VM with an internal error'],
    ['kvmtool', 'kvmtool has no code for it: it dumps the exit and ends the whole VM'],
    ['crosvm', 'crosvm has no code for it: it panics'],
    ['cloud-hypervisor', 'cloud-hypervisor has no code for it: it takes it for an error of the vcpu and ends the VM'],
  ] as const)('end the VM of %s when it does not serve them, a probe of a vendor id too', (name, words) => {
    const probe = endOf(name, sbiExit(0x10, 3, 0x0900_0489));
    expect(probe).toContain(`KVM_EXIT_RISCV_SBI for BASE probe_extension(extension_id=0x9000489): ${words}`);
    for (const [eid, fid] of [
      [TIME, 0],
      [0x0800_0000, 5],
      [0x12345, 0],
      [3, 0],
    ] as const)
      expect(endOf(name, sbiExit(eid, fid))).toContain(words);
  });

  it('end the thread of another vcpu than 0 alone under kvmtool, which goes on without it, saved or not', () => {
    const exit = sbiExit(0x10, 3, 0x0900_0489);
    const { cpu, turn, vmm, state } = under('kvmtool', { harts: 2 });
    cpu(1).script.push(exit, exit);
    turn(1);
    turn(1);
    expect([vmm.ended, cpu(1).script.length, vmm.wakesForInput]).toEqual([null, 1, false]);
    expect(state.said).toEqual([expect.stringMatching(/^vcpu 1: .* kvmtool has no code for it: it dumps the exit/)]);
    const again = running({ profile: vmmProfile('kvmtool'), harts: 2 }, undefined, vmm.save());
    expect(again.vmm.threads.map(({ isOver }) => isOver)).toEqual([false, true]);
    cpu(0).script.push(exit);
    turn();
    expect(vmm.ended).toMatchObject({ kind: 'error', unhandled: true });
    const qemu = under('qemu', { harts: 2 });
    qemu.cpu(1).script.push(exit);
    qemu.turn(1);
    expect(qemu.vmm.ended).toMatchObject({ kind: 'error', unhandled: true });
  });

  it('are answered by QEMU and kvmtool for the console, and end crosvm and cloud-hypervisor', () => {
    for (const name of ['qemu', 'kvmtool'] as const) {
      const { call, output } = under(name);
      call(PUTCHAR, 0, 0x41);
      expect(call(DBCN, 2, 0x42)).toEqual([0n, 0n]);
      expect(call(DBCN, 9)).toEqual([-2n, 0n]);
      expect([name, output()]).toEqual([name, 'AB']);
    }
    for (const name of ['crosvm', 'cloud-hypervisor'] as const) {
      expect(endOf(name, sbiExit(PUTCHAR, 0, 0x41))).toContain('V01 console_putchar(ch=0x41');
      expect(endOf(name, sbiExit(DBCN, 2, 0x41))).toContain('DBCN console_write_byte');
    }
  });

  it('are served whatever modes and version say, which those VMMs do not know', () => {
    const { call } = under('kvmtool', { interface: 'userspace', sbiVersion: '1.0', modes: { DBCN: 'off' } });
    expect(call(DBCN, 2, 0x41)).toEqual([0n, 0n]);
  });
});

describe('the console of another VMM', () => {
  it('leaves in a0 of putchar what KVM had put there under QEMU, and 0 under kvmtool', () => {
    const putchar = (name: VmmName) => {
      const { cpu, turn } = under(name);
      cpu(0).script.push((run) => {
        sbiExit(PUTCHAR, 0, 0x41)(run);
        run.riscv_sbi.ret = [BigInt.asUintN(64, -2n), 0n];
      });
      turn();
      turn();
      return cpu(0).returned.pop();
    };
    expect([putchar('qemu'), putchar('kvmtool')]).toEqual([
      [-2n, 0n],
      [0n, 0n],
    ]);
  });

  it('refuses a buffer that is not in RAM under kvmtool, and takes it for zeros under QEMU', () => {
    const kvmtool = under('kvmtool');
    expect(kvmtool.call(DBCN, 0, 3, NOWHERE, 0)).toEqual([-3n, 0n]);
    const qemu = under('qemu');
    expect(qemu.call(DBCN, 0, 3, NOWHERE, 0)).toEqual([0n, 3n]);
    expect(qemu.output()).toBe('\0\0\0');
  });

  it('does not look at the upper half of an address', () => {
    for (const name of ['qemu', 'kvmtool'] as const) {
      const { call, poke, output } = under(name);
      poke(AT, Uint8Array.of(0x68, 0x69));
      expect(call(DBCN, 0, 2, AT, 1)).toEqual([0n, 2n]);
      expect(output()).toBe('hi');
    }
  });

  it('gives kvmtool the bytes that are pending, without waiting, and QEMU on a terminal none', () => {
    const kvmtool = under('kvmtool');
    expect(kvmtool.call(GETCHAR, 0)).toEqual([-1n, 0n]);
    kvmtool.type('abc');
    expect(kvmtool.call(GETCHAR, 0)).toEqual([0x61n, 0n]);
    expect(kvmtool.call(DBCN, 1, 10, AT, 0)).toEqual([0n, 2n]);
    expect(latin1(kvmtool.memory(AT, 2))).toBe('bc');
    const qemu = under('qemu');
    qemu.type('abc');
    expect([qemu.call(GETCHAR, 0), qemu.call(DBCN, 1, 10, AT, 0)]).toEqual([
      [-1n, 0n],
      [0n, 0n],
    ]);
  });

  it('takes only a part of what is too much, and lets a guest abort QEMU with what no host can allocate', () => {
    const { call } = under('qemu');
    const [error = -1n, value = 0n] = call(DBCN, 0, 2n ** 46n, RAM_BASE, 0) ?? [];
    expect([error, value]).toEqual([0n, 65536n]);
    for (const function_ of [0, 1])
      expect(endOf('qemu', sbiExit(DBCN, function_, 2n ** 47n, RAM_BASE, 0))).toContain(
        'QEMU aborts: it cannot allocate',
      );
    expect(under('kvmtool').call(DBCN, 0, 2n ** 60n, RAM_BASE, 0)).toEqual([-3n, 0n]);
  });

  it('brings the part of a buffer that is in RAM under QEMU, and zeros for the rest', () => {
    const { call, poke, output } = under('qemu');
    const end = Number(RAM_BASE) + 16 * MIB;
    poke(BigInt(end - 2), Uint8Array.of(0x68, 0x69));
    expect(call(DBCN, 0, 4, end - 2, 0)).toEqual([0n, 4n]);
    expect(output()).toBe('hi\0\0');
  });
});

describe('system_suspend under kvmtool', () => {
  it('lasts five seconds, whatever is typed, and goes on from a saved machine', () => {
    const { cpu, turn, vmm, state, type } = under('kvmtool');
    cpu(0).script.push(sbiExit(SUSP, 0, 0, AT, 7));
    turn();
    type('x');
    expect(vmm.threads[0]?.sleepingUntil).toBe(5_000_000_000);
    turn();
    expect(cpu(0).returned).toEqual([]);
    const again = running({ profile: vmmProfile('kvmtool') }, undefined, vmm.save());
    expect(again.vmm.threads[0]?.sleepingUntil).toBe(5_000_000_000);
    state.now = 5_000_000_000;
    turn();
    expect(cpu(0).returned).toEqual([[0n, 0n]]);
  });

  it('refuses a sleep type that is not 0 in all 64 bits', () => {
    expect(under('kvmtool').call(SUSP, 0, 2n ** 32n, AT, 7)).toEqual([-3n, 0n]);
  });
});

describe('other exits', () => {
  it('where nothing is end Ecall alone: others drop a store, and a load brings zeros or what the exit before left', () => {
    const loaded = (name: VmmName) => {
      const { cpu, turn, vmm } = under(name);
      for (const [is_write, data] of [
        [true, 0x5a],
        [false, 0x77],
      ] as const) {
        cpu(0).script.push((run) => {
          run.exit_reason = uapi.KVM_EXIT_MMIO;
          run.mmio = { phys_addr: 0x20_0000n, len: 1, is_write, data: Uint8Array.of(data, 0, 0, 0, 0, 0, 0, 0) };
        });
        turn();
      }
      return vmm.ended === null ? cpu(0).run.mmio.data[0] : vmm.ended.kind;
    };
    expect(VMM_NAMES.map((name) => [name, loaded(name)])).toEqual([
      ['ecall', 'error'],
      ['qemu', 0],
      ['kvmtool', 0x77],
      ['crosvm', 0],
      ['cloud-hypervisor', 0x77],
    ]);
  });

  it('power-off ends every VM, a reset each but that of QEMU, and cloud-hypervisor has no code for them', () => {
    const [off, reset] = [systemEvent(uapi.KVM_SYSTEM_EVENT_SHUTDOWN), systemEvent(uapi.KVM_SYSTEM_EVENT_RESET)];
    for (const name of ['ecall', 'qemu', 'kvmtool', 'crosvm'] as const)
      expect([name, endOf(name, off)]).toEqual([name, 'shutdown']);
    for (const name of ['ecall', 'kvmtool', 'crosvm'] as const)
      expect([name, endOf(name, reset)]).toEqual([name, 'reset']);
    for (const exit of [off, reset]) expect(endOf('cloud-hypervisor', exit)).toContain('has no code for it');
  });

  it('the seed CSR is answered by QEMU and kvmtool, and ends crosvm and cloud-hypervisor', () => {
    const seed = (run: uapi.KvmRun) => {
      run.exit_reason = uapi.KVM_EXIT_RISCV_CSR;
      run.riscv_csr = { csr_num: 0x15, new_value: 0n, write_mask: 0n, ret_value: 0n };
    };
    for (const name of ['qemu', 'kvmtool'] as const) expect(endOf(name, seed)).toBeNull();
    for (const name of ['crosvm', 'cloud-hypervisor'] as const) expect(endOf(name, seed)).toContain('CSR 0x015');
  });
});

describe('setting up under another VMM', () => {
  const written = (name: VmmName, overrides: Overrides = {}) => {
    const { kvm } = machine({ profile: vmmProfile(name), ...overrides });
    return kvm.log.filter((line) => line.includes('SBI_EXT.'));
  };

  it('writes the registers of what it switches on or off, and leaves the others as the kernel has them', () => {
    expect(written('qemu', { modes: { SUSP: 'off', TIME: 'off' } })).toEqual(['set 0 SBI_EXT.DBCN 0x1']);
    expect(written('kvmtool', { modes: { TIME: 'off', PMU: 'kvm' } })).toEqual([
      'set 0 SBI_EXT.TIME 0x0',
      'set 0 SBI_EXT.DBCN 0x1',
      'set 0 SBI_EXT.SUSP 0x1',
    ]);
  });

  it('kvmtool warns of a register that KVM lacks, QEMU passes over it', () => {
    const said = (name: VmmName) => {
      const { state } = machine({ profile: vmmProfile(name), modes: { SUSP: 'off' } }, (kvm) =>
        kvm.defaults.delete(SBI_EXT.SUSP.id),
      );
      return state.said;
    };
    expect(said('kvmtool')).toEqual([
      'kvmtool warns that KVM has no SBI_EXT register for SUSP, and goes on without it',
    ]);
    expect(said('qemu')).toEqual([]);
  });
});
