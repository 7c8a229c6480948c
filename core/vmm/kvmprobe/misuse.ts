/** The command `misuse`: every ONE_REG id with right and wrong values, before and after the vcpu ran. */
import * as uapi from '../../kvm/uapi.ts';
import { ExitHandler, Outcome } from './exits.ts';
import { errnoName, hex, ISA_NAMES, registerName, SBI_NAMES } from './names.ts';
import { turn } from './run.ts';
import { Trials } from './trials.ts';
import { ID, type Lines, type ProbeHost, ProbeVm, RAM, registerValue, type Steps } from './vm.ts';

const ALL = -1n;
const EN = uapi.KVM_REG_RISCV_MULTI_EN;
const DIS = uapi.KVM_REG_RISCV_MULTI_DIS;
const TIME = 2n;
const SUSP = 1n << 11n;
const STA_INDEX = 10;
const SUSP_INDEX = 11;
const FWFT_INDEX = 12;
/** A mode of the payload that prints nothing. */
const SILENT = 99n;
const SECONDS = 20;

export function* misuse(host: ProbeHost, lines: Lines): Steps {
  suite(new Trials(new ProbeVm(host.open(), lines, 1)), 'fresh vCPU, never run', true);
  yield;
  const returned = new ProbeVm(host.open(), lines, 1);
  lines.out(`\nKVM_RUN immediate_exit=1 -> ${errnoName(immediateExit(returned.first))}`);
  suite(new Trials(returned), 'after KVM_RUN with immediate_exit=1 only', false);
  yield;
  const ran = new ProbeVm(host.open(), lines, 1);
  lines.out(`\nafter real run: ${yield* runSilently(host, ran)}`);
  suite(new Trials(ran), 'after a real KVM_RUN', true);
  yield;
  twoVcpus(new ProbeVm(host.open(), lines, 2));
}

function immediateExit(vcpu: uapi.KvmVcpu): number {
  vcpu.run.immediate_exit = 1;
  const result = vcpu.kvmRun();
  vcpu.run.immediate_exit = 0;
  return result;
}

function* runSilently(host: ProbeHost, probe: ProbeVm): Steps<string> {
  probe.load(host.payload);
  probe.setParameters([SILENT]);
  probe.first.setOneReg(ID.core(0), RAM);
  const outcome = new Outcome(probe.lines, 0);
  const handler = new ExitHandler(probe, outcome, { reenter: false, maxLog: 0 });
  const thread = { vcpu: 0, turn: () => void turn(probe.first, handler) };
  yield* probe.machine.run([thread], () => outcome.finished, SECONDS);
  return outcome.why;
}

function suite(trials: Trials, state: string, everything: boolean): void {
  trials.out(`\n### state: ${state}`);
  sbiSingle(trials);
  sbiMulti(trials);
  configuration(trials);
  isaExtensions(trials, everything);
  coreAndCsr(trials);
  timer(trials);
  sbiState(trials);
  malformed(trials);
}

function sbiSingle(trials: Trials): void {
  trials.out('## A. SBI single registers');
  for (let index = 0; index < SBI_NAMES.length + 2; index++) {
    const id = ID.sbi(index);
    const { errno, value } = trials.vcpu.getOneReg(id);
    const title = `SBI.${SBI_NAMES[index] ?? 'beyond-MAX'}`;
    trials.out(`${title.padEnd(20)} default GET=${errnoName(errno)}${errno === 0 ? `:${value}` : ''}`);
    const before = trials.list();
    for (const tried of [value, value === 0n ? 1n : 0n, value, 2n, ALL]) trials.set(title, id, tried);
    trials.write(id, 0n);
    trials.difference(title, before, trials.list());
    trials.write(id, 1n);
    trials.difference(`${title} on`, before, trials.list());
    trials.write(id, value);
  }
  for (const index of [63, 64, 0xffff]) {
    trials.set(`SBI idx ${index > 64 ? '0xffff' : index}`, ID.sbi(index), 0n);
  }
}

function sbiMulti(trials: Trials): void {
  trials.out('## B. SBI multi registers');
  const [en, dis] = [ID.sbi(0, EN), ID.sbi(0, DIS)];
  const [en1, dis1] = [ID.sbi(1, EN), ID.sbi(1, DIS)];
  trials.get('SBI.MULTI_EN[0]', en);
  trials.get('SBI.MULTI_DIS[0]', dis);
  trials.get('SBI.MULTI_EN[1]', en1);
  trials.get('SBI.MULTI_DIS[1]', dis1);
  trials.set('SBI.MULTI_EN[0] no bits', en, 0n);
  trials.set('SBI.MULTI_DIS[0] no bits', dis, 0n);
  trials.set('SBI.MULTI_DIS[0] TIME', dis, TIME);
  trials.get('  then SBI.TIME', ID.sbi(1));
  trials.set('SBI.MULTI_EN[0] TIME', en, TIME);
  trials.get('  then SBI.TIME', ID.sbi(1));
  trials.set('SBI.MULTI_DIS[0] TIME+SUSP', dis, TIME | SUSP);
  trials.set('SBI.MULTI_EN[0] TIME+SUSP', en, TIME | SUSP);
  trials.set('SBI.MULTI_EN[0] V01 only', en, 1n);
  trials.set('SBI.MULTI_EN[0] V01+SUSP', en, 1n | SUSP);
  trials.get('  then SBI.SUSP', ID.sbi(SUSP_INDEX));
  trials.write(ID.sbi(SUSP_INDEX), 0n);
  trials.set('SBI.MULTI_EN[0] bit 40', en, 1n << 40n);
  trials.set('SBI.MULTI_EN[0] ~0', en, ALL);
  trials.get('  then SBI.SUSP', ID.sbi(SUSP_INDEX));
  trials.get('  then MULTI_EN', en);
  trials.set('SBI.MULTI_DIS[0] ~0', dis, ALL);
  trials.get('  then MULTI_EN', en);
  trials.set('SBI.MULTI_EN[1] 1', en1, 1n);
  trials.set('SBI.MULTI_EN[1] 0', en1, 0n);
  trials.set('SBI subtype 3', ID.sbi(0, 3n << 16n), 0n);
  trials.set('SBI subtype 4 idx 1', ID.sbi(1, 4n << 16n), 0n);
}

/** Register number, and two values that it does not have. */
const CONFIG_VALUES: readonly (readonly [string, number, bigint, bigint])[] = [
  ['mvendorid', 2, 0x5a5n, 0x1234_5678_9abc_def0n],
  ['marchid', 3, 0x7777n, ALL],
  ['mimpid', 4, 0x8888n, 1n << 63n],
  ['zicbom_block_size', 1, 32n, 0n],
  ['zicboz_block_size', 5, 128n, 0n],
  ['zicbop_block_size', 7, 32n, 0n],
  ['satp_mode', 6, 8n, 0n],
];
const SATP_MODE = 6;

function configuration(trials: Trials): void {
  trials.out('## C. CONFIG registers');
  const isaId = ID.config(0);
  const isa = trials.value(isaId);
  trials.set('CONFIG.isa same', isaId, isa);
  for (let letter = 0; letter < 26; letter++) {
    const bit = 1n << BigInt(letter);
    const what = (isa & bit) === 0n ? 'set' : 'clear';
    trials.set(`CONFIG.isa toggle '${String.fromCharCode(97 + letter)}' (${what})`, isaId, isa ^ bit);
    trials.write(isaId, isa);
  }
  trials.set('CONFIG.isa 0', isaId, 0n);
  trials.set('CONFIG.isa ~0', isaId, ALL);
  trials.set('CONFIG.isa back', isaId, isa);
  for (const [name, number, other, another] of CONFIG_VALUES) {
    const id = ID.config(number);
    const same = trials.value(id);
    trials.set(`CONFIG.${name} same`, id, same);
    trials.set(`CONFIG.${name} other`, id, other);
    trials.set(`CONFIG.${name} other2`, id, another);
    trials.set(`CONFIG.${name} restore`, id, same);
  }
  for (const mode of [9, 10, 11]) trials.set(`CONFIG.satp_mode ${mode}`, ID.config(SATP_MODE), BigInt(mode));
  for (let number = 8; number < 12; number++) trials.set(`CONFIG idx ${number}`, ID.config(number), 0n);
  trials.set('CONFIG subtype 1', ID.config(1 << 16), 0n);
}

function isaExtensions(trials: Trials, everything: boolean): void {
  trials.out('## D. ISA extension registers');
  for (let index = 0; index < ISA_NAMES.length + 2; index++) {
    if (everything || index <= 25 || index >= 60) isaExtension(trials, index);
  }
  for (const [title, number, many] of [
    ['ISA.MULTI_EN[0]', 0, EN],
    ['ISA.MULTI_EN[1]', 1, EN],
    ['ISA.MULTI_EN[2]', 2, EN],
    ['ISA.MULTI_DIS[0]', 0, DIS],
  ] as const) {
    trials.get(title, ID.isa(number, many));
  }
}

function isaExtension(trials: Trials, index: number): void {
  const id = ID.isa(index);
  const { errno, value } = trials.vcpu.getOneReg(id);
  const title = `ISA.${ISA_NAMES[index] ?? 'beyond-MAX'}`;
  const head = title.padEnd(20);
  if (errno !== 0) {
    const zero = trials.write(id, 0n);
    trials.out(`${head} GET=${errnoName(errno)} SET 0 -> ${zero} SET 1 -> ${trials.write(id, 1n)}`);
    return;
  }
  const other = value === 0n ? 1n : 0n;
  const same = trials.write(id, value);
  const changed = trials.write(id, other);
  const got = trials.value(id);
  const two = trials.write(id, 2n);
  const after = trials.value(id);
  const restored = trials.write(id, value);
  trials.out(
    `${head} default=${value} SET same -> ${same} SET ${other} -> ${changed} GET=${got} SET 2 -> ${two} GET=${after} restore -> ${restored}`,
  );
  const before = trials.list();
  if (trials.vcpu.setOneReg(id, 0n) !== 0 || value === 0n) return;
  const without = trials.list();
  if (without.length !== before.length) trials.difference(title, before, without);
  trials.write(id, value);
}

function coreAndCsr(trials: Trials): void {
  trials.out('## E. CORE/CSR/TIMER');
  const modeId = ID.core(32);
  const mode = trials.value(modeId);
  for (const [title, value] of [
    ['U', 0n],
    ['S', 1n],
    ['2', 2n],
    ['3', 3n],
    ['restore', mode],
  ] as const) {
    trials.set(`CORE.mode ${title}`, modeId, value);
  }
  trials.set('CORE idx 33', ID.core(33), 0n);
  trials.set('CORE.pc odd', ID.core(0), RAM + 1n);
  trials.write(ID.core(0), RAM);
  for (let number = 0; number < 11; number++) {
    trials.setAndRestore(registerName(ID.csr(number)), ID.csr(number), ALL);
  }
  trials.set('CSR general idx 11', ID.csr(11), 0n);
  for (let number = 0; number < 8; number++) {
    trials.setAndRestore(registerName(ID.csr(number, 1)), ID.csr(number, 1), ALL);
  }
  trials.set('CSR.SMSTATEEN.sstateen0', ID.csr(0, 2), 0n);
  trials.set('CSR subtype 3', ID.csr(0, 3), 0n);
}

function timer(trials: Trials): void {
  const frequency = trials.value(ID.timer(0));
  trials.set('TIMER.frequency same', ID.timer(0), frequency);
  trials.set('TIMER.frequency other', ID.timer(0), frequency * 2n);
  trials.set('TIMER.time 0x1000', ID.timer(1), 0x1000n);
  trials.set('TIMER.compare 5', ID.timer(2), 5n);
  for (const value of [1n, 0n, 2n]) trials.set(`TIMER.state ${value}`, ID.timer(3), value);
  trials.set('TIMER idx 4', ID.timer(4), 0n);
}

const STA_TRIALS: readonly (readonly [string, number, bigint])[] = [
  ['shmem_lo 0x80001000', 0, 0x8000_1000n],
  ['shmem_lo 0x80001001', 0, 0x8000_1001n],
  ['shmem_lo 0x80001008', 0, 0x8000_1008n],
  ['shmem_lo ~0', 0, ALL],
  ['shmem_hi 0', 1, 0n],
  ['shmem_hi 1', 1, 1n],
  ['shmem_lo 0x1000', 0, 0x1000n],
  ['shmem_lo 0x1001', 0, 0x1001n],
  ['shmem_hi 0x1_0000_0000', 1, 1n << 32n],
  ['shmem_hi ~0', 1, ALL],
  ['shmem_lo ~0', 0, ALL],
];
const FWFT_REGISTERS = 7;

function sbiState(trials: Trials): void {
  trials.out('## F. SBI_STATE');
  for (const on of [0n, 1n]) {
    trials.out(`SBI.STA=${on} -> ${trials.write(ID.sbi(STA_INDEX), on)}`);
    for (const [title, number, value] of STA_TRIALS) trials.set(`STA.${title}`, ID.state(0, number), value);
    trials.set('STA idx 2', ID.state(0, 2), 0n);
  }
  for (const on of [0n, 1n]) {
    trials.out(`SBI.FWFT=${on} -> ${trials.write(ID.sbi(FWFT_INDEX), on)}`);
    for (let number = 0; number < FWFT_REGISTERS; number++) {
      const id = ID.state(1, number);
      const before = trials.value(id);
      for (const value of [0n, 1n, 2n, 7n, ALL]) trials.set(registerName(id), id, value);
      trials.write(id, before);
    }
  }
  trials.set('SBI_STATE subtype 2', ID.state(2, 0), 0n);
}

function malformed(trials: Trials): void {
  trials.out('## G. malformed ids');
  const { KVM_REG_RISCV, KVM_REG_SIZE_U32, KVM_REG_SIZE_U64, KVM_REG_RISCV_CONFIG, KVM_REG_RISCV_SBI_EXT } = uapi;
  const arm64 = 0x6000_0000_0000_0000n;
  const x86 = 0x2000_0000_0000_0000n;
  const u64 = KVM_REG_SIZE_U64;
  trials.set('U32 SBI.TIME', KVM_REG_RISCV | KVM_REG_SIZE_U32 | KVM_REG_RISCV_SBI_EXT | 1n, 1n);
  trials.set('U8 SBI.TIME', KVM_REG_RISCV | KVM_REG_RISCV_SBI_EXT | 1n, 1n);
  trials.set('U32 CONFIG.mvendorid', KVM_REG_RISCV | KVM_REG_SIZE_U32 | KVM_REG_RISCV_CONFIG | 2n, 1n);
  trials.set('type 0', KVM_REG_RISCV | u64, 0n);
  trials.set('type 0xb', KVM_REG_RISCV | u64 | (0xbn << 24n), 0n);
  trials.set('type 0xff', KVM_REG_RISCV | u64 | (0xffn << 24n), 0n);
  trials.set('arch ARM64 SBI.TIME', arm64 | u64 | KVM_REG_RISCV_SBI_EXT | 1n, 1n);
  trials.set('arch x86 CONFIG.isa', x86 | u64 | KVM_REG_RISCV_CONFIG, 1n);
  const get = errnoName(trials.vcpu.getOneReg(ID.sbi(1), false).errno);
  trials.out(`NULL addr GET -> ${get} SET -> ${errnoName(trials.vcpu.setOneReg(ID.sbi(1), null))}`);
}

/** What is set on one vcpu does not concern the other. */
function twoVcpus(probe: ProbeVm): void {
  const [vcpu0, vcpu1] = probe.vcpus;
  if (vcpu0 === undefined || vcpu1 === undefined) return;
  const out = (line: string): void => probe.lines.out(`two vCPUs: ${line}`);
  const time0 = errnoName(vcpu0.setOneReg(ID.sbi(1), 0n));
  probe.lines.out('');
  out(`SET SBI.TIME=0 on vcpu0 -> ${time0}; vcpu1 GET=${registerValue(vcpu1, ID.sbi(1))}`);
  const vendor = errnoName(vcpu0.setOneReg(ID.config(2), 0x11n));
  out(`SET mvendorid=0x11 on vcpu0 -> ${vendor}; vcpu1 GET=${hex(registerValue(vcpu1, ID.config(2)))}`);
  immediateExit(vcpu0);
  out(`vcpu0 ran; SET SBI.TIME=0 on vcpu1 -> ${errnoName(vcpu1.setOneReg(ID.sbi(1), 0n))}`);
  const same = errnoName(vcpu1.setOneReg(ID.timer(0), registerValue(vcpu1, ID.timer(0))));
  out(`vcpu0 ran; SET timer frequency same on vcpu1 -> ${same}`);
}
