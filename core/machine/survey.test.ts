import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Choice, combined } from '../config/combination.ts';
import type { Platform } from '../config/index.ts';
import { PROBE_QUESTIONS, probe, probeProgram } from '../guests/programs/probe.ts';
import { RELEASES } from '../kvm/profiles/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Survey } from '../trace/survey.ts';
import { countsOf, type Findings } from '../trace/survey-words.ts';
import { survey, surveyOf } from './survey.ts';

const at = (host: string, vmm: Platform['vmm'], kvm: Platform['interface'] = 'upstream'): Platform => {
  return { interface: kvm, host, vmm };
};

function found(platform: Platform, choice: Choice = 'default'): Extract<Survey, { starts: true }> {
  const result = survey(platform, choice);
  if (!result.starts) throw new Error(result.words);
  return result;
}

const kinds = (findings: Findings, ...names: readonly SbiName[]): readonly string[] =>
  names.map((name) => findings[name].kind);

/** What probe_extension answered on a real kernel, by extension id; null where it went to user space. */
function recorded(folder: string, run: string): ReadonlyMap<bigint, boolean | null> {
  const text = readFileSync(new URL(`../kvm/testdata/recorded/${folder}/${run}.txt`, import.meta.url), 'utf8');
  const lines = [...text.matchAll(/^probe 0x10 0x3 (0x[0-9a-f]+) -> (-?\d+) (\d+)/gm)];
  return new Map(lines.map(([, eid = '', error, value]) => [BigInt(eid), error === '0' ? value === '1' : null]));
}

describe('a survey', () => {
  it.each([
    ['linux-7.2-nov01', 'crosvm', '7.2.13-plain', 'default'],
    ['linux-7.2-nov01', 'qemu', '7.2.13-plain', 'en-DBCN'],
    ['linux-6.12-nov01', 'cloud-hypervisor', '6.12.107-q72', 'default'],
    ['linux-6.12-nov01', 'kvmtool', '6.12.107-q72', 'en-DBCN'],
    ['linux-6.12', 'qemu', '6.12v01-plain', 'en-DBCN'],
  ] as const)('finds on %s under %s what was recorded on %s in run %s', (host, vmm, folder, run) => {
    const { findings } = found(at(host, vmm));
    const real = recorded(folder, run);
    for (const name of SBI_NAMES) {
      const answer = real.get(BigInt(SBI[name].eid[0]));
      // Power-off stops cloud-hypervisor after a probe that said yes.
      const seen = name === 'SRST' && findings.SRST.kind === 'stops' ? 'present' : findings[name].kind;
      expect([name, seen]).toEqual([name, answer === null ? 'stops' : answer === true ? 'present' : 'absent']);
    }
  });

  it.each(RELEASES)('finds on Linux $name the version that it reports', ({ name, sbiVersion }) => {
    expect(found(at(`linux-${name}`, 'kvmtool')).version).toBe(sbiVersion);
  });

  it('runs a guest more for each question that stops the VM, and says with which words', () => {
    const own = found(at('linux-7.2', 'ecall'));
    const kvmtool = found(at('linux-7.2', 'kvmtool'));
    expect([own.runs, countsOf(own.findings).stops]).toEqual([1, 0]);
    expect([kvmtool.runs, countsOf(kvmtool.findings).stops]).toEqual([3, 2]);
    const { VENDOR } = kvmtool.findings;
    expect(VENDOR.kind === 'stops' && VENDOR.words).toContain('kvmtool has no code for it: it dumps the exit');
  });

  it('goes on with another console when the one of the guest stops the VM', () => {
    const crosvm = found(at('linux-7.2', 'crosvm')).findings;
    expect(crosvm.V01.kind === 'stops' && crosvm.V01.words).toContain('V01 console_putchar');
    expect(kinds(crosvm, 'TIME', 'STA', 'MPXY')).toEqual(['present', 'present', 'absent']);
    const userspace = found(at('linux-7.2-nov01', 'crosvm', 'userspace')).findings;
    expect(kinds(userspace, 'DBCN', 'V01', 'TIME')).toEqual(['stops', 'stops', 'present']);
  });

  it('reads a report whose first byte stands twice, since QEMU says that putchar failed when it did not', () => {
    const { version, findings } = found(at('linux-6.4', 'qemu'));
    expect([version, ...kinds(findings, 'BASE', 'EXPERIMENTAL', 'VENDOR')]).toEqual([
      '1.0',
      'present',
      'stops',
      'stops',
    ]);
  });

  it('tells that power-off stops a VMM without code for it', () => {
    const { SRST } = found(at('linux-7.2', 'cloud-hypervisor')).findings;
    expect(SRST.kind === 'stops' && SRST.words).toContain('KVM_EXIT_SYSTEM_EVENT');
  });

  it('tells why a VMM does not start, and the way out', () => {
    expect(survey(at('linux-6.4', 'crosvm'), 'default')).toEqual({
      starts: false,
      words: 'crosvm does not start: this KVM lacks KVM_DEV_TYPE_RISCV_AIA',
      hint: 'it is there since Linux 6.5, on machines with AIA',
    });
    expect(survey(at('linux-6.5', 'crosvm'), 'default')).toMatchObject({ starts: true, version: '1.0' });
  });

  it('tells an absent BASE from absent extensions', () => {
    const config = combined(at('linux-7.2', 'ecall', 'accelerator'));
    const result = surveyOf({ ...config, sbi: { ...config.sbi, BASE: 'off' } });
    expect(result.starts && [result.version, ...kinds(result.findings, 'BASE', 'TIME')]).toEqual([
      null,
      'unanswered',
      'unanswered',
    ]);
  });

  it('is the same whenever it is made', () => {
    const platform = at('linux-6.18', 'qemu', 'accelerator');
    expect(survey(platform, 'most')).toEqual(survey(platform, 'most'));
  });
});

/** Those that a guest of KVM can be given: NACL is for hypervisors, and the ranges are empty. */
const FOR_GUESTS = SBI_NAMES.filter(
  (name) => (SBI[name].kvm || SBI[name].vmm) && Object.keys(SBI[name].functions).length > 0,
);
const presentOf = ({ findings }: { readonly findings: Findings }): readonly SbiName[] =>
  SBI_NAMES.filter((name) => findings[name].kind === 'present');

describe('a survey of all that can be answered', () => {
  it.each(['linux-5.17', 'linux-6.1', 'linux-7.2', 'linux-7.2-nov01'])(
    'finds every extension of SBI 3.0 for guests on %s with the VMM of Ecall, once the interface forwards them',
    (host) => {
      for (const kvm of ['userspace', 'accelerator'] as const) {
        const result = found(at(host, 'ecall', kvm), 'most');
        expect([kvm, result.version, ...presentOf(result)]).toEqual([kvm, '3.0', ...FOR_GUESTS]);
      }
    },
  );

  it('finds on Linux 5.17 six extensions upstream: the VMM cannot bring more', () => {
    for (const vmm of ['ecall', 'qemu', 'kvmtool'] as const) {
      const result = found(at('linux-5.17', vmm), 'most');
      expect([result.version, ...presentOf(result)]).toEqual(['0.2', 'V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM']);
    }
  });

  it('finds with the VMM of another what its switches give, which under no interface is more than upstream', () => {
    for (const vmm of ['qemu', 'kvmtool', 'crosvm'] as const) {
      const upstream = presentOf(found(at('linux-7.2', vmm), 'most'));
      for (const kvm of ['userspace', 'accelerator'] as const)
        expect(upstream).toEqual(expect.arrayContaining([...presentOf(found(at('linux-7.2', vmm, kvm), 'most'))]));
    }
  });

  it('leaves an extension in KVM where the release has it, and has the VMM answer the others', () => {
    const { findings } = found(at('linux-6.18', 'ecall', 'userspace'), 'most');
    const by = (name: SbiName) => (findings[name].kind === 'present' ? findings[name].by : findings[name].kind);
    expect(['BASE', 'TIME', 'STA', 'SRST', 'DBCN', 'SSE', 'PMU'].map((name) => by(name as SbiName))).toEqual([
      ...['vmm', 'kvm', 'kvm', 'kvm', 'vmm', 'vmm', 'vmm'],
    ]);
    const old = found(at('linux-5.17', 'ecall', 'userspace'), 'most').findings;
    expect([old.TIME, old.SRST]).toEqual([
      { kind: 'present', by: 'kvm' },
      { kind: 'present', by: 'vmm' },
    ]);
  });

  it('needs BASE in the VMM: the probe of an old kernel denies what that kernel does not know', () => {
    const config = combined(at('linux-5.17', 'ecall', 'userspace'), 'most');
    const denied = surveyOf({ ...config, sbi: { ...config.sbi, BASE: 'kvm' } });
    expect(denied.starts && kinds(denied.findings, 'TIME', 'DBCN', 'SSE')).toEqual(['present', 'absent', 'absent']);
  });
});

describe('the program of a survey', () => {
  it('over all questions is the probe example', () => {
    expect(probeProgram(PROBE_QUESTIONS, 0)).toBe(probe);
  });
});
