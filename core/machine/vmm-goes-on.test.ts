/**
 * Guests that ask for a reset or lose a vcpu, under VMMs that go on then; what real guests meet is in
 * `core/vmm/profiles/testdata`.
 */
import { describe, expect, it } from 'vitest';
import { latin1 } from '../base/bytes.ts';
import { combined } from '../config/combination.ts';
import type { VmmName } from '../vmm/profiles/index.ts';
import {
  createMachine,
  type EngineName,
  fromStateFile,
  type Machine,
  type MachineResult,
  prepareGuest,
  restoreMachine,
  toStateFile,
} from './index.ts';

const LIMIT = 20_000;
/** No bytes, in DEFLATE and base64url. */
const NOTHING = 'AwA';

/** Says which start it is, changes its own code and data, asks for a reset, and powers off at the third start. */
const COUNTS = `
        .globl _start
_start: la sp, stack
        li s0, 0x80800000
        ld t0, 0(s0)
        addi t0, t0, 1
        sd t0, 0(s0)
letter: li a0, 'a'
        li a7, 0x4442434e
        li a6, 2
        ecall
        la t0, data
        lw a0, 0(t0)
        li a6, 2
        ecall
        li t1, 'z'
        la t0, data
        sw t1, 0(t0)
        la t0, letter
        li t1, 0x00000513               # li a0, 0
        sw t1, 0(t0)
        fence.i
        csrw sscratch, s0
        ld t0, 0(s0)
        li a0, 1
        li t1, 3
        blt t0, t1, 1f
        li a0, 0
1:      li a1, 0
        li a6, 0
        li a7, 0x53525354
        ecall
        .data
data:   .word 'D'
        .bss
        .skip 64
stack:
`;

interface Run {
  readonly machine: Machine;
  output: string;
}

function built(make: (console: (bytes: Uint8Array) => void) => MachineResult, before = ''): Run {
  const run = { output: before };
  const made = make((bytes) => {
    run.output += latin1(bytes);
  });
  if (!made.ok) throw new Error(made.failure.message);
  return Object.assign(run, { machine: made.machine });
}

function started(engine: EngineName, vmm: VmmName = 'qemu', text = COUNTS, harts = 1): Run {
  const platform = combined({ interface: 'upstream', host: 'linux-7.2-nov01', vmm });
  const config = { ...platform, guest: { kind: 'source', text }, memory: 16, harts } as const;
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  return built((console) => createMachine({ config, image: guest.image, engine, hooks: { console } }));
}

const toTheEnd = ({ machine }: Run): string => {
  const status = machine.run({ until: 'forever', instructions: LIMIT });
  return status.kind === 'stopped' ? `${status.stop.code}: ${status.stop.words}` : status.kind;
};

async function carried(run: Run, change: (file: string) => string = (file) => file): Promise<Run> {
  const snapshot = await fromStateFile(change(await toStateFile(run.machine.save())));
  return built((console) => restoreMachine({ snapshot, engine: 'interpreter', hooks: { console } }), run.output);
}

describe('a guest that asks for a reset', () => {
  it.each(['interpreter', 'reference'] as const)(
    'is booted again under QEMU on the %s, with its code and data as they were loaded and the rest of RAM as it is',
    (engine) => {
      const run = started(engine);
      expect(toTheEnd(run)).toContain('powered-off: ');
      expect(run.output).toBe('aDaDaD');
    },
  );

  it.each(['ecall', 'kvmtool', 'crosvm'] as const)('ends the machine under %s', (vmm) => {
    const run = started('interpreter', vmm);
    expect(toTheEnd(run)).toContain('reset: the guest asked for a reset');
    expect(run.output).toBe(vmm === 'crosvm' ? '' : 'aD');
  });

  it('finds the other hart stopped, whatever it did, and hart 0 running, whoever asked', () => {
    const asks = `
        .globl _start
_start: bnez a0, second
        li s0, 0x80800000
        ld t0, 0(s0)
        addi t0, t0, 1
        sd t0, 0(s0)
        li a0, 1
        li a6, 2                        # hart_get_status
        li a7, 0x48534d
        ecall
        addi a0, a1, '0'
        li a6, 2
        li a7, 0x4442434e
        ecall
        ld t0, 0(s0)
        li t1, 3
        bge t0, t1, off
        li a0, 1
        la a1, second
        li a6, 0                        # hart_start
        li a7, 0x48534d
        ecall
1:      wfi
        j 1b
second: li a0, 1
        j reset
off:    li a0, 0
reset:  li a1, 0
        li a6, 0
        li a7, 0x53525354
        ecall
`;
    const run = started('interpreter', 'qemu', asks, 2);
    expect(toTheEnd(run)).toContain('powered-off: ');
    expect(run.output).toBe('111');
  });

  it('is booted again from a saved machine as from one that was never left, wherever it was left', async () => {
    const whole = started('interpreter');
    toTheEnd(whole);
    const { instructions } = whole.machine;
    for (let at = 1; at < instructions; at += 9) {
      const run = started('interpreter');
      run.machine.run({ until: 'forever', instructions: at });
      const back = await carried(run);
      expect(toTheEnd(back)).toContain('powered-off: ');
      expect([at, back.output, back.machine.instructions]).toEqual([at, whole.output, instructions]);
    }
  });

  it('cannot be booted again from a state of version 2, which did not hold what was loaded', async () => {
    const run = started('interpreter');
    run.machine.run({ until: 'forever', instructions: 3 });
    const back = await carried(run, (file) => {
      const { loaded: _, ...state } = JSON.parse(file) as Record<string, unknown>;
      return JSON.stringify({ ...state, version: 2 });
    });
    expect(toTheEnd(back)).toContain('the saved machine does not hold what it was loaded with');
  });

  it.each([
    [{ parts: [{ address: '0x70000000', bytes: 0, size: 16 }], packed: NOTHING }, 'loaded.0: is not in RAM'],
    [{ parts: [{ address: '0x80000000', bytes: 0, size: 2 ** 30 }], packed: NOTHING }, 'loaded.0: is not in RAM'],
    [{ parts: [{ address: '0x80000000', bytes: 9, size: 16 }], packed: '' }, 'loaded.packed: does not unpack'],
    [{ parts: [{ address: '0x80000000', bytes: -1, size: 16 }], packed: '' }, 'loaded.parts.0.bytes'],
    [7, 'loaded'],
  ])('refuses a state that says that %j was loaded', async (loaded, message) => {
    const run = started('interpreter');
    const change = (file: string) => JSON.stringify({ ...(JSON.parse(file) as object), loaded });
    await expect(carried(run, change)).rejects.toThrow(message);
  });
});

describe('a hart that makes a call without code', () => {
  const calls = `
        .globl _start
_start: bnez a0, second
        li a0, 1
        la a1, second
        li a6, 0                        # hart_start
        li a7, 0x48534d
        ecall
        li t0, 3000
1:      addi t0, t0, -1
        bnez t0, 1b
        li a0, 1
        li a6, 2                        # hart_get_status
        li a7, 0x48534d
        ecall
        addi a0, a1, '0'
        li a6, 2
        li a7, 0x4442434e
        ecall
        li a0, 0
        li a1, 0
        li a6, 0
        li a7, 0x53525354
        ecall
second: li a7, 0x09000000
        ecall
        li a0, 'x'
        li a6, 2
        li a7, 0x4442434e
        ecall
`;

  it('is lost under kvmtool, started as far as KVM knows, and hart 0 goes on', () => {
    const run = started('interpreter', 'kvmtool', calls, 2);
    expect(toTheEnd(run)).toContain('powered-off: ');
    expect(run.output).toBe('0');
    expect(run.machine.harts().map(({ hsm }) => hsm)).toEqual(['STOPPED', 'STOPPED']);
  });

  it('ends the machine under QEMU, whichever it is', () => {
    const run = started('interpreter', 'qemu', calls, 2);
    expect(toTheEnd(run)).toContain('unhandled-exit: ');
    expect(run.machine.harts().map(({ hsm }) => hsm)).toEqual(['STARTED', 'STARTED']);
  });
});
