import { describe, expect, it } from 'vitest';
import { assemble } from '../isa/asm/index.ts';
import { createPlatform } from '../machine/platform.ts';
import type { CallEvent } from '../trace/events.ts';
import { openKvm } from './index.ts';
import { hostProfile } from './profiles/index.ts';
import { COSTS, sbiExtId } from './testdata/bench.ts';
import * as uapi from './uapi.ts';

const BASE = 0x80200000n;
const RAM_BASE = 0x80000000n;
const RAM_BYTES = 4 << 20;
const EXTENSIONS = ['I', 'M', 'A', 'C', 'Zicsr', 'Zicntr', 'Zifencei'];
const CORE = uapi.KVM_REG_RISCV | uapi.KVM_REG_SIZE_U64 | uapi.KVM_REG_RISCV_CORE;
const SLICE = 5000;
/** More slices than any of these guests needs. */
const MAX_SLICES = 2000;

/** Puts a value into the next word of `out`, and ends with a shutdown. */
const PRELUDE = `
  .macro note reg
  sd \\reg, 0(s11)
  addi s11, s11, 8
  .endm
  .macro sbi eid, fid
  li a7, \\eid
  li a6, \\fid
  ecall
  .endm
  .macro finish
  li a0, 0
  li a1, 0
  sbi 0x53525354, 0
  .endm
  .text
  .globl _start
_start:
  la s11, out
`;
const EPILOGUE = `
  .bss
  .balign 8
out: .space 256
`;

interface GuestOptions {
  readonly host?: string;
  readonly harts?: number;
  readonly sstc?: boolean;
  readonly engine?: 'interpreter' | 'reference';
  readonly sbi?: Readonly<Partial<Record<keyof typeof uapi.KVM_RISCV_SBI_EXT, bigint>>>;
}

/** Runs a guest on real harts until it shuts down; `out` are its notes, unsigned. */
function runGuest(source: string, options: GuestOptions = {}) {
  const { image, diagnostics } = assemble(PRELUDE + source + EPILOGUE, { base: BASE });
  if (image === null) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const { harts = 1, sstc = true, engine = 'interpreter' } = options;
  const extensions = new Set([...EXTENSIONS, ...(sstc ? ['Sstc'] : [])]);
  const platform = createPlatform({ ramBytes: RAM_BYTES, harts, instructionsPerTick: 10, extensions, engine });
  const calls: Omit<CallEvent, 'seq'>[] = [];
  const { kvm, threads } = openKvm({
    profile: hostProfile(options.host ?? 'linux-7.2')!,
    interface: 'upstream',
    memory: platform.memory,
    timebase: platform.timebase,
    createHart: platform.createHart,
    extensions,
    hooks: {
      costs: COSTS,
      random: () => 0,
      observer: {
        call: (event) => calls.push(event),
        ioctl: () => {},
        ioctlAs: () => {},
        trap: () => {},
        exit: () => {},
      },
    },
  });
  const vm = kvm.createVm();
  vm.setUserMemoryRegion({
    slot: 0,
    flags: 0,
    guest_phys_addr: RAM_BASE,
    memory_size: BigInt(RAM_BYTES),
    userspace_addr: 0n,
  });
  kvm.mmap().write(Number(image.base - RAM_BASE), image.bytes);
  const vcpus = Array.from({ length: harts }, (_, id) => vm.createVcpu(id) as uapi.KvmVcpu);
  for (const [name, value] of Object.entries(options.sbi ?? {})) {
    for (const vcpu of vcpus) vcpu.setOneReg(sbiExtId(name as keyof typeof uapi.KVM_RISCV_SBI_EXT), value);
  }
  vcpus[0]!.setOneReg(CORE, image.entry);
  const end = schedule(vcpus, threads());
  const address = image.symbols.find((symbol) => symbol.name === 'out')!.address;
  const view = new DataView(kvm.mmap().read(Number(address - RAM_BASE), 256).buffer);
  return {
    end,
    calls,
    out: (count: number) => Array.from({ length: count }, (_, index) => view.getBigUint64(8 * index, true)),
  };
}

function schedule(vcpus: readonly uapi.KvmVcpu[], threads: ReturnType<ReturnType<typeof openKvm>['threads']>): string {
  for (let slice = 1; slice < MAX_SLICES; slice++) {
    for (const [index, thread] of threads.entries()) {
      const until = slice * SLICE;
      if ((thread.sleepingUntil() ?? 0) > until || thread.clock.now >= until) continue;
      thread.sliceEnd = until;
      const vcpu = vcpus[index]!;
      const result = vcpu.kvmRun();
      if (result === -uapi.EINTR) continue;
      if (result < 0) return `errno ${-result}`;
      if (vcpu.run.exit_reason === uapi.KVM_EXIT_SYSTEM_EVENT) return 'shutdown';
      if (vcpu.run.exit_reason === uapi.KVM_EXIT_RISCV_SBI) vcpu.run.riscv_sbi.ret = [0n, 0x1234n];
    }
  }
  return 'timeout';
}

/** A timer interrupt 1000 ticks away; notes how late it came, scause and sip. */
const TIMER = `
  la t0, handler
  csrw stvec, t0
  rdtime s0
  li t0, 1000
  add s0, s0, t0
  mv a0, s0
  sbi 0x54494d45, 0
  li t0, 0x20
  csrs sie, t0
  csrsi sstatus, 2
1: wfi
  j 1b
  .balign 4
handler:
  rdtime t0
  sub t0, t0, s0
  note t0
  csrr t0, scause
  note t0
  csrr t0, sip
  note t0
  li a0, -1
  sbi 0x54494d45, 0
  csrr t0, sip
  note t0
  finish
`;

describe.each(['interpreter', 'reference'] as const)('a guest on the %s', (engine) => {
  it.each([true, false])('gets its timer interrupt from set_timer, with Sstc %s', (sstc) => {
    const { end, out, calls } = runGuest(TIMER, { sstc, engine });
    expect(end).toBe('shutdown');
    const [late, ...rest] = out(4);
    expect(Number(late)).toBeLessThan(50);
    expect(rest).toEqual([(1n << 63n) | 5n, 0x20n, 0n]);
    expect(calls.filter((call) => call.eid === 0x54494d45n).map((call) => call.by)).toEqual(['kvm', 'kvm']);
  });

  it('writes stimecmp itself with Sstc, which the trace shows and KVM does not see', () => {
    const { calls } = runGuest('li t0, 77\n csrw 0x14d, t0\n finish\n', { engine });
    expect(calls[0]).toMatchObject({ by: 'guest', eid: 0x14dn, args: [77n], cost: 0, exited: false });
  });

  it('wakes its second hart with an IPI', () => {
    const source = `
      li a0, 1
      la a1, second
      li a2, 0x77
      sbi 0x48534d, 0
      note a0
1:    li a0, 1
      sbi 0x48534d, 2
      li t0, 4
      bne a1, t0, 1b
      li a0, 2
      li a1, 0
      sbi 0x735049, 0
      note a0
      la s0, flag
2:    ld t0, 0(s0)
      beqz t0, 2b
      note t0
      finish
second:
      mv s1, a1
      li t0, 2
      csrw sie, t0
      wfi
      la s0, flag
      sd s1, 0(s0)
3:    j 3b
      .bss
      .balign 8
flag: .space 8
`;
    const { end, out } = runGuest(source, { harts: 2, engine });
    expect([end, ...out(3)]).toEqual(['shutdown', 0n, 0n, 0x77n]);
  });

  it('finds a0 and a1 from user space, and everything else as it was', () => {
    const source = `
      li s0, 0x1111
      li a2, 0x2222
      li a0, 0x41
      sbi 0x4442434e, 2
      note a0
      note a1
      note a2
      note s0
      finish
`;
    const { out } = runGuest(source, { sbi: { DBCN: 1n }, engine });
    expect(out(4)).toEqual([0n, 0x1234n, 0x2222n, 0x1111n]);
  });

  it.each([
    ['linux-7.2', 'shutdown', [1n, 0x40000000n, 0x40000000n]],
    ['linux-6.12', 'errno 95', [0n, 0n, 0n]],
  ] as const)('that jumps outside its memory has the end that %s gives it', (host, result, notes) => {
    const source = `
      la t0, handler
      csrw stvec, t0
      li t0, 0x40000000
      jr t0
      .balign 4
handler:
      csrr t0, scause
      note t0
      csrr t0, stval
      note t0
      csrr t0, sepc
      note t0
      finish
`;
    const { end, out } = runGuest(source, { host, engine });
    expect([end, out(3)]).toEqual([result, notes]);
  });

  it('counts cycles without KVM before Linux 6.3, and ends KVM_RUN with an illegal instruction', () => {
    const source = `
      la t0, handler
      csrw stvec, t0
      rdcycle t0
      note t0
      .word 0
      .balign 4
handler:
      csrr t0, scause
      note t0
      finish
`;
    const old = runGuest(source, { host: 'linux-6.2', engine });
    expect([old.end, old.out(1)]).toEqual(['errno 14', [5n]]);
    expect(runGuest(source, { host: 'linux-6.3', engine }).out(2)).toEqual([0n, 2n]);
  });

  it('reads 0 from cycle and gets an illegal instruction from hpmcounter3', () => {
    const source = `
      la t0, handler
      csrw stvec, t0
      li t0, -1
      rdcycle t0
      note t0
      csrr t1, hpmcounter3
      finish
      .balign 4
handler:
      csrr t0, scause
      note t0
      csrr t0, stval
      note t0
      finish
`;
    for (const host of ['linux-7.2', 'linux-6.12']) {
      expect(runGuest(source, { host, engine }).out(3)).toEqual([0n, 2n, 0xc0302373n]);
    }
  });

  it('gets the fault of a legacy hart mask that it cannot read', () => {
    const source = `
      la t0, handler
      csrw stvec, t0
      li a0, 0x40000000
      li a1, 0x5a51
      sbi 4, 0
      .balign 4
handler:
      csrr t0, scause
      note t0
      csrr t0, stval
      note t0
      note a1
      finish
`;
    expect(runGuest(source, { host: 'linux-6.12', engine }).out(3)).toEqual([21n, 0x40000000n, 0x5a51n]);
  });
});
