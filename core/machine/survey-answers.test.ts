import { describe, expect, it } from 'vitest';
import { CHOICES, combined } from '../config/combination.ts';
import { type Config, INTERFACES } from '../config/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { VMM_NAMES } from '../vmm/profiles/index.ts';
import { prepareGuest } from './guest.ts';
import { createMachine } from './machine.ts';
import { surveyOf } from './survey.ts';

/** A call that changes nothing, whatever comes of it: a1 follows from a0. The legacy calls have their function in their id. */
const HARMLESS: Readonly<Partial<Record<SbiName, { readonly fid: number; readonly args: readonly number[] }>>> = {
  V01: { fid: 0, args: [-1] },
  BASE: { fid: SBI.BASE.functions.get_spec_version.fid, args: [] },
  TIME: { fid: SBI.TIME.functions.set_timer.fid, args: [-1] },
  IPI: { fid: SBI.IPI.functions.send_ipi.fid, args: [0, 0] },
  RFENCE: { fid: SBI.RFENCE.functions.remote_fence_i.fid, args: [0, 0] },
  HSM: { fid: SBI.HSM.functions.hart_get_status.fid, args: [0] },
  PMU: { fid: SBI.PMU.functions.num_counters.fid, args: [] },
  DBCN: { fid: SBI.DBCN.functions.console_write.fid, args: [0, 0x8020_0000, 0] },
  // A sleep of a reserved type.
  SUSP: { fid: SBI.SUSP.functions.system_suspend.fid, args: [1, 0, 0] },
  CPPC: { fid: SBI.CPPC.functions.probe.fid, args: [0] },
  STA: { fid: SBI.STA.functions.steal_time_set_shmem.fid, args: [-1, -1, 0] },
  SSE: { fid: SBI.SSE.functions.hart_mask.fid, args: [] },
  // A feature of a reserved number: DENIED.
  FWFT: { fid: SBI.FWFT.functions.get.fid, args: [0x1000] },
  DBTR: { fid: SBI.DBTR.functions.num_triggers.fid, args: [0] },
  MPXY: { fid: SBI.MPXY.functions.get_shmem_size.fid, args: [] },
};

const S2 = 18;

/** The extensions of which the call is told NOT_SUPPORTED. */
function refusedOf(config: Config, names: readonly SbiName[]): readonly SbiName[] {
  const calls = names.flatMap((name, index) => {
    const call = HARMLESS[name];
    if (call === undefined) return [];
    const args = call.args.map((value, at) => `li a${at}, ${value}`);
    const told = [`li t0, ${SBI_ERRORS.NOT_SUPPORTED}`, `bne a0, t0, 1f`, `li t0, ${1 << index}`, 'or s2, s2, t0'];
    return [...args, `li a6, ${call.fid}`, `li a7, ${SBI[name].eid[0]}`, 'ecall', ...told, '1:'];
  });
  const text = ['.globl _start', '_start:', 'li s2, 0', ...calls, 'li s3, 1', 'end: j end', ''].join('\n');
  const guest = { ...config, guest: { kind: 'source', text }, memory: 16 } as const;
  const prepared = prepareGuest(guest, undefined);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  const created = createMachine({ config: guest, image: prepared.image, hooks: { console: () => undefined } });
  if (!created.ok) throw new Error(created.failure.message);
  const { machine } = created;
  const status = machine.run({ until: 'forever', instructions: 5000 });
  const x = machine.harts()[0]?.x ?? [];
  if (x[S2 + 1] !== 1n) throw new Error(`the calls did not end: ${JSON.stringify(status)} at ${names}`);
  return names.filter((_, index) => (((x[S2] ?? 0n) >> BigInt(index)) & 1n) === 1n);
}

describe('what a survey finds present', () => {
  it.each(
    INTERFACES.flatMap((kvm) =>
      ['linux-7.2-nov01', 'linux-5.17'].flatMap((host) => CHOICES.map((choice) => [kvm, host, choice] as const)),
    ),
  )('is answered when it is called, under %s on %s with the choice %s', (kvm, host, choice) => {
    for (const vmm of VMM_NAMES) {
      const config = combined({ interface: kvm, host, vmm }, choice);
      const found = surveyOf(config);
      if (!found.starts) continue;
      const present = SBI_NAMES.filter((name) => found.findings[name].kind === 'present');
      expect([vmm, refusedOf(config, present)]).toEqual([vmm, []]);
    }
  });

  it('differs from what is absent, whose calls are refused', () => {
    const config = combined({ interface: 'upstream', host: 'linux-6.1', vmm: 'ecall' });
    const found = surveyOf(config);
    const called = SBI_NAMES.filter((name) => HARMLESS[name] !== undefined);
    const absent = called.filter((name) => found.starts && found.findings[name].kind === 'absent');
    expect(absent).toContain('DBCN');
    expect(refusedOf(config, called)).toEqual(absent);
  });
});
