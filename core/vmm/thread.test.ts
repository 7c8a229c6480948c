import { describe, expect, it } from 'vitest';
import * as uapi from '../kvm/uapi.ts';
import { running } from '../testing/fake-machine.ts';

describe('exits', () => {
  it('ends with the type and reason of a system event, and runs no thread after it', () => {
    const { cpu, vmm, turn } = running({ harts: 2 });
    cpu(0).script.push((run) => {
      run.exit_reason = uapi.KVM_EXIT_SYSTEM_EVENT;
      run.system_event = { type: uapi.KVM_SYSTEM_EVENT_SHUTDOWN, data: [1n] };
    });
    cpu(1).script.push(-uapi.EOPNOTSUPP);
    turn();
    turn(1);
    expect(vmm.ended).toEqual({ kind: 'shutdown', reason: 1n });
    expect(cpu(1).script.length).toBe(1);
  });

  it('serves the serial port by MMIO and tells of an access that nothing answers', () => {
    const { cpu, vmm, turn, output } = running();
    const mmio = (gpa: bigint, is_write: boolean, byte = 0) =>
      cpu(0).script.push((run) => {
        run.exit_reason = uapi.KVM_EXIT_MMIO;
        run.mmio = { phys_addr: gpa, data: Uint8Array.of(byte, 0, 0, 0, 0, 0, 0, 0), len: 1, is_write };
      });
    mmio(0x1000_0000n, true, 0x41);
    mmio(0x1000_0005n, false);
    turn();
    turn();
    expect([output(), cpu(0).run.mmio.data[0]]).toEqual(['A', 0x60]);
    mmio(0x4000_0000n, false);
    turn();
    expect(vmm.ended).toEqual({
      kind: 'error',
      words: 'vcpu 0: load of 1 byte at 0x40000000: neither RAM nor a device is there (pc 0x80200000)',
      unhandled: true,
    });
  });

  const exit = (reason: number) => (run: uapi.KvmRun) => {
    run.exit_reason = reason;
  };
  it.each([
    [exit(99), 'exit reason 99 that the VMM does not handle'],
    [exit(uapi.KVM_EXIT_FAIL_ENTRY), 'KVM_EXIT_FAIL_ENTRY: reason 0x0'],
    [exit(uapi.KVM_EXIT_INTERNAL_ERROR), 'KVM_EXIT_INTERNAL_ERROR: suberror 0'],
    [exit(uapi.KVM_EXIT_RISCV_CSR), 'KVM_EXIT_RISCV_CSR for CSR 0x000'],
    [-uapi.EOPNOTSUPP, 'KVM_RUN failed: EOPNOTSUPP: an instruction or access that KVM does not emulate'],
    [-uapi.EFAULT, 'KVM_RUN failed: EFAULT'],
  ])('ends with words when KVM_RUN gives what it cannot serve (%#)', (outcome, words) => {
    const { cpu, vmm, turn } = running();
    cpu(0).script.push(outcome);
    turn();
    expect(vmm.ended?.kind === 'error' && vmm.ended.words).toContain(words);
  });

  it('gives the seed CSR entropy that is the same in every run', () => {
    const seeds = () => {
      const { cpu, turn } = running();
      return [0, 1].map(() => {
        cpu(0).script.push((run) => {
          run.exit_reason = uapi.KVM_EXIT_RISCV_CSR;
          run.riscv_csr = { csr_num: 0x15, new_value: 0n, write_mask: 0n, ret_value: 0n };
        });
        turn();
        return cpu(0).run.riscv_csr.ret_value;
      });
    };
    const first = seeds();
    expect(first).toEqual(seeds());
    expect(first[0]).not.toBe(first[1]);
    expect(first.every((seed) => seed >> 16n === 0x8000n)).toBe(true);
  });
});
