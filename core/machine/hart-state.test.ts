import { expect, it } from 'vitest';
import { type Config, defaultConfig, moveTo } from '../config/index.ts';
import { HSM } from '../sbi/spec/hsm.ts';
import { MPXY } from '../sbi/spec/mpxy.ts';
import { SSE, SSE_EVENTS } from '../sbi/spec/sse.ts';
import { SBI_ERRORS, type SbiError } from '../sbi/types.ts';
import { createMachine, prepareGuest } from './index.ts';

/** Where each life of the second hart leaves the errors of its calls, as doublewords. */
const OUT = 0x8030_0000n;
const AREA = 0x8031_0000n;
const CALLS = ['register', 'hart_unmask', 'get_channel_ids'] as const;
const NAMES = Object.keys(SBI_ERRORS) as SbiError[];

const ecall = (eid: number, fid: number, ...args: readonly (number | bigint | string)[]) =>
  [
    ...args.map((value, at) => (typeof value === 'string' ? `la a${at}, ${value}` : `li a${at}, ${value}`)),
    `li a6, ${fid}`,
    `li a7, ${eid}`,
    'ecall\n',
  ].join('\n');
const hsm = HSM.functions;
const keep = 'sd a0, 0(s0)\naddi s0, s0, 8\n';

/** The second hart lives twice; each life asks for what only a hart as new is given, and leaves it behind. */
const guest = `
_start: li s0, ${OUT}
 ${ecall(HSM.eid[0], hsm.hart_start.fid, 1, 'second', 0)}call until_stopped
 ${ecall(HSM.eid[0], hsm.hart_start.fid, 1, 'second', 0)}call until_stopped
 ${ecall(0x53525354, 0, 0, 0)}
until_stopped: ${ecall(HSM.eid[0], hsm.hart_get_status.fid, 1)}
 li t0, ${hsm.hart_get_status.returnValues.STOPPED}
 bne a1, t0, until_stopped
 ret
second: la t0, lives
 ld s0, 0(t0)
 addi t1, s0, ${8 * CALLS.length}
 sd t1, 0(t0)
 ${ecall(SSE.eid[0], SSE.functions.register.fid, SSE_EVENTS.LOCAL_SOFTWARE, 'second', 0)}${keep}
 ${ecall(SSE.eid[0], SSE.functions.hart_unmask.fid)}${keep}
 ${ecall(MPXY.eid[0], MPXY.functions.get_channel_ids.fid, 0)}${keep}
 ${ecall(MPXY.eid[0], MPXY.functions.set_shmem.fid, AREA, 0, 0)}
 ${ecall(HSM.eid[0], hsm.hart_stop.fid)}
 .data
 .balign 8
lives: .dword ${OUT}
`;

function livesOf(change: Omit<Partial<Config>, 'sbi'> & { readonly sbi: Partial<Config['sbi']> }) {
  const { config: moved } = moveTo(defaultConfig(), { interface: change.interface ?? 'upstream' });
  const sbi = { ...moved.sbi, ...change.sbi };
  const config: Config = { ...moved, ...change, sbi, harts: 2, memory: 16, guest: { kind: 'source', text: guest } };
  const prepared = prepareGuest(config, undefined);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  const log: string[] = [];
  const made = createMachine({ config, image: prepared.image, hooks: { console: () => {}, log: (w) => log.push(w) } });
  if (!made.ok) throw new Error(made.failure.message);
  const { machine } = made;
  const status = machine.run({ until: 'forever', instructions: 1_000_000 });
  const bytes = machine.readMemory(0, OUT, 16 * CALLS.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const errors = Array.from({ length: 2 * CALLS.length }, (_, at) => {
    const code = view.getBigInt64(8 * at, true);
    return NAMES.find((name) => BigInt(SBI_ERRORS[name]) === code);
  });
  const { length } = CALLS;
  const stop = status.kind === 'stopped' ? status.stop.code : status.kind;
  return { lives: [errors.slice(0, length), errors.slice(length)], log, stop, exits: machine.counts().exits };
}

const AS_NEW = ['SUCCESS', 'SUCCESS', 'NO_SHMEM'];
const HEARD = { SSE: 'vmm', MPXY: 'vmm' } as const;

it.each([
  ['the VMM stops and starts it', 'accelerator', 'vmm', 0],
  ['KVM does so and tells by an exit', 'accelerator', 'kvm', 4],
  ['the VMM does so over the interface of 2025', 'userspace', 'vmm', 0],
] as const)('a hart that is started again is as new to the VMM when %s', (_, kvmInterface, HSM, exits) => {
  const run = livesOf({ interface: kvmInterface, sbi: { ...HEARD, HSM } });
  expect([run.lives, run.stop, run.log]).toEqual([[AS_NEW, AS_NEW], 'powered-off', []]);
  expect(run.exits.KVM_EXIT_RISCV_HART_STATE ?? 0).toBe(exits);
});

it('is what it was in its life before when KVM does so untold, and the VMM says that it is', () => {
  const run = livesOf({ interface: 'userspace', sbi: { ...HEARD, HSM: 'kvm' } });
  expect(run.lives).toEqual([AS_NEW, ['INVALID_STATE', 'ALREADY_STARTED', 'SUCCESS']]);
  expect(run.log).toEqual([expect.stringContaining('what the VMM keeps of a hart for SSE, MPXY stays as it was')]);
});

it('keeps its shared memory on Linux as it is, which hands MPXY over and HSM not', () => {
  const run = livesOf({ interface: 'upstream', sbi: { MPXY: 'vmm' } });
  expect(run.lives.map(([, , channels]) => channels)).toEqual(['NO_SHMEM', 'SUCCESS']);
  expect(run.log).toEqual([expect.stringContaining('for MPXY stays as it was')]);
});
