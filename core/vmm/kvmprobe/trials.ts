/** How a ONE_REG trial is made and printed. */
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { errnoName, hex, registerHex, registerName } from './names.ts';
import { type ProbeVm, registerValue } from './vm.ts';

const ALL = (1n << 64n) - 1n;
const TITLE_WIDTH = 34;

export class Trials {
  readonly vcpu: KvmVcpu;

  constructor(readonly probe: ProbeVm) {
    this.vcpu = probe.first;
  }

  out(line: string): void {
    this.probe.lines.out(line);
  }

  value(id: bigint): bigint {
    return registerValue(this.vcpu, id);
  }

  /** errno name of a write. */
  write(id: bigint, value: bigint): string {
    return errnoName(this.vcpu.setOneReg(id, value));
  }

  /** Reads, writes and reads again. */
  set(title: string, id: bigint, signed: bigint): void {
    const value = signed & ALL;
    const before = this.vcpu.getOneReg(id);
    const result = this.write(id, value);
    const after = this.vcpu.getOneReg(id);
    const was = `${errnoName(before.errno)}${before.errno === 0 ? `:${hex(before.value)}` : ''}`;
    const now = after.errno === 0 ? hex(after.value) : errnoName(after.errno);
    this.out(`${title.padEnd(TITLE_WIDTH)} id=${registerHex(id)} GET=${was} SET ${hex(value)} -> ${result} GET=${now}`);
  }

  get(title: string, id: bigint): void {
    const { errno, value } = this.vcpu.getOneReg(id);
    const shown = errno === 0 ? `:${hex(value)}` : '';
    this.out(`${title.padEnd(TITLE_WIDTH)} id=${registerHex(id)} GET=${errnoName(errno)}${shown}`);
  }

  /** Tries a value, then puts the old one back. */
  setAndRestore(title: string, id: bigint, value: bigint): void {
    const before = this.value(id);
    this.set(title, id, value);
    this.write(id, before);
  }

  list(): readonly bigint[] {
    return this.probe.registerList(this.vcpu);
  }

  difference(title: string, before: readonly bigint[], after: readonly bigint[]): void {
    const gone = before.filter((id) => !after.includes(id)).map((id) => ` -${registerName(id)}`);
    const come = after.filter((id) => !before.includes(id)).map((id) => ` +${registerName(id)}`);
    const counts = `n ${before.length} -> ${after.length}`;
    this.out(`list-diff ${title.padEnd(24)} ${counts}${gone.join('')}${come.join('')}`);
  }
}
