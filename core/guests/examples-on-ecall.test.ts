import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_HOST, defaultConfig, moveTo, withExample, withPatch } from '../config/index.ts';
import { prepareGuest } from '../machine/guest.ts';
import { createMachine } from '../machine/machine.ts';
import { EXAMPLES, type ExamplePatch } from './catalogue.ts';
import { tryThisOf } from './lessons.ts';

/** Far more than any example needs, little enough to end a runaway at once. */
const INSTRUCTIONS = 2_000_000;
/** The echo example needs someone who types. */
const TYPED = 'hey\rq';

function configured(id: string, patch: ExamplePatch, host: string): Config {
  const chosen = withExample(moveTo(defaultConfig(), { host }).config, id);
  if (!chosen) throw new Error(`no example ${id}`);
  return withPatch({ ...chosen.config, input: id === 'echo' ? TYPED : '' }, patch).config;
}

function run(id: string, patch: ExamplePatch = {}, host = DEFAULT_HOST, input?: string) {
  const asked = configured(id, patch, host);
  const config = input === undefined ? asked : { ...asked, input };
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  let output = '';
  const log: string[] = [];
  const made = createMachine({
    config,
    image: guest.image,
    hooks: {
      console: (bytes) => {
        output += Buffer.from(bytes).toString().replaceAll('\r', '');
      },
      log: (words) => log.push(words),
    },
  });
  if (!made.ok) throw new Error(made.failure.message);
  const { machine } = made;
  const status = machine.run({ until: 'forever', instructions: INSTRUCTIONS });
  return {
    config,
    output,
    log,
    stop: status.kind === 'stopped' ? status.stop.code : status.kind,
    counts: machine.counts(),
    time: machine.time,
  };
}

const hints = EXAMPLES.flatMap((example) =>
  tryThisOf(example.id).flatMap(({ text, patch }) => (patch ? [[example.id, text, patch] as const] : [])),
);

describe('what the examples suggest to try', () => {
  it.each(hints)('%s: %s', (id, _text, patch) => {
    const { config, stop } = run(id, patch);
    const { sbi = {}, with: more = [], without = [], ...fields } = patch;
    expect(config).toMatchObject({ ...fields, sbi });
    expect(config.isa).toEqual(expect.arrayContaining([...more]));
    for (const name of without) expect(config.isa).not.toContain(name);
    expect(['powered-off', 'guest-failed']).toContain(stop);
  });
});

describe('examples on the standard machine', () => {
  it.each<[string, string]>([
    ['hello', 'Hello from VS-mode!\n'],
    ['putchar', 'Hello, one byte at a time!\n'],
    ['echo', 'Type something; q quits.\nhey\n\nBye.\n'],
    [
      'smp',
      'Hart 0 starts hart 1.\nHart 1 runs; its opaque value is 0x1234.\nHart 0 sends hart 1 an interrupt.\n' +
        'Hart 1 heard it and stops.\nHart 1 is STOPPED.\n',
    ],
    ['suspend', 'The system goes to sleep; a key or some seconds wake it.\nAwake after 5000 ms.\n'],
    [
      'sse',
      'Hart 0 registers a local event with priority 2 and a global one with 1.\n' +
        'Interrupts are off. Hart 0 injects the local event.\n' +
        '  The local event is on hart 0; it came with SIE=0. It injects the global one.\n' +
        '    The global event preempts it; the state of the local one is 3 (RUNNING).\n' +
        '  The local event goes on.\nThe call of inject returns.\n' +
        'Hart 1 sleeps. Hart 0 injects the local event there.\n  The local event is on hart 1.\n' +
        'Hart 1 is awake, and not where it slept.\n',
    ],
    [
      'governor',
      'A change comes within 10000 ns.\nDesired 20, delivered 20\nDesired 100, delivered 100\n' +
        'Desired 150, delivered 150\nTen milliseconds later, delivered 40; limited: 1\n',
    ],
    [
      'triggers',
      'The hart has 4 triggers that can be a breakpoint.\n' +
        'Breakpoint: stval is sepc + 0; runs of the marked instruction so far: 0.\n' +
        'Watchpoint: sepc is the store + 0, stval the variable + 0; it holds 0 and is to become 1.\n' +
        'Both fired, and are disabled. Now the watchpoint is enabled again.\n' +
        'Watchpoint: sepc is the store + 0, stval the variable + 0; it holds 2 and is to become 3.\n' +
        'Uninstalled: nothing fired any more.\n',
    ],
    [
      'too-new',
      'The SBI reports version 1.0: the debug console came with 2.0.\nProbing DBCN says: absent.\n' +
        'Calling it all the same gives error -2.\nThis text came another way: the guest copes.\n',
    ],
  ])('%s prints what it should and powers off', (id, text) => {
    const { output, stop } = run(id);
    expect([output, stop]).toEqual([text, 'powered-off']);
  });

  it.each<[string, ExamplePatch]>([
    ['KVM', {}],
    ['the VMM', { sbi: { PMU: 'vmm' } }],
  ])('profiler sees by event alone what runs with interrupts off, when PMU is answered by %s', (_, patch) => {
    const { output, stop, counts } = run('profiler', patch);
    expect([output, stop]).toEqual([
      'Samples of a profiler that an interrupt tells:\n' +
        '  0 in the part with interrupts off, 20 where they come on again, 0 elsewhere.\n' +
        'Samples of one that a software event tells:\n' +
        '  16 in the part with interrupts off, 0 where they come on again, 4 elsewhere.\n',
      'powered-off',
    ]);
    expect(counts.exits.KVM_EXIT_RISCV_PMU_OVERFLOW).toBe(20);
  });

  it('profiler is refused the event where KVM has no exit for it, and the VMM says so', () => {
    const { output, stop, log } = run('profiler', { interface: 'userspace', sbi: { SSE: 'vmm', BASE: 'vmm' } });
    expect([output.split('\n').at(-2), stop]).toEqual([
      'There is no software event of an overflow: error -2',
      'powered-off',
    ]);
    expect(log).toEqual([
      'SSE: KVM tells the guest alone that a counter overflowed: this interface has no exit for it',
    ]);
  });

  it('misaligned shows who carries loads out, and what FWFT saves', () => {
    const on = (patch: ExamplePatch) => {
      const { output } = run('misaligned', patch);
      const found = [...output.matchAll(/: (\d+) traps came here, (\d+) time units\.\n/g)];
      return { output, rounds: found.map(([, traps, time]) => ({ traps: Number(traps), time: Number(time) })) };
    };
    const delegated = on({}).rounds;
    const firmware = on({ hardware: { misaligned: 'firmware' } });
    const hart = on({ hardware: { misaligned: 'hart' } }).rounds;
    expect([delegated, firmware.rounds, hart].map((rounds) => rounds.map(({ traps }) => traps))).toEqual([
      [100, 100],
      [0],
      [0, 0],
    ]);
    const trapTicks = (100 * defaultConfig().costs.trapNs) / 100;
    const [through = NaN, direct = NaN] = delegated.map(({ time }) => time);
    expect(through - direct).toBeGreaterThan(trapTicks - 2);
    expect(through - direct).toBeLessThanOrEqual(trapTicks);
    expect((firmware.rounds[0]?.time ?? NaN) - (hart[0]?.time ?? NaN)).toBe(trapTicks);
    expect(firmware.output).toContain('MISALIGNED_EXC_DELEG is refused: error -2\n');
  });

  it('gives the same output, counts and times when run again', () => {
    for (const { id } of EXAMPLES) expect(run(id)).toEqual(run(id));
  });

  it('fence shows the new code and the new page after the fences', () => {
    const { output } = run('fence');
    expect(output).toMatch(/After remote_fence_i: {6}2\n[\s\S]*After remote_sfence_vma: {3}2\n$/);
  });

  it('timer needs no call when it writes stimecmp, and none works when both are gone', () => {
    const both = run('timer');
    expect(both.output.match(/ a tick/g)).toHaveLength(10);
    expect(both.counts.calls.TIME?.guest).toBeGreaterThan(100);
    const neither = run('timer', { without: ['Sstc'], sbi: { TIME: 'off' } });
    expect([neither.stop, neither.counts.calls.TIME]).toEqual(['guest-failed', { guest: 0, kvm: 0, vmm: 0, none: 1 }]);
  });

  it.each(['upstream', 'userspace', 'accelerator'] as const)(
    'mailbox sends its messages on the newest Linux, and on one before MPXY where the VMM can take the calls: %s',
    (kvm) => {
      const text = (host: string) =>
        run('mailbox', { interface: kvm, sbi: { MPXY: 'vmm', ...(kvm === 'userspace' ? { BASE: 'vmm' } : {}) } }, host)
          .output;
      const sent =
        /^Channel 1 speaks protocol 0x80000001, in messages of at most 1024\nChannel 2 speaks protocol 0x80000002, in messages of at most 8\nChannel 1 gives back what it gets\.\nChannel 2 says that [1-9]\d* us have passed on the host\.\nType something within two seconds\.\nEvent of kind 2, value 42\n$/;
      expect(text('linux-7.2')).toMatch(sent);
      expect(text('linux-6.18')).toMatch(kvm === 'upstream' ? /^There is no MPXY here\.\n$/ : sent);
    },
  );

  it('mailbox is told of what is typed', () => {
    expect(run('mailbox', {}, DEFAULT_HOST, 'hi').output).toMatch(
      /Event of kind 1, value 2\n(Event of kind 2, value 42\n)?$/,
    );
  });

  it('uart costs two exits for each byte, DBCN one call for the line', () => {
    const { counts, output } = run('uart');
    const line = output.slice(0, output.indexOf('\n') + 1);
    expect(counts.exits.KVM_EXIT_MMIO).toBe(2 * line.length);
    expect(output).toMatch(/DBCN is faster by a factor of [1-9]\d+\.\n$/);
  });
});

describe('who answers', () => {
  const served = ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'STA', 'DBCN', 'SUSP'] as const;
  const all = (mode: 'kvm' | 'vmm') => Object.fromEntries(served.map((name) => [name, mode]));
  const counted =
    /^41 counters\.\nA loop of 2000 instructions, and those around it: 20\d\d\nCalls of set_timer that the SBI answered: 3\nAn interrupt came after 5000 cycles; it took \d+ more to look\.\n$/;

  it.each<[string, ExamplePatch]>([
    ['KVM with the accelerator', {}],
    ['the VMM with the accelerator', { sbi: { PMU: 'vmm', TIME: 'vmm' } }],
    ['the VMM, while KVM answers TIME', { sbi: { PMU: 'vmm' } }],
    ['Linux as it is', { interface: 'upstream' }],
  ])('counters counts and interrupts when PMU is answered by %s', (_, patch) => {
    const { output, stop, config } = run('counters', patch);
    expect(config.sbi.PMU).toBe(patch.sbi?.PMU ?? 'kvm');
    expect(output).toMatch(counted);
    expect(stop).toBe('powered-off');
  });

  it('counters counts in a VMM without the ioctl only what the VMM answers, and tells why', () => {
    const { output, stop, log } = run('counters', { interface: 'userspace', sbi: { PMU: 'vmm', TIME: 'vmm' } });
    expect(output).toBe(
      '22 counters.\nInstructions cannot be counted: error -2\nCalls of set_timer that the SBI answered: 3\n' +
        'Cycles cannot be counted: error -2\n',
    );
    expect(stop).toBe('powered-off');
    expect(log).toContain(
      'PMU: hardware event 0x2 cannot be counted: this KVM interface has no ioctl that programs a counter of a vcpu',
    );
  });

  it('counters is told of no overflow on harts without Sscofpmf', () => {
    expect(run('counters', { without: ['Sscofpmf'] }).output).toMatch(
      /overflowed without an interrupt: .*Sscofpmf\.\n$/,
    );
  });

  it.each(EXAMPLES.map((example) => example.id))('%s runs alike with every call in KVM and in the VMM', (id) => {
    const text = (mode: 'kvm' | 'vmm') => run(id, { sbi: all(mode) }).output.replace(/\d+/g, 'N');
    expect(text('vmm')).toBe(text('kvm'));
  });

  it('the VMM answers, and the trace counts it, when everything is given to it', () => {
    const { counts, stop } = run('smp', { sbi: all('vmm') });
    expect(stop).toBe('powered-off');
    for (const name of ['DBCN', 'HSM', 'IPI', 'SRST']) {
      expect(counts.calls[name]).toMatchObject({ guest: 0, kvm: 0, none: 0 });
      expect(counts.calls[name]?.vmm).toBeGreaterThan(0);
    }
    expect(counts.exits.KVM_EXIT_SYSTEM_EVENT).toBeUndefined();
  });

  it('an IPI that the VMM cannot carry out fails visibly under the interface of 2025', () => {
    const { output, stop } = run('smp', { interface: 'userspace', sbi: { IPI: 'vmm' } });
    expect([output.endsWith('send_ipi is refused: error -1\n'), stop]).toEqual([true, 'guest-failed']);
  });

  it('there are no triggers for a guest of Linux, even where its calls reach the VMM', () => {
    const { output, stop, counts } = run('triggers', { interface: 'userspace', sbi: { DBTR: 'vmm', BASE: 'vmm' } });
    expect([output, stop]).toEqual(['The hart has 0 triggers that can be a breakpoint.\n', 'guest-failed']);
    expect(counts.calls.DBTR).toMatchObject({ vmm: 1 });
  });

  it('the VMM suspends a hart until its timer', () => {
    const { output, stop } = run('suspend', { sbi: { SUSP: 'off', HSM: 'vmm', TIME: 'vmm' } });
    expect([output.endsWith('The hart naps alone.\nAwake after 50 ms.\n'), stop]).toEqual([true, 'powered-off']);
  });

  it('the VMM does all of SUSP on a host whose KVM does not know it', () => {
    const { output, stop, config } = run('suspend', { interface: 'userspace', sbi: all('vmm') }, 'linux-6.12');
    expect([config.host, config.sbi.SUSP]).toEqual(['linux-6.12', 'vmm']);
    expect([output.endsWith('Awake after 5000 ms.\n'), stop]).toEqual([true, 'powered-off']);
  });
});
