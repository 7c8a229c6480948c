import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, moveTo } from '../config/index.ts';
import { PMU } from '../sbi/spec/pmu.ts';
import { SSE, SSE_EVENTS, SSE_PLATFORM_EVENTS } from '../sbi/spec/sse.ts';
import type { CallEvent, TraceEvent } from '../trace/events.ts';
import { createMachine, ENGINES, type EngineName, prepareGuest } from './index.ts';

const { LOCAL_SOFTWARE, GLOBAL_SOFTWARE } = SSE_EVENTS;
const { CONSOLE_INPUT } = SSE_PLATFORM_EVENTS;
/** Where the guests leave doublewords for the test to read. */
const OUT = 0x8030_0000n;
const POWER_OFF = 'li a7, 0x53525354\nli a6, 0\nli a0, 0\nli a1, 0\necall\n';

const call = (name: keyof typeof SSE.functions, ...args: readonly (number | string)[]) =>
  [
    ...args.map((value, at) => (typeof value === 'number' ? `li a${at}, ${value}` : `la a${at}, ${value}`)),
    `li a6, ${SSE.functions[name].fid}`,
    `li a7, ${SSE.eid[0]}`,
    'ecall\n',
  ].join('\n');
const ready = (event: number, handler = 'handler') =>
  `${call('register', event, handler, 0x77)}${call('enable', event)}${call('hart_unmask')}`;
/** Stores a register or CSR as doubleword `at` of OUT; t6 is spoilt. */
const put = (at: number, register: string) => `li t6, ${OUT + BigInt(8 * at)}\nsd ${register}, 0(t6)\n`;
const putCsr = (at: number, csr: string) => `csrr t5, ${csr}\n${put(at, 't5')}`;

function run(text: string, engine: EngineName = 'interpreter', change: Partial<Config> = {}) {
  const accelerated = moveTo(defaultConfig(), { interface: 'accelerator' }).config;
  const config: Config = {
    ...accelerated,
    memory: 16,
    ...change,
    sbi: { ...accelerated.sbi, SSE: 'vmm', ...change.sbi },
    guest: { kind: 'source', text },
  };
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  const events: TraceEvent[] = [];
  const hooks = { console: () => {}, event: (event: TraceEvent) => events.push(event) };
  const made = createMachine({ config, image: guest.image, engine, hooks });
  if (!made.ok) throw new Error(made.failure.message);
  const { machine } = made;
  const go = (live = false) => machine.run({ until: 'forever', instructions: 1_000_000, live });
  const out = (length: number) => {
    const bytes = machine.readMemory(0, OUT, 8 * length);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return Array.from({ length }, (_, at) => view.getBigUint64(8 * at, true));
  };
  return {
    machine,
    go,
    out,
    calls: () => events.filter((event): event is CallEvent => event.kind === 'call'),
  };
}

const stopped = (code: string) => ({ kind: 'stopped', stop: { code } });

describe.each(ENGINES)('software events on the %s', (engine) => {
  it('interrupt user mode, which goes on with its registers and interrupts as they were', () => {
    const guest = run(
      `_start: ${ready(CONSOLE_INPUT)} la t0, trap
 csrw stvec, t0
 la t0, user
 csrw sepc, t0
 li t0, 0x100
 csrc sstatus, t0
 csrsi sstatus, 2
 csrwi sscratch, 0
 li t0, 0x20
 csrs sstatus, t0
 li a6, 66
 li a7, 77
 li s3, 0
 sret
user: beqz s3, user
 ecall
 .balign 4
trap: ${put(3, 'a6')}${put(4, 'a7')}${putCsr(5, 'scause')}${putCsr(6, 'sstatus')}${POWER_OFF}
handler: ${put(0, 'a6')}${put(1, 'a7')}${putCsr(2, 'sstatus')} li s3, 1
 ${call('complete')}`,
      engine,
      // The windows of several harts are short, and input arrives with a window.
      { harts: 2 },
    );
    guest.machine.addInput(Uint8Array.of(65), 100_000);
    expect(guest.go()).toMatchObject(stopped('powered-off'));
    const [hart, arg, inside, a6, a7, cause, after = 0n] = guest.out(7);
    expect([hart, arg, a6, a7, cause]).toEqual([0n, 0x77n, 66n, 77n, 8n]);
    // SPP, SPIE and SIE: in the handler out of user mode with interrupts on; then in a trap out of it.
    expect([(inside ?? 0n) & 0x122n, after & 0x122n]).toEqual([0x20n, 0x20n]);
    expect(guest.machine.time).toBeGreaterThanOrEqual(100_000);
  });

  it('end a WFI behind it, with no interrupt enabled', () => {
    const guest = run(
      `_start: csrw sie, zero
 ${ready(CONSOLE_INPUT)} la s4, 1f
 wfi
1: ${put(1, 's4')}${POWER_OFF}
handler: ${putCsr(0, 'sepc')}${call('complete')}`,
      engine,
    );
    guest.machine.addInput(Uint8Array.of(65), 3_000_000);
    expect(guest.go()).toMatchObject(stopped('powered-off'));
    const [interrupted, behind] = guest.out(2);
    expect(interrupted).toBe(behind);
    expect(guest.machine.time).toBeGreaterThanOrEqual(3_000_000);
    expect(guest.machine.time).toBeLessThan(3_100_000);
  });

  it('end a hart_suspend in the kernel, whose call succeeds', () => {
    const guest = run(
      `_start: li a0, 1
 la a1, second
 li a2, 0
 li a6, 0
 li a7, 0x48534d
 ecall
1: li a0, 1
 li a6, 2
 li a7, 0x48534d
 ecall
 li t0, 4
 bne a1, t0, 1b
 ${call('inject', LOCAL_SOFTWARE, 1)}
2: wfi
 j 2b
second: ${ready(LOCAL_SOFTWARE)} csrw sie, zero
 li a0, 0
 li a6, 3
 li a7, 0x48534d
 ecall
 ${put(2, 'a0')}${POWER_OFF}
handler: ${put(0, 'a6')}${put(1, 'a0')}${call('complete')}`,
      engine,
      { harts: 2 },
    );
    expect(guest.go()).toMatchObject(stopped('powered-off'));
    expect(guest.out(3)).toEqual([1n, 0n, 0n]);
  });

  it('preempt each other in between two instructions, and leave no trace in registers', () => {
    const guest = run(
      `_start: ${ready(LOCAL_SOFTWARE)}${call('register', GLOBAL_SOFTWARE, 'other', 0x99)}${call('enable', GLOBAL_SOFTWARE)} li s1, 1234
 csrsi sstatus, 2
 li a0, ${GLOBAL_SOFTWARE}
 li a1, 0
 li a6, 7
 li a7, ${SSE.eid[0]}
 ecall
 ${put(0, 'a0')}${put(1, 'a6')}${put(2, 'a7')}${putCsr(3, 'sepc')}${putCsr(4, 'sstatus')}${POWER_OFF}
other: mv s7, a0
 mv s8, a1
 ${call('inject', LOCAL_SOFTWARE, 0)} mv a0, s7
 mv a1, s8
 ${call('complete')}
handler: mv s9, a0
 mv s10, a1
 ${put(5, 'a7')}${putCsr(6, 'sstatus')} mv a0, s9
 mv a1, s10
 ${call('complete')}`,
      engine,
    );
    expect(guest.go()).toMatchObject(stopped('powered-off'));
    const [a0, a6, a7, sepc, status = 0n, arg, inside = 0n] = guest.out(7);
    expect([a0, a6, a7, sepc, arg]).toEqual([0n, 7n, BigInt(SSE.eid[0]), 0n, 0x77n]);
    expect([status & 2n, inside & 0x122n]).toEqual([2n, 0x100n]);
  });
});

/** Those of cycles and of instructions. */
const COUNTERS = 0b101;
const pmu = (fid: number, ...args: readonly (number | bigint)[]) =>
  [...args.map((value, at) => `li a${at}, ${value}`), `li a6, ${fid}`, `li a7, ${PMU.eid[0]}`, 'ecall\n'].join('\n');
const { counter_config_matching: match, counter_start: start, counter_stop: stop } = PMU.functions;
/** Lets the counter of instructions overflow after so many. */
const overflowAfter = (instructions: number) =>
  pmu(start.fid, 2, 1, start.args[2].values.SET_INIT_VALUE, (1n << 64n) - BigInt(instructions));
const counting = pmu(match.fid, 0, COUNTERS, match.args[2].values.CLEAR_VALUE, 2, 0);
const SAMPLES = 5;

describe.each(ENGINES.flatMap((engine) => (['kvm', 'vmm'] as const).map((by) => [engine, by] as const)))(
  'the overflow of a counter on the %s, with PMU in the %s,',
  (engine, by) => {
    const profiled = (text: string, sbi: Partial<Config['sbi']> = {}) => {
      const { isa, hardware } = defaultConfig();
      const change = { isa: [...isa, 'Sscofpmf'], hardware: { ...hardware, aia: 'on' as const } };
      return run(text, engine, { ...change, sbi: { PMU: by, ...sbi } as Config['sbi'] });
    };

    it('samples a loop that runs with interrupts off, at the instruction where it is', () => {
      const guest = profiled(
        `_start: csrci sstatus, 2
 li t0, 1 << 13
 csrw sie, t0
 la t0, trap
 csrw stvec, t0
 ${ready(SSE_EVENTS.LOCAL_PMU_OVERFLOW)}${counting}li s2, 0
 li s3, ${OUT}
 ${overflowAfter(1000)}li s4, ${SAMPLES}
loop: addi s5, s5, 1
 blt s2, s4, loop
after: la t0, loop
 ${put(SAMPLES, 't0')} la t0, after
 ${put(SAMPLES + 1, 't0')}${putCsr(SAMPLES + 2, 'sip')}${put(SAMPLES + 3, 's5')}${POWER_OFF}
 .balign 4
trap: ${POWER_OFF}
handler: csrr s6, sepc
 sd s6, 0(s3)
 addi s3, s3, 8
 addi s2, s2, 1
 ${pmu(stop.fid, 2, 1, 0)}${overflowAfter(1000)}${call('complete')}`,
      );
      expect(guest.go()).toMatchObject(stopped('powered-off'));
      const [loop = 0n, after = 0n, sip, rounds = 0n] = guest.out(SAMPLES + 4).slice(SAMPLES);
      expect(guest.out(SAMPLES).filter((pc) => pc < loop || pc >= after)).toEqual([]);
      expect([sip, rounds > 1000n && rounds < 2500n]).toEqual([0n, true]);
    });

    it('raises the interrupt as ever while the event is not enabled', () => {
      const guest = profiled(
        `_start: la t0, trap
 csrw stvec, t0
 li t0, 1 << 13
 csrw sie, t0
 ${ready(SSE_EVENTS.LOCAL_PMU_OVERFLOW)}${call('disable', SSE_EVENTS.LOCAL_PMU_OVERFLOW)}${counting}${overflowAfter(200)}csrsi sstatus, 2
1: j 1b
 .balign 4
trap: ${putCsr(0, 'scause')}${POWER_OFF}
handler: ${POWER_OFF}`,
      );
      expect(guest.go()).toMatchObject(stopped('powered-off'));
      expect(guest.out(1)).toEqual([(1n << 63n) | 13n]);
    });
  },
);

describe('console input as an event', () => {
  const waits = `_start: csrw sie, zero\n${ready(CONSOLE_INPUT)}1: wfi\n j 1b\nhandler: ${POWER_OFF}`;

  it('keeps a machine from ending in which all sleep, while more input may come', () => {
    expect(run(waits).go()).toMatchObject(stopped('idle-forever'));
    const live = run(waits);
    expect(live.go(true)).toEqual({ kind: 'idle' });
    live.machine.addInput(Uint8Array.of(65));
    expect(live.go(true)).toMatchObject(stopped('powered-off'));
  });
});

describe('the trace', () => {
  it('shows complete as a call that does not return when it goes back, and as one that does when there is nothing', () => {
    const guest = run(
      `_start: ${ready(LOCAL_SOFTWARE)}${call('complete')}${call('inject', LOCAL_SOFTWARE, 0)}${POWER_OFF}
handler: ${call('complete')}`,
    );
    guest.go();
    const completes = guest.calls().filter(({ eid, fid }) => eid === 0x535345n && fid === 6n);
    expect(completes.map(({ error, by }) => [error, by])).toEqual([
      [0n, 'vmm'],
      [null, 'vmm'],
    ]);
  });
});
