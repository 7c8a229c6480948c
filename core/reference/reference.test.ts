import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeHost, MAX, RELEASES } from '../kvm/profiles/index.ts';
import { REGISTERS } from '../kvm/reference/registers.ts';
import { bench, ecall, sbiExtId } from '../kvm/testdata/bench.ts';
import { ERRNO_NAMES, KVM_EXIT_NAMES, KVM_RISCV_SBI_EXT } from '../kvm/uapi.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiExtension, type SbiName } from '../sbi/types.ts';
import { VMM_PROFILES } from '../vmm/profiles/index.ts';
import { CARDS, type Card, cardId, cardOf, findCards, namedCards } from './index.ts';
import { functionRelease, hasExtension, hasFunction } from './since.ts';
import { cardText } from './text.ts';

const FUNCTIONS = SBI_NAMES.flatMap((name) => Object.keys(SBI[name].functions).map((key) => [name, key] as const));

function rowOf(card: Card | undefined, label: string): string {
  const row = card?.rows.find((one) => one.label === label);
  return row?.items.map(({ term, text }) => [term, text].filter(Boolean).join(' ')).join('; ') ?? '';
}

describe('the reference', () => {
  it('has a card for every definition', () => {
    const expected = [
      ...SBI_NAMES.map((name) => cardId('extension', name)),
      ...FUNCTIONS.map(([name, key]) => cardId('function', `${name}.${key}`)),
      ...Object.keys(SBI_ERRORS).map((name) => cardId('error', name)),
      ...Object.values(KVM_EXIT_NAMES).map((name) => cardId('exit', name)),
      ...Object.values(ERRNO_NAMES).map((name) => cardId('errno', name)),
      ...REGISTERS.map(({ name }) => cardId('register', name)),
    ];
    expect(expected.filter((id) => cardOf(id) === undefined)).toEqual([]);
    expect(new Set(CARDS.map(({ id }) => id)).size).toBe(CARDS.length);
  });

  it('says something in every card and every row, and leads nowhere that there is no card', () => {
    for (const card of CARDS) {
      expect(card.says, card.id).toMatch(/^[^\s].*\S\.$/s);
      expect(card.says, card.id).not.toMatch(/undefined|: \.|\(\)/);
      for (const { label, items } of card.rows) {
        expect(items.length, `${card.id} ${label}`).toBeGreaterThan(0);
        for (const { term, text, card: to } of items) {
          expect(`${term ?? ''}${text ?? ''}`, `${card.id} ${label}`).not.toMatch(/^$|undefined/);
          if (to !== undefined) expect(cardOf(to)?.id, `${card.id} ${label}`).toBe(to);
        }
      }
    }
  });

  it('lists the values of an argument that have names, one by one', () => {
    const { values } = cardOf(cardId('function', 'FWFT.set'))?.rows[0]?.items[2] ?? {};
    expect(values).toEqual([{ value: '1', name: 'LOCK' }]);
    expect(cardText(cardOf(cardId('function', 'HSM.hart_suspend')) as Card)).toMatch(
      /^ +a0 suspend_type .*:\n +0 RETENTIVE\n +0x80000000 NON_RETENTIVE$/m,
    );
  });

  it.each(['7.2.13-plain', '6.12.107-q72'])('finds each register that a real kernel listed by its id: %s', (folder) => {
    const path = `../kvm/testdata/recorded/${folder}/reglist.txt`;
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^reg (0x[0-9a-f]+) .* idx=\d+ (\S+)/gm)];
    expect(listed.length).toBeGreaterThan(100);
    for (const [, id = '', name = ''] of listed) {
      const known = name.replace('CSR.GENERAL', 'CSR').replace('ISA.', 'ISA_EXT.').replace('SBI.', 'SBI_EXT.');
      const [card, ...more] = namedCards(CARDS, id);
      expect([card?.code, more]).toEqual([id, []]);
      if (!known.includes('FWFT')) expect(card?.name).toBe(known);
    }
  });
});

/** Release in which KVM began to answer a function or to hand it over. [pull requests of KVM for RISC-V] */
const HISTORY: readonly (readonly [SbiName, string, string | undefined])[] = [
  ['TIME', 'set_timer', '5.17'],
  ['HSM', 'hart_start', '5.17'],
  ['HSM', 'hart_suspend', '5.18'],
  ['SRST', 'system_reset', '5.18'],
  ['PMU', 'num_counters', '6.3'],
  ['DBCN', 'console_write', '6.7'],
  ['STA', 'steal_time_set_shmem', '6.8'],
  ['PMU', 'counter_fw_read_hi', '6.10'],
  ['PMU', 'snapshot_set_shmem', '6.10'],
  ['SUSP', 'system_suspend', '6.14'],
  ['FWFT', 'set', '6.18'],
  ['PMU', 'event_get_info', '6.18'],
  ['MPXY', 'set_shmem', '6.19'],
  ['CPPC', 'read', undefined],
  ['SSE', 'register', undefined],
];

describe('since when Linux has something', () => {
  it.each(HISTORY)('%s %s: %s', (extension, name, release) => {
    expect(functionRelease(extension, name)?.name).toBe(release);
    const words = rowOf(cardOf(cardId('function', `${extension}.${name}`)), 'Linux');
    expect(words).toContain(release === undefined ? 'No KVM up to Linux' : `since Linux ${release}`);
  });

  it.each(RELEASES.map((release) => [release.name, release] as const))(
    'agrees with what KVM of Linux %s answers',
    (_, release) => {
      const host = composeHost(release, MAX, { sbiV01: true }, { name: release.name, label: release.name });
      for (const [name, key] of FUNCTIONS) {
        const machine = bench(host, 'upstream', { extensions: MAX.isa });
        if (name in KVM_RISCV_SBI_EXT && name !== 'BASE')
          machine.vcpus[0]!.setOneReg(sbiExtId(name as keyof typeof KVM_RISCV_SBI_EXT), 1n);
        const { eid, functions }: SbiExtension = SBI[name];
        const definition = functions[key]!;
        ecall(machine, 0, BigInt(definition.eid ?? eid[0]), BigInt(definition.fid ?? 0), []);
        const [call] = machine.calls;
        const refused = call !== undefined && (call.by === 'none' || call.kernel.includes('later Linux'));
        expect(refused, `${name} ${key}: ${call?.kernel}`).toBe(!hasFunction(release, name, key));
        if (call?.by === 'none') expect(hasExtension(release, name)).toBe(false);
      }
    },
  );

  it('tells it of registers as the releases do', () => {
    const since = (name: string): string => rowOf(cardOf(cardId('register', name)), 'Linux');
    expect(since('CONFIG.mvendorid')).toContain('Linux 6.2');
    expect(since('CONFIG.zicbop_block_size')).toContain('Linux 6.18');
    expect(since('SBI_EXT.TIME')).toContain('Linux 6.4');
    expect(since('SBI_EXT.SUSP')).toContain('Linux 6.14');
    expect(since('SBI_STATE.STA.shmem_lo')).toContain('Linux 6.8');
    expect(since('ISA_EXT.MULTI_EN[1]')).toContain('Linux 6.13');
    expect(cardOf(cardId('register', 'SBI_IDENTITY.impl_id'))?.whatIf).toBe(true);
  });
});

describe('who serves a call', () => {
  it('names the VMMs that answer it, as their profiles have it', () => {
    const served = (name: string): string => rowOf(cardOf(cardId('function', name)), 'VMMs that serve it');
    for (const { label, serves } of VMM_PROFILES) {
      const answers = serves === 'all' || (serves.DBCN?.includes('console_write') ?? false);
      expect(served('DBCN.console_write').split('; ').includes(label), label).toBe(answers);
    }
    expect(served('NACL.sync_csr')).toBe('');
    expect(rowOf(cardOf('extension/DBCN'), 'VMMs that serve it')).toContain('Ecall');
  });
});

describe('looking for a card', () => {
  const named = (typed: string): readonly string[] => namedCards(CARDS, typed).map(({ id }) => id);
  const found = (typed: string): readonly string[] => findCards(CARDS, typed).map(({ id }) => id);

  it.each([
    ['hart_start', ['function/HSM.hart_start']],
    ['HSM hart_start', ['function/HSM.hart_start']],
    ['sbi_hart_start', ['function/HSM.hart_start']],
    ['hsm', ['extension/HSM']],
    ['0x48534d', ['extension/HSM']],
    ['0x9000489', ['extension/VENDOR']],
    ['-3', ['error/INVALID_PARAM']],
    ['0xfffffffffffffffd', ['error/INVALID_PARAM']],
    ['SBI_ERR_DENIED', ['error/DENIED']],
    ['EBUSY', ['errno/EBUSY']],
    ['-16', ['errno/EBUSY']],
    ['35', ['exit/KVM_EXIT_RISCV_SBI']],
    ['KVM_EXIT_MMIO', ['exit/KVM_EXIT_MMIO']],
    ['0x8030000002000020', ['register/CORE.mode']],
    ['KVM_REG_RISCV_SBI_EXT', ['register/SBI_EXT']],
    ['remote_fence_i', ['function/V01.remote_fence_i', 'function/RFENCE.remote_fence_i']],
    ['nonsense', []],
  ])('%s names %j', (typed, ids) => expect(named(typed)).toEqual(ids));

  it('puts the best first and takes words from names and meanings', () => {
    expect(found('dbcn')[0]).toBe('extension/DBCN');
    expect(found('console wri').slice(0, 2)).toEqual([
      'function/DBCN.console_write',
      'function/DBCN.console_write_byte',
    ]);
    expect(found('steal')).toContain('extension/STA');
    expect(found('  ')).toHaveLength(CARDS.length);
    expect(found('no such thing at all')).toEqual([]);
  });
});

describe('a card as text', () => {
  it('has the name, the code, the meaning, and a line for each fact', () => {
    const text = cardText(cardOf('function/HSM.hart_start')!);
    expect(text.split('\n')[0]).toBe('HSM hart_start  hart_start(hartid, start_addr, opaque)  a7=0x48534d a6=0x0');
    expect(text).toContain('\n    a1 start_addr  Guest-physical address.');
    expect(text).toContain('\n    -6 ALREADY_AVAILABLE  The hart is not stopped.');
  });

  it('stays within the width of a terminal', () => {
    const wide = CARDS.flatMap((card) => cardText(card).split('\n').slice(1)).filter((line) => line.length > 96);
    expect(wide).toEqual([]);
  });
});
