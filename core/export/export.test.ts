import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Config,
  defaultConfig,
  fitTo,
  HOSTS,
  INTERFACES,
  ISA_OPTIONS,
  type KvmInterface,
  moveTo,
  withExample,
} from '../config/index.ts';
import { EXAMPLES } from '../guests/catalogue.ts';
import { createMachine, prepareGuest } from '../machine/index.ts';
import { type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { toolOrSkip } from '../testing/tools.ts';
import type { TraceEvent } from '../trace/events.ts';
import { CONFIG, CORE, CSR, ISA_EXT, TIMER } from '../vmm/registers.ts';
import { toC, toKvmtool, toQemu } from './index.ts';

const gcc = toolOrSkip('gccLinux');
const folder = mkdtempSync(join(tmpdir(), 'ecall-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says; empty when it is content. */
function compiled(text: string): string {
  const source = join(folder, 'vm.c');
  writeFileSync(source, text);
  const flags = ['-Wall', '-Wextra', '-Werror', '-static', '-o', join(folder, 'vm')];
  const { stderr, status } = spawnSync(gcc.path ?? '', [...flags, source], { encoding: 'utf8' });
  return status === 0 ? stderr : `status ${status}\n${stderr}`;
}

function under(kvm: KvmInterface, host?: string): Config {
  return moveTo(defaultConfig(), host === undefined ? { interface: kvm } : { interface: kvm, host }).config;
}

function exampleUnder(id: string, kvm: KvmInterface): Config {
  const fitted = withExample(under(kvm), id);
  if (fitted === null) throw new Error(`no example ${id}`);
  return fitted.config;
}

function withModes(config: Config, modes: Partial<Record<SbiName, Mode>>): Config {
  return { ...config, sbi: { ...config.sbi, ...modes } };
}

/** `SBI_EXT.DBCN = 0x1` for each row of the program's tables. */
function rows(text: string): readonly string[] {
  const row = /\{ UINT64_C\(0x[0-9a-f]+\), "([\w.]+)", UINT64_C\((0x[0-9a-f]+)\) \}/g;
  return [...text.matchAll(row)].map(([, name, value]) => `${name} = ${value}`);
}

describe.skipIf(gcc.path === null)(`the C program${gcc.reason === null ? '' : ` (skipped: ${gcc.reason})`}`, () => {
  const cases = EXAMPLES.flatMap(({ id }) => INTERFACES.map((kvm) => [id, kvm] as const));
  it.each(cases)('compiles without warnings for example %s under interface %s', (id, kvm) => {
    expect(compiled(toC(exampleUnder(id, kvm)).text)).toBe('');
  });

  it('compiles for the oldest and the newest host, with everything on and with nothing', () => {
    const [newest, oldest] = [HOSTS[0], HOSTS.findLast(({ value }) => !value.endsWith('-nov01'))];
    for (const host of [newest, oldest]) {
      const config = under('upstream', host?.value);
      for (const isa of [[], ISA_OPTIONS.map(({ value }) => value)]) {
        const most = { ...config, isa, harts: 8, memory: 1024, bootargs: 'a "b" \\ */ \u00e9' };
        expect(compiled(toC(most).text)).toBe('');
      }
    }
  });

  it('has the ids that the headers of Linux make', () => {
    const same = (id: bigint, macro: string) => `_Static_assert(${id}UL == (${macro}), "${macro}");\n`;
    const base = 'KVM_REG_RISCV | KVM_REG_SIZE_U64';
    const isa = ['A', 'C', 'D', 'F', 'H', 'I', 'M', 'SVPBMT', 'SSTC', 'SVINVAL', 'ZIHINTPAUSE', 'ZICBOM'] as const;
    const text = [
      '#include <stddef.h>\n#include <linux/kvm.h>\n',
      ...isa.map((name) => same(ISA_EXT[name].id, `${base} | KVM_REG_RISCV_ISA_EXT | KVM_RISCV_ISA_EXT_${name}`)),
      same(CONFIG.zicbom_block_size.id, `${base} | KVM_REG_RISCV_CONFIG | KVM_REG_RISCV_CONFIG_REG(zicbom_block_size)`),
      same(CORE.pc.id, `${base} | KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(regs.pc)`),
      same(CORE.a1.id, `${base} | KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(regs.a1)`),
      same(CSR.satp.id, `${base} | KVM_REG_RISCV_CSR | KVM_REG_RISCV_CSR_REG(satp)`),
      same(TIMER.frequency.id, `${base} | KVM_REG_RISCV_TIMER | KVM_REG_RISCV_TIMER_REG(frequency)`),
      'int main(void)\n{\n\treturn 0;\n}\n',
    ];
    expect(compiled(text.join(''))).toBe('');
    expect(compiled(text.join('').replace(`${CORE.pc.id}UL`, '1UL'))).toContain('static assertion failed');
  });
});

describe('the tables of the C program', () => {
  it.each(HOSTS.map(({ value }) => value))('set what the VMM sets through the same ioctls on %s', (host) => {
    const config = { ...under('upstream', host), mvendorid: 7n };
    const changed = fitTo(withModes(config, { STA: 'off', SRST: 'off', DBCN: 'vmm', V01: 'off' })).config;
    const events: TraceEvent[] = [];
    const guest = prepareGuest({ ...changed, guest: { kind: 'source', text: '_start: j _start\n' } }, undefined);
    if (!guest.ok) throw new Error(guest.failure.message);
    const hooks = { console: () => undefined, event: (event: TraceEvent) => events.push(event) };
    const made = createMachine({ config: changed, image: guest.image, hooks });
    if (!made.ok) throw new Error(made.failure.message);
    const set = events.flatMap((event) => {
      if (event.kind !== 'ioctl' || event.name !== 'KVM_SET_ONE_REG') return [];
      return /^(SBI_EXT|CONFIG)\./.test(event.args)
        ? [event.args.replace(/ (\d+)$/, (_, value) => ` 0x${BigInt(value).toString(16)}`)]
        : [];
    });
    expect(rows(toC(changed).text)).toEqual(expect.arrayContaining(set));
    if (host === HOSTS[0]?.value)
      expect(set).toEqual(expect.arrayContaining(['SBI_EXT.STA = 0x0', 'CONFIG.mvendorid = 0x7']));
  });

  it('switch every ISA extension as configured, with what it implies', () => {
    const table = rows(toC({ ...under('upstream'), isa: ['M', 'A', 'Zicsr', 'Zba'] }).text);
    for (const name of ['I', 'A', 'ZALRSC', 'ZBA']) expect(table).toContain(`ISA_EXT.${name} = 0x1`);
    for (const name of ['C', 'ZCA', 'F', 'V', 'H', 'SSTC']) expect(table).toContain(`ISA_EXT.${name} = 0x0`);
  });

  it('leave out what Linux derives from other extensions where the release has no register for it', () => {
    expect(rows(toC(under('upstream', 'linux-6.17')).text)).toContain('ISA_EXT.ZAAMO = 0x1');
    expect(rows(toC(under('upstream', 'linux-6.12')).text).join()).not.toContain('ISA_EXT.ZAAMO');
    const without = { ...under('upstream', 'linux-6.12'), isa: ['M', 'C'] };
    expect(rows(toC(without).text)).toContain('ISA_EXT.ZAAMO = 0x0');
  });

  it('answer probes of the id ranges as chosen, and with 0 otherwise', () => {
    const { text } = toC({ ...under('upstream'), probes: { VENDOR: 5n } });
    expect(text).toContain('{ 0x8000000, 0x8ffffff, UINT64_C(0x0) }, /* EXPERIMENTAL */');
    expect(text).toContain('{ 0x9000000, 0x9ffffff, UINT64_C(0x5) }, /* VENDOR */');
  });

  it('leave out registers that the release does not have', () => {
    const table = rows(toC(under('upstream', 'linux-6.1')).text);
    expect(table.filter((row) => !row.startsWith('ISA_EXT.'))).toEqual([]);
  });
});

describe('what cannot be expressed', () => {
  it('is nothing of SBI for the defaults of Linux', () => {
    expect(toC(under('upstream')).cannot.filter((sentence) => !sentence.startsWith('Off, but'))).toEqual([]);
  });

  it('names each what-if, at the top of the program and of the command lines too', () => {
    const modes = { BASE: 'vmm', TIME: 'vmm', DBCN: 'kvm' } as const;
    const config: Config = {
      ...withModes(under('accelerator'), modes),
      sbiVersion: '0.3',
      implId: 7n,
      neighbours: 2,
      probes: { HSM: 0n, VENDOR: 5n },
    };
    const { text, cannot } = toC(config);
    for (const start of [
      'a probe of HSM that answers 0x0: Linux answers',
      'BASE answered by the VMM: ',
      'TIME answered by',
      'DBCN answered by KVM',
      'sbiVersion 0.3: ',
    ]) {
      expect(cannot.some((sentence) => sentence.startsWith(start))).toBe(true);
      expect(text.slice(0, text.indexOf('*/'))).toContain(start.trim());
      expect(toKvmtool(config).text).toContain(`# Not expressed: ${start}`);
      expect(toQemu(config).text).toContain(`# Not expressed: ${start}`);
    }
    expect(cannot.join()).not.toContain('a probe of VENDOR');
    for (const line of [toKvmtool(config), toQemu(config)])
      expect(line.text).toContain('# Not expressed: a probe of VENDOR that answers 0x5: Linux hands');
    expect(cannot.some((sentence) => sentence.startsWith('implId 0x7'))).toBe(true);
    expect(cannot.some((sentence) => sentence.startsWith('neighbours'))).toBe(true);
  });

  it('switches MPXY off, whose channels only Ecall has', () => {
    const { text, cannot } = toC(withModes(under('upstream'), { MPXY: 'vmm' }));
    expect(cannot).toContain('MPXY answered by the VMM: the message channels are those of Ecall alone.');
    expect(rows(text)).toContain('SBI_EXT.MPXY = 0x0');
  });

  it('names extensions that are on and that the release has no register for, but for those that others bring along', () => {
    const on = (host: string) => {
      const config = under('upstream', host);
      return toC({ ...config, isa: [...config.isa, 'Zabha'] }).cannot.filter((line) => line.startsWith('On, but'));
    };
    expect(on('linux-6.12')).toEqual(['On, but Linux 6.12 has no register for them: ZABHA.']);
    expect(on('linux-6.17')).toEqual([]);
  });

  it('names D, whose instructions stay while F is on', () => {
    const without = (...names: string[]) => {
      const config = under('upstream');
      return toC({ ...config, isa: config.isa.filter((name) => !names.includes(name)) }).cannot.join();
    };
    expect(without('D')).toMatch(/cannot take them away.*: D, /);
    expect(without('F', 'D')).not.toMatch(/: D, /);
  });

  it('names calls that only the proposal of 2025 sends to user space', () => {
    expect(toC(under('userspace')).cannot.join()).toContain('KVM_CAP_RISCV_USERSPACE_SBI');
  });
});

describe('the command lines', () => {
  /** The words that a shell makes of it. */
  const words = (text: string): readonly string[] =>
    execFileSync('sh', ['-c', `p() { printf '%s\\n' "$@"; }\np ${text.replace(/^(#.*\n)*/, '')}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');

  it('give kvmtool the modes, the ids and the boot arguments, whatever is in them', () => {
    const config = {
      ...withModes(under('upstream'), { STA: 'off' }),
      harts: 3,
      mvendorid: 0x489n,
      bootargs: `it's $HOME`,
    };
    const line = words(toKvmtool(config).text);
    expect(line.slice(0, 9)).toEqual([
      'lkvm',
      'run',
      '--nodefaults',
      '--cpus',
      '3',
      '--mem',
      '64',
      '--kernel',
      'GUEST',
    ]);
    expect(line).toEqual(
      expect.arrayContaining(['--params', `it's $HOME`, '--custom-mvendorid=0x489', '--disable-sbi-sta']),
    );
    expect(line).not.toContain('--disable-sbi-dbcn');
    expect(line).toContain('--disable-zbc');
    expect(line).not.toContain('--disable-zbb');
  });

  it('say what the machine of the host decides', () => {
    const { config } = moveTo(under('upstream'), { hardware: { ...defaultConfig().hardware, aia: 'on', mimpid: 7n } });
    const { cannot, text } = toKvmtool(config);
    expect(cannot).toContain('hardware.aia on: the machine of the host decides that.');
    expect(cannot).toContain('hardware.mimpid 0x7: the machine of the host decides that.');
    expect(words(text)).not.toContain('--disable-ssaia');
    expect(words(toKvmtool(under('upstream')).text)).toContain('--disable-ssaia');
  });

  it('give QEMU the ids and the ISA, and say that its SBI extensions are fixed', () => {
    const config = { ...withModes(under('upstream'), { STA: 'off' }), harts: 2, marchid: 5n };
    const { text, cannot } = toQemu(config);
    const line = words(text);
    const cpu = line[line.indexOf('-cpu') + 1]?.split(',');
    expect(line).toEqual(expect.arrayContaining(['-accel', 'kvm', '-smp', '2', '-m', '64M']));
    expect(cpu).toEqual(expect.arrayContaining(['rv64', 'marchid=0x5', 'zbc=off']));
    expect(cpu).not.toContain('zbb=off');
    expect(cannot).toContain('STA off: QEMU has no option for SBI extensions of KVM.');
  });

  it('express all that SBI is under the VMM whose command line they are', () => {
    const sbi = (sentences: readonly string[]): readonly string[] =>
      sentences.filter((sentence) => SBI_NAMES.some((name) => sentence.startsWith(`${name} `)));
    for (const [vmm, write] of [
      ['qemu', toQemu],
      ['kvmtool', toKvmtool],
    ] as const) {
      const { config } = moveTo(under('upstream'), { vmm });
      expect([vmm, ...sbi(write(config).cannot)]).toEqual([vmm]);
      expect(write({ ...config, vmm: 'crosvm' }).cannot.join()).toContain('vmm crosvm');
    }
    expect(toKvmtool(withModes(under('upstream'), { MPXY: 'vmm' })).cannot.join()).toContain('MPXY on: kvmtool');
  });
});
