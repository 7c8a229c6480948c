import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IRQ_S_SOFT, IRQ_S_TIMER } from '../hart/api.ts';
import { hostProfile } from './profiles/index.ts';
import { bench, ecall, sbiExtId } from './testdata/bench.ts';
import { EINTR, KVM_EXIT_RISCV_SBI } from './uapi.ts';

interface Recorded {
  readonly line: string;
  readonly section: string;
  readonly registers: readonly bigint[];
  readonly answer: string;
  /** sip shown after the call, when it was. */
  readonly sip: bigint | null;
}

function recorded(file: string): readonly Recorded[] {
  const calls: Recorded[] = [];
  let section = '';
  for (const line of readFileSync(new URL(`./testdata/${file}`, import.meta.url), 'utf8').split('\n')) {
    const last = calls.at(-1);
    if (line.startsWith('## ')) section = line.slice(3);
    else if (line.startsWith('sip=') && last !== undefined)
      calls[calls.length - 1] = { ...last, sip: BigInt(line.slice(4)) };
    else if (line !== '' && !line.startsWith('#')) {
      const [registers = '', answer = ''] = line.split(' -> ');
      calls.push({ line, section, registers: registers.split(' ').map(BigInt), answer, sip: null });
    }
  }
  return calls;
}

/** What the recording VMM answered. */
function userAnswer(eid: bigint, fid: bigint, args: readonly bigint[]): [bigint, bigint] | null {
  const none = BigInt.asUintN(64, -1n);
  if (eid === 1n) return [0n, 0n];
  if (eid === 2n) return [none, 0n];
  if (eid !== 0x4442434en || fid > 2n) return null;
  const [length = 0n, low = 0n, high = 0n] = args;
  if (fid !== 0n) return [0n, 0n];
  return high !== 0n || low < 0x80000000n ? [BigInt.asUintN(64, -3n), 0n] : [0n, length];
}

const shown = (value: bigint): string => {
  const signed = BigInt.asIntN(64, value);
  return signed > -100n && signed < 100n ? `${signed}` : `0x${value.toString(16)}`;
};

describe.each([
  ['linux-7.2-nov01', 'linux-7.2.13.calls.txt'],
  ['linux-6.12', 'linux-6.12.107-v01.calls.txt'],
] as const)('calls recorded from the kernel of %s', (name, file) => {
  const profile = hostProfile(name)!;
  const vm = bench(profile, 'upstream');
  const [hart] = vm.harts;
  const [vcpu] = vm.vcpus;
  for (const extension of ['DBCN', 'SUSP', 'MPXY'] as const) vcpu!.setOneReg(sbiExtId(extension), 1n);

  it.each(recorded(file))('$section: $line', ({ section, registers, answer, sip }) => {
    const [eid = 0n, fid = 0n, ...args] = registers;
    // The recorded mask that was read at an address held 1.
    vm.memory.write(0x30170, Uint8Array.of(1));
    if (section !== 'legacy') hart!.setPending(IRQ_S_SOFT, false);
    const pc = hart!.pc;
    let result = ecall(vm, 0, eid, fid, args);
    const exited = result === 0;
    if (exited) {
      const { riscv_sbi, exit_reason } = vcpu!.run;
      expect(exit_reason).toBe(KVM_EXIT_RISCV_SBI);
      expect([riscv_sbi.extension_id, riscv_sbi.function_id]).toEqual([eid, fid]);
      expect(riscv_sbi.ret).toEqual([BigInt.asUintN(64, -2n), 0n]);
      expect(hart!.pc).toBe(pc);
      riscv_sbi.ret = userAnswer(eid, fid, args) ?? riscv_sbi.ret;
      result = vcpu!.kvmRun();
    }
    expect(result).toBe(-EINTR);
    expect(hart!.pc).toBe(pc + 4n);
    const [error, value, kept] = answer.split(' ');
    expect(shown(hart!.readX(10))).toBe(error);
    const a1 = hart!.readX(11);
    expect(kept === 'kept' || args.length < 2 ? [shown(a1), a1 === 0x5a51n] : [shown(a1), false]).toEqual([
      value,
      kept === 'kept',
    ]);
    if (sip !== null) {
      expect(hart!.isPending(IRQ_S_SOFT)).toBe((sip & 2n) !== 0n);
      expect(hart!.isPending(IRQ_S_TIMER)).toBe((sip & 0x20n) !== 0n);
    }
    const event = vm.calls.at(-1)!;
    expect([event.exited, event.pc, event.eid, event.error]).toEqual([exited, pc, eid, hart!.readX(10)]);
    expect(event.cost).toBe(exited ? 6000 : 1000);
  });
});
