import { describe, expect, it } from 'vitest';
import { IRQ_S_SOFT } from '../../hart/api.ts';
import { bench, ecall, sbiExtId } from '../testdata/bench.ts';
import {
  EBUSY,
  EINTR,
  EINVAL,
  ENODEV,
  ENOENT,
  EOPNOTSUPP,
  KVM_CAP_IRQCHIP,
  KVM_CREATE_DEVICE_TEST,
  KVM_DEV_TYPE_RISCV_AIA,
  KVM_REG_RISCV,
  KVM_REG_RISCV_ISA_EXT,
  KVM_REG_SIZE_U64,
  type KvmVcpu,
} from '../uapi.ts';
import { composeHost } from './compose.ts';
import { MAX, PLAIN, PLAIN_CHOICE } from './hardware.ts';
import { HOST_PROFILES, type HostProfile, hostProfile, RELEASES } from './index.ts';
import { ISA_EXT_NAMES } from './isa.ts';

const on = (name: string) => hostProfile(`linux-${name}`)!;
const SRST_EID = 0x53525354n;
const KVM_CAP_VM_GPA_BITS = 207;

/** From the pull requests of KVM for RISC-V: release, SBI version, what is new. */
const HISTORY = [
  ['5.17', '0.2', ['V01', 'TIME', 'IPI', 'RFENCE', 'HSM', 'EXPERIMENTAL', 'VENDOR']],
  ['5.18', '0.3', ['SRST']],
  ['6.3', '1.0', ['PMU']],
  ['6.4', '1.0', []],
  ['6.7', '2.0', ['DBCN']],
  ['6.8', '2.0', ['STA']],
  ['6.14', '2.0', ['SUSP']],
  ['6.18', '3.0', ['FWFT']],
  ['6.19', '3.0', ['MPXY']],
  ['7.2', '3.0', []],
] as const;

describe('the releases', () => {
  it.each(HISTORY)('Linux %s reports SBI %s and adds %j', (name, version, added) => {
    const at = RELEASES.findIndex((release) => release.name === name);
    const [release, before] = [RELEASES[at]!, RELEASES[at + 1]];
    expect(release.sbiVersion).toBe(version);
    const known = new Set(Object.keys(before?.extensions ?? {}));
    expect(Object.keys(release.extensions).filter((extension) => !known.has(extension))).toEqual(added);
  });

  it('come newest first, each with a name of its own, and forget no extension', () => {
    const code = ({ name }: { readonly name: string }) => name.split('.').reduce((sum, part) => sum * 100 + +part, 0);
    const codes = RELEASES.map(code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => b - a));
    for (const [at, release] of RELEASES.entries()) {
      const older = RELEASES[at + 1];
      expect(Object.keys(release.extensions)).toEqual(
        expect.arrayContaining(Object.keys(older === undefined ? {} : older.extensions)),
      );
      expect(release.isaExtCount).toBeGreaterThanOrEqual(older?.isaExtCount ?? 0);
    }
  });

  it('give a host with and without the legacy calls each, and the newest is the default', () => {
    expect(HOST_PROFILES).toHaveLength(2 * RELEASES.length);
    expect(HOST_PROFILES[0]!.name).toBe('linux-7.2');
    expect(new Set(HOST_PROFILES.map(({ name }) => name)).size).toBe(HOST_PROFILES.length);
  });

  it('encode their version as LINUX_VERSION_CODE does, whose patch number ends at 255', () => {
    expect(on('6.12').implVersion).toBe(0x060c6bn);
    const patched = composeHost(
      { ...RELEASES[0]!, linux: '4.4.300' },
      PLAIN,
      { sbiV01: true },
      { name: 'x', label: 'x' },
    );
    expect(patched.implVersion).toBe(0x0404ffn);
  });
});

describe('a stable version', () => {
  const missingHart = (release: string, linux: string) => {
    const found = RELEASES.find(({ name }) => name === release)!;
    return composeHost({ ...found, linux }, PLAIN, { sbiV01: false }, { name: linux, label: linux }).quirks.missingHart;
  };

  it('has what was fixed up to it, and no later release inherits that', () => {
    expect(['6.12.107', '6.12.111'].map((linux) => missingHart('6.12', linux))).toEqual(['STARTED', 'STARTED']);
    expect(['6.12.112', '6.12.117'].map((linux) => missingHart('6.12', linux))).toEqual([
      'INVALID_PARAM',
      'INVALID_PARAM',
    ]);
    expect(missingHart('6.13', '6.13.0')).toBe('STARTED');
  });
});

describe('a guest on an older release', () => {
  const call = (name: string, eid: bigint, fid: bigint, ...args: bigint[]) => {
    const machine = bench(on(name), 'upstream', { vcpus: 2 });
    expect(ecall(machine, 0, eid, fid, args)).toBe(-EINTR);
    const answer = [10, 11].map((register) => BigInt.asIntN(64, machine.harts[0]!.readX(register)));
    return { machine, answer };
  };

  it('sends an IPI to absent harts with success before 6.14, and the present ones get it', () => {
    const old = call('6.11', 0x735049n, 0n, 5n, 0n);
    expect(old.answer).toEqual([0n, 0n]);
    expect(old.machine.harts[0]!.isPending(IRQ_S_SOFT)).toBe(true);
    expect(call('6.14', 0x735049n, 0n, 5n, 0n).answer).toEqual([-3n, 0n]);
  });

  it.each([
    ['6.15', 0x1_0000_0001n],
    ['6.16', 1n],
  ])('on %s is told by a started hart the id %d, asked with an upper half', (name, id) => {
    const { machine, answer } = call(name, 0x48534dn, 0n, 0x1_0000_0001n, 0x8000_0000n, 7n);
    expect(answer).toEqual([0n, 0n]);
    expect(machine.harts[1]!.readX(10)).toBe(id);
  });

  it.each([
    ['6.13', -3n],
    ['6.14', -2n],
  ])('asks TIME on %s for a function that it lacks: %d', (name, error) => {
    expect(call(name, 0x54494d45n, 1n).answer).toEqual([error, 0n]);
  });

  it.each([
    ['5.18', -2n],
    ['5.19', 0n],
    ['6.1', -2n],
    ['6.2', 0n],
    ['6.15', 0n],
    ['6.16', -2n],
  ])('fences guests of its own on %s: %d', (name, error) => {
    expect(call(name, 0x52464e43n, 6n, 1n, 0n, 0n, 0n).answer).toEqual([error, 0n]);
  });

  it.each([
    ['6.2', -3n, 0n],
    ['6.3', 0n, 0n],
    ['7.2', -3n, 0n],
  ])('asks on %s for the state of a hart that is not there: %d, %d', (name, error, value) => {
    expect(call(name, 0x48534dn, 2n, 9n).answer).toEqual([error, value]);
  });

  it.each([
    ['6.9', 7n, -2n],
    ['6.10', 7n, -3n],
    ['6.17', 8n, -2n],
    ['6.18', 8n, -3n],
  ])('asks PMU on %s for a function that came later or now: function %d, %d', (name, fid, error) => {
    const release = RELEASES.find((one) => one.name === name)!;
    const host = composeHost(release, MAX, { sbiV01: true }, { name, label: name });
    const machine = bench(host, 'upstream');
    // Flags and number of entries that no release takes.
    expect(ecall(machine, 0, 0x504d55n, fid, [0n, 0n, 1n, 1n])).toBe(-EINTR);
    expect(BigInt.asIntN(64, machine.harts[0]!.readX(10))).toBe(error);
  });

  it('finds no SRST and no hart_suspend on 5.17', () => {
    expect(call('5.17', 0x10n, 3n, SRST_EID).answer).toEqual([0n, 0n]);
    expect(call('5.17', 0x48534dn, 3n, 1n, 0n, 0n).answer).toEqual([-2n, 0n]);
    expect(call('5.18', 0x48534dn, 3n, 0x1_8000_0000n, 0n, 0n).answer).toEqual([-3n, 0n]);
    expect(call('6.14', 0x48534dn, 3n, 0x1_8000_0000n, 0n, 0n).answer).toEqual([-2n, 0n]);
  });
});

describe('a VMM on an older release', () => {
  const vcpuOf = (name: string, ran = false): KvmVcpu => {
    const [vcpu] = bench(on(name), 'upstream').vcpus;
    vcpu!.run.immediate_exit = 1;
    if (ran) vcpu!.kvmRun();
    return vcpu!;
  };
  const MARCHID = 0x8030000001000003n;
  const SATP_MODE = 0x8030000001000006n;
  const STA_LOW = 0x803000000a000000n;
  const SBI_MULTI_EN = 0x8030000008010000n;

  it.each([
    ['6.3', EINVAL],
    ['6.4', 0],
  ])('reads SBI_EXT registers on %s with errno %d', (name, errno) => {
    expect(vcpuOf(name).getOneReg(sbiExtId('TIME')).errno).toBe(errno);
  });

  it('gets the errno values of then before 6.6', () => {
    expect(vcpuOf('6.5').getOneReg(SATP_MODE).errno).toBe(EINVAL);
    expect(vcpuOf('6.5', true).setOneReg(sbiExtId('TIME'), 1n)).toBe(-EOPNOTSUPP);
    expect(vcpuOf('6.5', true).setOneReg(MARCHID, PLAIN.marchid)).toBe(-EOPNOTSUPP);
    expect(vcpuOf('6.6', true).setOneReg(MARCHID, PLAIN.marchid)).toBe(0);
    expect(vcpuOf('6.6', true).setOneReg(MARCHID, 1n)).toBe(-EBUSY);
    expect(vcpuOf('6.6').getOneReg(STA_LOW).errno).toBe(ENOENT);
  });

  it('cannot list registers before 6.6, and finds the multi registers in the list until 6.7', () => {
    expect(vcpuOf('6.5').getRegList()).toEqual({ errno: EINVAL, n: 0, reg: [] });
    expect(vcpuOf('6.7').getRegList().reg).toContain(SBI_MULTI_EN);
    expect(vcpuOf('6.8').getRegList().reg).not.toContain(SBI_MULTI_EN);
  });

  it('finds registers for what the host lacks before 6.6, and cannot write what tells of the host', () => {
    const SVPBMT = KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_ISA_EXT | BigInt(ISA_EXT_NAMES.indexOf('SVPBMT'));
    const [ZICBOM_SIZE, FREQUENCY, SENVCFG] = [0x8030000001000001n, 0x8030000004000000n, 0x803000000300000an];
    expect(vcpuOf('6.5').getOneReg(SVPBMT)).toEqual({ errno: 0, value: 0n });
    expect(vcpuOf('6.5').setOneReg(SVPBMT, 0n)).toBe(-EOPNOTSUPP);
    expect(vcpuOf('6.6').getOneReg(SVPBMT).errno).toBe(ENOENT);
    for (const [id, value] of [
      [ZICBOM_SIZE, 64n],
      [FREQUENCY, 10_000_000n],
    ] as const) {
      expect(vcpuOf('6.5').setOneReg(id, value)).toBe(-EOPNOTSUPP);
      expect(vcpuOf('6.6').setOneReg(id, value)).toBe(0);
    }
    expect(vcpuOf('6.6').getOneReg(SENVCFG).errno).toBe(ENOENT);
    expect(vcpuOf('6.7').getOneReg(SENVCFG).errno).toBe(0);
  });

  it('cannot set machine ids before 6.2', () => {
    expect(vcpuOf('6.1').setOneReg(MARCHID, 1n)).toBe(-EINVAL);
    expect(vcpuOf('6.2').setOneReg(MARCHID, 1n)).toBe(0);
  });
});

describe('a host with AIA', () => {
  const choice = { ...PLAIN_CHOICE, aia: true };
  const withAia = (name: string) => hostProfile(`linux-${name}`, choice)!;
  const SSAIA = KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_ISA_EXT | BigInt(ISA_EXT_NAMES.indexOf('SSAIA'));

  it('has an irqchip to ask for since Linux 6.5, and none without AIA', () => {
    const asked = (host: HostProfile) => {
      const { vm } = bench(host, 'upstream');
      return [vm.checkExtension(KVM_CAP_IRQCHIP), vm.createDevice(KVM_DEV_TYPE_RISCV_AIA, KVM_CREATE_DEVICE_TEST)];
    };
    expect(asked(withAia('6.5'))).toEqual([1, 0]);
    expect(asked(withAia('6.4'))).toEqual([0, -ENODEV]);
    expect(asked(on('6.5'))).toEqual([0, -ENODEV]);
  });

  it('gives its guests Ssaia once the release has a number for it, which only Smstateen can take away', () => {
    const [vcpu] = bench(withAia('7.2'), 'upstream').vcpus;
    expect(vcpu!.getOneReg(SSAIA)).toEqual({ errno: 0, value: 1n });
    expect(vcpu!.setOneReg(SSAIA, 0n)).toBe(-EINVAL);
    const isa = [...withAia('7.2').isa, 'SMSTATEEN'];
    const [other] = bench(withAia('7.2'), 'upstream', { extensions: isa }).vcpus;
    expect(other!.setOneReg(SSAIA, 0n)).toBe(0);
    expect(bench(withAia('6.1'), 'upstream').vcpus[0]!.getOneReg(SSAIA).errno).not.toBe(0);
    expect(bench(on('7.2'), 'upstream').vcpus[0]!.getOneReg(SSAIA).errno).toBe(ENOENT);
  });
});

it('a guest gets Sscofpmf only where the host has AIA, which filters overflow interrupts', () => {
  const SSCOFPMF = KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_ISA_EXT | BigInt(ISA_EXT_NAMES.indexOf('SSCOFPMF'));
  const { isa } = on('7.2');
  const [without] = bench(on('7.2'), 'upstream', { extensions: [...isa, 'SSCOFPMF'] }).vcpus;
  expect(without!.getOneReg(SSCOFPMF)).toEqual({ errno: 0, value: 0n });
  expect(without!.setOneReg(SSCOFPMF, 1n)).toBe(-EINVAL);
  const [able] = bench(on('7.2'), 'upstream', { extensions: [...isa, 'SSCOFPMF', 'SSAIA'] }).vcpus;
  expect(able!.getOneReg(SSCOFPMF)).toEqual({ errno: 0, value: 1n });
});

it.each([
  ['6.17', ENOENT, ENOENT],
  ['6.18', 0, ENOENT],
  ['7.2', 0, 0],
])(
  'the size of cache blocks on %s: errno %d once the vcpu lacks the extension, %d where the host does',
  (name, cleared, absent) => {
    const ZICBOZ_SIZE = 0x8030000001000005n;
    const ZICBOZ = KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_ISA_EXT | BigInt(ISA_EXT_NAMES.indexOf('ZICBOZ'));
    const [vcpu] = bench(on(name), 'upstream').vcpus;
    expect(vcpu!.setOneReg(ZICBOZ, 0n)).toBe(0);
    expect(vcpu!.getOneReg(ZICBOZ_SIZE).errno).toBe(cleared);
    const extensions = on(name).isa.filter((extension) => extension !== 'ZICBOZ');
    const [other] = bench(on(name), 'upstream', { extensions }).vcpus;
    expect(other!.getOneReg(ZICBOZ_SIZE)).toEqual({ errno: absent, value: 0n });
  },
);

it('a host shows its ids and its largest page tables', () => {
  const host = hostProfile('linux-6.1', { ...PLAIN_CHOICE, mvendorid: 0x489n, satpMode: 'sv39' })!;
  expect([host.mvendorid, host.satpMode, bench(host, 'upstream').vm.checkExtension(KVM_CAP_VM_GPA_BITS)]).toEqual([
    0x489n,
    8,
    41,
  ]);
  expect(hostProfile('linux-6.1', PLAIN_CHOICE)).toBe(on('6.1'));
});
