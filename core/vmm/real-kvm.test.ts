import { describe, expect, it } from 'vitest';
import { defaultConfig, withPatch } from '../config/index.ts';
import type { ExamplePatch } from '../guests/catalogue.ts';
import { prepareGuest } from '../machine/guest.ts';
import { createMachine } from '../machine/machine.ts';

const INSTRUCTIONS = 2_000_000;
const HSM = 0x48534d;
const IPI = 0x735049;
const ON_VMM = { V01: 'vmm', HSM: 'vmm', IPI: 'vmm', TIME: 'vmm', STA: 'vmm', RFENCE: 'vmm', SRST: 'vmm' } as const;

/** Prints the low hexadecimal digit of a0 by legacy putchar; `end` powers off. */
const PRELUDE = `
        .macro  call_sbi eid, fid
        li      a6, \\fid
        li      a7, \\eid
        ecall
        .endm
        .macro  digit
        andi    a0, a0, 15
        addi    a0, a0, '0'
        li      a7, 1
        ecall
        .endm
        .macro  end
        li      a0, 0
        li      a1, 0
        call_sbi 0x53525354, 0
        .endm
`;

function run(source: string, patch: ExamplePatch = {}) {
  const guest = { kind: 'source', text: PRELUDE + source } as const;
  const { config } = withPatch({ ...defaultConfig(), guest }, patch);
  const prepared = prepareGuest(config, undefined);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  let output = '';
  const made = createMachine({
    config,
    image: prepared.image,
    hooks: {
      console: (bytes) => {
        output += Buffer.from(bytes).toString();
      },
    },
  });
  if (!made.ok) throw new Error(made.failure.message);
  const status = made.machine.run({ until: 'forever', instructions: INSTRUCTIONS });
  if (status.kind !== 'stopped') throw new Error(status.kind);
  return { output, stop: status.stop, time: made.machine.time, machine: made.machine };
}

describe('the VMM on the KVM model', () => {
  it('starts a hart again after it stopped itself, each time as if for the first', () => {
    const { output, stop } = run(
      `
        li      s0, 3                   # starts
again:  la      t0, seen
        sd      zero, 0(t0)
        li      a0, 1
        la      a1, other
        mv      a2, s0
        call_sbi ${HSM}, 0
        bnez    a0, bad
1:      la      t0, seen
        ld      a0, 0(t0)
        beqz    a0, 1b
        digit
2:      li      a0, 1
        call_sbi ${HSM}, 2
        li      t0, 1
        bne     a1, t0, 2b
        addi    s0, s0, -1
        bnez    s0, again
        end
bad:    digit
        end
other:  bnez    s1, 3f                  # the opaque value comes in a1, the id in a0
        li      t0, 1
        bne     a0, t0, 3f
        csrr    t0, satp
        bnez    t0, 3f
        la      t0, seen
        sd      a1, 0(t0)
        call_sbi ${HSM}, 1
3:      j       3b
        .bss
        .balign 8
seen:   .skip   8
`,
      { harts: 2, sbi: ON_VMM },
    );
    expect([output, stop.code]).toEqual(['321', 'powered-off']);
  });

  it('wakes a suspended hart by an interrupt that KVM delivers, within the time between two looks', () => {
    const { output, time } = run(
      `
        li      a0, 1
        la      a1, other
        call_sbi ${HSM}, 0
1:      li      a0, 1
        call_sbi ${HSM}, 2
        li      t0, 4                   # SUSPENDED
        bne     a1, t0, 1b
        li      a0, 2
        li      a1, 0
        call_sbi ${IPI}, 0
2:      la      t0, seen
        ld      a0, 0(t0)
        beqz    a0, 2b
        digit
        end
other:  csrwi   sie, 2
        li      a0, 0
        call_sbi ${HSM}, 3
        csrr    a0, sip
        la      t0, seen
        sd      a0, 0(t0)
3:      j       3b
        .bss
        .balign 8
seen:   .skip   8
`,
      { harts: 2, sbi: { HSM: 'vmm' } },
    );
    expect(output).toBe('2');
    expect(time).toBeLessThan(3_000_000);
  });

  it('resumes a non-retentive suspend at its address when the timer fires', () => {
    const { output, time } = run(
      `
        li      t0, 32
        csrw    sie, t0
        rdtime  a0
        li      t0, 20000               # 2 ms
        add     a0, a0, t0
        call_sbi 0x54494d45, 0
        li      a0, 0x80000000
        la      a1, resumed
        li      a2, 7
        call_sbi ${HSM}, 3
        li      a0, 9
        digit
resumed: mv     a0, a1
        digit
        end
`,
      { sbi: { HSM: 'vmm', TIME: 'vmm' }, without: ['Sstc'] },
    );
    expect(output).toBe('7');
    expect(time).toBeGreaterThanOrEqual(2_000_000);
  });

  it('sends a legacy IPI to the harts of the bit vector in memory, and clears it again', () => {
    const { output } = run(
      `
        la      a0, mask
        li      a7, 4
        ecall
        csrr    a0, sip
        digit
        li      a7, 3
        ecall
        csrr    a0, sip
        digit
        end
        .data
        .balign 8
mask:   .dword  1
`,
      { sbi: ON_VMM },
    );
    expect(output).toBe('20');
  });

  it('takes time for each exit, and none for calls that stay in KVM', () => {
    const calls = 'li s0, 100\n1: li a0, 0\n call_sbi 0x10, 1\n addi s0, s0, -1\n bnez s0, 1b\n end\n';
    const exits = run(calls, { sbi: { BASE: 'vmm' } });
    const kernel = run(calls);
    expect(exits.time - kernel.time).toBe(100 * defaultConfig().costs.exitNs);
  });

  it.each([
    ['SRST system_reset', 'end\n', 'powered-off'],
    ['V01 shutdown', 'li a7, 8\n ecall\n', 'powered-off'],
    ['HSM hart_stop', `call_sbi ${HSM}, 1\n`, 'idle-forever'],
  ])('shows that %s does not return when it is the VMM that carried it out', (call, source, code) => {
    const { stop, machine } = run(source, { interface: 'userspace', sbi: { V01: 'vmm', HSM: 'vmm', SRST: 'vmm' } });
    const last = machine.trace.from(0).findLast((event) => event.kind === 'call');
    expect(last).toMatchObject({ by: 'vmm', error: null, value: null, exited: true });
    expect(stop.code).toBe(code);
    if (code === 'powered-off') expect(stop.words).toContain(call);
  });

  it('shows the result of a call that could have ended the machine and did not', () => {
    const reserved = `li a0, 7\n li a1, 0\n call_sbi 0x53525354, 0\n end\n`;
    const { machine } = run(reserved, { interface: 'userspace', sbi: { SRST: 'vmm' } });
    const first = machine.trace.from(0).find((event) => event.kind === 'call');
    expect(first).toMatchObject({ by: 'vmm', error: BigInt.asUintN(64, -3n), value: 0n });
  });

  it.each([
    ['li t0, 0x40000000\n lw t1, 0(t0)\n', 'load of 4 bytes at 0x40000000: neither RAM nor a device is there'],
    ['li t0, 0x10000000\n sw t1, 0(t0)\n', 'store of 4 bytes at 0x10000000: ns16550 takes accesses of 1 only'],
  ])('gives up with words about %j', (source, words) => {
    const { stop } = run(source);
    expect(['vmm-error', 'unhandled-exit']).toContain(stop.code);
    expect(stop.words).toContain(words);
  });
});
