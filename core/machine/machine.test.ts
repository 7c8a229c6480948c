import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, moveTo, withExample } from '../config/index.ts';
import { EXAMPLES } from '../guests/catalogue.ts';
import { toGolden, toJsonLines } from '../trace/format.ts';
import {
  createMachine,
  ENGINES,
  type EngineName,
  fromInputLog,
  type InputEvent,
  type Machine,
  type MachineOptions,
  prepareGuest,
  probe,
  toInputLog,
} from './index.ts';

const LIMIT = 5_000_000;
const decoder = new TextDecoder();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const example = (id: string): Config => withExample(defaultConfig(), id)!.config;
const source = (text: string, over: Partial<Config> = {}): Config => ({
  ...defaultConfig(),
  ...over,
  guest: { kind: 'source', text },
});

interface Made {
  readonly machine: Machine;
  console: string;
}

function made(config: Config, options: Partial<MachineOptions> = {}): Made {
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  const result: { machine?: Machine; console: string } = { console: '' };
  const created = createMachine({
    config,
    image: guest.image,
    hooks: {
      console: (part) => {
        result.console += decoder.decode(part);
      },
    },
    ...options,
  });
  if (!created.ok) throw new Error(created.failure.message);
  result.machine = created.machine;
  return result as Made;
}

/** Runs to the end, left and resumed after every `every` turns. */
function ran(config: Config, options: Partial<MachineOptions> = {}, every = Number.POSITIVE_INFINITY): Made {
  const result = made(config, options);
  let turns = 0;
  for (;;) {
    const left = LIMIT - result.machine.instructions;
    const status = result.machine.run({
      until: 'forever',
      instructions: left,
      shouldYield: () => ++turns % every === 0,
    });
    if (status.kind === 'stopped') return result;
  }
}

const traceOf = ({ machine }: Made): string => toJsonLines(machine.trace.from(0));
const POWER_OFF = ' li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n';
const withInput = (id: string): Config =>
  id === 'echo' ? { ...example(id), input: 'one line\n\x04quit\n' } : example(id);

it('a machine that has not run shows the harts where they will start', () => {
  const { machine } = made(source(`_start: nop\n${POWER_OFF}`));
  expect(machine.harts()[0]).toMatchObject({ pc: machine.entry, retired: 0 });
  machine.step(0);
  expect(machine.harts()[0]).toMatchObject({ pc: machine.entry + 2n, retired: 1 });
});

describe.each(ENGINES)('floating point on the %s', (engine) => {
  const text = ` li t0, 0x2000\n csrs sstatus, t0\n li t0, 3\n fcvt.d.w fa0, t0\n fdiv.d fa1, fa0, fa0\n fdiv.d fa2, fa1, fa0\n${POWER_OFF}`;

  it('is seen in the view of a hart that has F', () => {
    const isa = ['M', 'A', 'F', 'D', 'C', 'Zicsr', 'Zifencei'];
    const { machine } = ran(source(text, { isa }), { engine });
    const { float } = machine.harts()[0]!;
    expect(float?.f.slice(10, 13)).toEqual([0x4008_0000_0000_0000n, 0x3ff0_0000_0000_0000n, 0x3fd5_5555_5555_5555n]);
    expect(float?.fcsr).toBe(1);
  });

  it('is not there without F', () => {
    expect(made(source(POWER_OFF, { isa: ['C', 'Zicsr'] }), { engine }).machine.harts()[0]!.float).toBeNull();
  });
});

describe.each(EXAMPLES.map(({ id }) => id))('the example %s', (id) => {
  it('gives the same trace and console again, however often it is left and resumed', () => {
    const first = ran(withInput(id));
    const again = ran(withInput(id), {}, 3);
    expect(traceOf(again)).toBe(traceOf(first));
    expect(again.console).toBe(first.console);
    expect(again.machine.instructions).toBe(first.machine.instructions);
  });

  it('gives the same trace on every engine', () => {
    const traces = ENGINES.map((engine: EngineName) => traceOf(ran(withInput(id), { engine })));
    expect(new Set(traces).size).toBe(1);
  });
});

describe('input', () => {
  const READ_TWO = `_start:
1: li a7, 2
 ecall
 bltz a0, 1b
 li a7, 1
 ecall
 addi s0, s0, 1
 li t0, 2
 bltu s0, t0, 1b
${POWER_OFF}`;

  it('that came live replays from its log, byte for byte', () => {
    const live = made(source(READ_TWO));
    for (const key of ['x', 'y']) {
      live.machine.run({ until: 'forever', instructions: 12_345, live: true });
      live.machine.addInput(bytes(key));
    }
    live.machine.run({ until: 'forever', instructions: LIMIT });
    expect(live.console).toBe('xy');
    const log = fromInputLog(toInputLog(live.machine.inputLog));
    expect(log).toHaveLength(2);
    const replayed = ran(source(READ_TWO), { replay: log });
    expect(replayed.console).toBe('xy');
    expect(traceOf(replayed)).toBe(traceOf(live));
  });

  it('of the configuration is there from the start', () => {
    expect(ran(source(READ_TWO, { input: 'ab' })).console).toBe('ab');
  });

  it.each([
    ['', 'line 1'],
    ['{"format":"ecall-input","version":2}\n', 'line 1'],
    ['{"format":"ecall-input","version":1}\n{"time":5,"bytes":"4"}\n', 'line 2'],
    ['{"format":"ecall-input","version":1}\n{"time":5,"bytes":"41"}\n{"time":4,"bytes":"41"}\n', 'line 3'],
    ['{"format":"ecall-input","version":1}\nnonsense\n', 'line 2'],
    ['{"format":"ecall-input","version":1}\n7\n', 'line 2'],
  ])('log %j is refused with the line', (text, line) => {
    expect(() => fromInputLog(text)).toThrow(line);
  });

  it('logs survive their stored form', () => {
    const log: readonly InputEvent[] = [
      { time: 0, bytes: Uint8Array.of(0, 255) },
      { time: 17, bytes: Uint8Array.of(10) },
    ];
    expect(fromInputLog(toInputLog(log))).toEqual(log);
  });
});

describe('a run', () => {
  const stopOf = (config: Config, instructions = LIMIT) => {
    const status = made(config).machine.run({ until: 'forever', instructions });
    return status.kind === 'stopped' ? status.stop : null;
  };

  it.each([
    ['powered-off', POWER_OFF, 'SRST system_reset'],
    ['guest-failed', ' li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 1\n ecall\n', 'SYSTEM_FAILURE'],
    ['reset', ' li a7, 0x53525354\n li a6, 0\n li a0, 1\n li a1, 0\n ecall\n', 'COLD_REBOOT'],
    ['powered-off', ' li a7, 8\n ecall\n', 'V01 shutdown'],
    ['idle-forever', ' wfi\n', 'cannot come'],
    ['unhandled-exit', ' li t0, 0x20000000\n ld t0, (t0)\n', '0x20000000'],
    ['limit', ' j _start\n', '1000 instructions'],
  ])('ends with %s and says why', (code, body, words) => {
    const stop = stopOf(source(`_start:\n${body}`), 1000);
    expect(stop).toMatchObject({ code, words: expect.stringContaining(words) });
  });

  it('stops after exactly as many instructions as it was given', () => {
    const { machine } = made(source('_start: addi t0, t0, 1\n j _start\n'));
    machine.run({ until: 'forever', instructions: 777 });
    expect(machine.instructions).toBe(777);
    machine.run({ until: 'forever', instructions: 3 });
    expect(machine.instructions).toBe(780);
  });

  it('says that Ecall itself failed when something breaks inside, and does not throw', () => {
    const broken = made(source('_start: li a7, 1\n ecall\n j _start\n'), {
      hooks: {
        console: () => {
          throw new Error('the terminal is on fire');
        },
      },
    });
    const status = broken.machine.run({ until: 'forever', instructions: 100 });
    expect(status).toMatchObject({ stop: { code: 'machine-error', words: expect.stringContaining('on fire') } });
    expect(broken.machine.run({ until: 'forever' })).toEqual(status);
  });

  it('reads memory through the translation of a hart, up to where RAM ends', () => {
    const { machine } = made(source('_start: j _start\n .asciz "text"\n'));
    expect(decoder.decode(machine.readMemory(0, 0x8020_0002n, 4))).toBe('text');
    expect(machine.readMemory(0, 0x8000_0000n + (64n << 20n) - 5n, 100)).toHaveLength(5);
    expect(machine.readMemory(7, 0x8020_0000n, 4)).toHaveLength(0);
  });

  it('shows harts that wait for HSM as stopped', () => {
    const { machine } = made(source('_start: j _start\n', { harts: 3 }));
    machine.run({ until: 'forever', instructions: 10 });
    expect(machine.harts().map((hart) => [hart.hsm, hart.activity])).toEqual([
      ['STARTED', 'running'],
      ['STOPPED', 'stopped'],
      ['STOPPED', 'stopped'],
    ]);
    expect(machine.step(1).words).toContain('is stopped');
  });
});

describe('a step', () => {
  it('of a hart that sleeps lets time go on to its timer', () => {
    const text = `_start: la t0, handler
 csrw stvec, t0
 li t0, 32
 csrw sie, t0
 rdtime t1
 addi t1, t1, 1000
 csrw stimecmp, t1
 csrsi sstatus, 2
1: wfi
 j 1b
 .balign 4
handler: li a7, 8
 ecall
`;
    const { machine } = made(source(text));
    for (let step = 0; step < 30 && machine.ended === null; step++) machine.step(0);
    expect(machine.ended?.code).toBe('powered-off');
    expect(machine.time).toBeGreaterThan(100_000);
  });

  it('of a hart that sleeps for ever ends the machine', () => {
    const { machine } = made(source('_start: wfi\n'));
    for (let step = 0; step < 5 && machine.ended === null; step++) machine.step(0);
    expect(machine.ended?.code).toBe('idle-forever');
  });

  it('of a hart that is stopped lets another one go on', () => {
    const { machine } = made(source('_start: addi t0, t0, 1\n j _start\n', { harts: 2 }));
    expect(machine.step(1).words).toBe('hart 1 is stopped: the machine went on to what comes next');
    expect(machine.harts()[0]?.retired).toBe(1);
  });
});

describe('the toggles of DBCN', () => {
  const hello = (over: Partial<Config>): Config => ({ ...example('hello'), ...over });
  const { sbi } = defaultConfig();
  const answers = (config: Config) => ran(config).machine.counts().calls.DBCN;

  it('kvm: the same text without an exit', () => {
    const result = ran(hello({ sbi: { ...sbi, DBCN: 'kvm' } }));
    expect(result.console).toBe('Hello from VS-mode!\n');
    expect(result.machine.counts().calls.DBCN).toEqual({ guest: 0, kvm: 1, vmm: 0, none: 0 });
  });

  it('vmm: one exit', () => expect(answers(hello({}))).toEqual({ guest: 0, kvm: 0, vmm: 1, none: 0 }));

  it('off: refused by nobody’s answer', () => {
    expect(answers(hello({ sbi: { ...sbi, DBCN: 'off' } }))).toEqual({ guest: 0, kvm: 0, vmm: 0, none: 1 });
  });

  it('SBI 1.0 has no debug console', () => {
    expect(answers(hello({ sbiVersion: '1.0' }))).toEqual({ guest: 0, kvm: 0, vmm: 0, none: 1 });
  });

  it('each trace can be read as text', () => {
    const golden = toGolden(ran(hello({})).machine.trace.from(0));
    expect(golden).toMatch(
      /hart 0 0x[0-9a-f]+ DBCN console_write\(num_bytes=20, .*\) -> SUCCESS, value 20 \| vmm \| 6100 ns/,
    );
  });
});

describe('the probe report', () => {
  it('agrees with the default on every interface', () => {
    for (const kvm of ['upstream', 'userspace', 'accelerator'] as const) {
      const { config } = moveTo(defaultConfig(), { interface: kvm });
      const result = probe(config);
      expect(result.ok && result.report.rows.filter((row) => !row.agrees)).toEqual([]);
    }
  });

  it('shows the identity that was chosen, and a refused BASE', () => {
    const chosen: Config = { ...defaultConfig(), implId: 0x45n, implVersion: 7n, marchid: 0x8000_0000_0000_0001n };
    const seen = probe(chosen);
    const sees = (name: string) => (seen.ok ? seen.report.rows.find((row) => row.name === name)?.guestSees : null);
    expect([sees('impl_id'), sees('impl_version'), sees('marchid')]).toEqual(['0x45', '0x7', '0x8000000000000001']);
    const refused = probe({ ...chosen, sbi: { ...chosen.sbi, BASE: 'off' } });
    expect(refused.ok && refused.report.rows[0]).toMatchObject({ guestSees: 'NOT_SUPPORTED', agrees: true });
  });

  it('shows answers to probes that were chosen, whoever then answers the calls', () => {
    const { config } = moveTo(defaultConfig(), { interface: 'userspace' });
    const seen = probe({ ...config, sbi: { ...config.sbi, BASE: 'vmm' }, probes: { HSM: 0n, MPXY: 0x1_0000_0005n } });
    const row = (name: string) => (seen.ok ? seen.report.rows.find((found) => found.name === name) : null);
    expect(row('HSM')).toMatchObject({ configured: 'kvm, probe answers 0x0', guestSees: '0x0', agrees: true });
    expect(row('MPXY')).toMatchObject({ configured: 'off, probe answers 0x100000005', guestSees: '0x100000005' });
    expect(row('TIME')).toMatchObject({ configured: 'kvm', agrees: true });
  });
});
