import { describe, expect, it } from 'vitest';
import { callText, errorText, extensionKey, extensionOf, resultText, valueText } from './codec.ts';
import { SBI } from './spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, SBI_VERSIONS, type SbiExtension } from './types.ts';
import { compareVersions, decodeVersion, encodeVersion, functionsIn, hasVersion, versionText } from './version.ts';

const HSM = 0x48534dn;
const SSE = 0x535345n;
const ALL = (1n << 64n) - 1n;

/** The specification spells the ids of most extensions in ASCII. [SBI 3.0 §4 and on] */
const SPELLED: Readonly<Record<string, string>> = {
  TIME: 'TIME',
  IPI: 'sPI',
  RFENCE: 'RFNC',
  HSM: 'HSM',
  SRST: 'SRST',
  PMU: 'PMU',
  DBCN: 'DBCN',
  SUSP: 'SUSP',
  CPPC: 'CPPC',
  NACL: 'NACL',
  STA: 'STA',
  SSE: 'SSE',
  FWFT: 'FWFT',
  DBTR: 'DBTR',
  MPXY: 'MPXY',
};

describe('the table of SBI extensions', () => {
  it.each(SBI_NAMES)('%s is described consistently', (name) => {
    const extension: SbiExtension = SBI[name];
    expect(extension.name).toBe(name);
    const spelled = SPELLED[name];
    if (spelled !== undefined) {
      const id = [...spelled].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
      expect(extension.eid).toEqual([id, id]);
    }
    const functions = Object.values(extension.functions);
    const ids = functions.map((definition) => definition.fid ?? definition.eid);
    expect(ids).toEqual(ids.map((_, index) => index));
    for (const definition of functions) {
      expect(compareVersions(definition.since, extension.since)).toBeGreaterThanOrEqual(0);
      expect(definition.args.length).toBeLessThanOrEqual(6);
      expect(new Set(definition.args.map((argument) => argument.name)).size).toBe(definition.args.length);
      expect(definition.says).toMatch(/\.$/);
    }
  });

  it('has no two extensions with a common id', () => {
    const ranges = SBI_NAMES.map((name) => SBI[name].eid).sort((a, b) => a[0] - b[0]);
    for (const [index, [first]] of ranges.entries()) {
      if (index > 0) expect(first).toBeGreaterThan(ranges[index - 1]![1]);
    }
  });
});

describe('a call as text', () => {
  it.each([
    [HSM, 0n, [1n, 0x80200080n, 0x77n], 'HSM hart_start(hartid=1, start_addr=0x80200080, opaque=0x77)'],
    [0x54494d45n, 0n, [ALL], 'TIME set_timer(stime_value=never)'],
    [0x735049n, 0n, [0n, ALL], 'IPI send_ipi(hart_mask=0x0, hart_mask_base=all)'],
    [0x10n, 3n, [0x4442434en], 'BASE probe_extension(extension_id=DBCN)'],
    [0x10n, 3n, [0x9000489n], 'BASE probe_extension(extension_id=0x9000489)'],
    [0x53525354n, 0n, [0n, 1n], 'SRST system_reset(reset_type=SHUTDOWN, reset_reason=SYSTEM_FAILURE)'],
    [0x4442434en, 2n, [0x78n], "DBCN console_write_byte(byte=0x78 'x')"],
    [1n, 9n, [0x41n], "V01 console_putchar(ch=0x41 'A')"],
    [0x9000489n, 2n, [5n], 'VENDOR 0x9000489 fid 0x2(a0=0x5)'],
    [0x12345n, 0n, [1n, 2n], '0x12345 fid 0x0(a0=0x1, a1=0x2)'],
    [HSM, 9n, [], 'HSM fid 0x9()'],
    [SSE, 7n, [0xffff_0000n, 1n], 'SSE inject(event_id=LOCAL_SOFTWARE, hart_id=1)'],
    [
      SSE,
      1n,
      [0xffff_c000n, 1n, 1n, 0x8030_0000n, 0n],
      'SSE write_attrs(event_id=CONSOLE_INPUT, base_attr_id=PRIORITY, attr_count=0x1, input_phys_lo=0x80300000, input_phys_hi=0x0)',
    ],
  ] as const)('%s %s is named with its arguments', (eid, fid, args, text) => {
    expect(callText(eid, fid, args)).toBe(text);
  });

  it('compares ids in all 64 bits', () => {
    expect(extensionOf(0x1_0000_0010n)).toBeUndefined();
    expect(extensionOf(ALL)).toBeUndefined();
    expect(extensionKey(0x1_0000_0010n)).toBe('0x100000010');
    expect(extensionKey(0x8ffffffn)).toBe('EXPERIMENTAL');
    expect(extensionKey(9n)).toBe('0x9');
  });
});

describe('a result as text', () => {
  it('names every error of the specification', () => {
    for (const [name, code] of Object.entries(SBI_ERRORS))
      expect(errorText(BigInt.asUintN(64, BigInt(code)))).toBe(name);
    expect(errorText(BigInt.asUintN(64, -77n))).toBe('-77');
  });

  it('gives the value its meaning', () => {
    expect(resultText(HSM, 2n, 0n, 1n)).toBe('SUCCESS, value 1 (STOPPED)');
    expect(resultText(HSM, 0n, 0n, 0n)).toBe('SUCCESS');
    expect(resultText(HSM, 2n, BigInt.asUintN(64, -3n), 0n)).toBe('INVALID_PARAM');
    expect(resultText(2n, 0n, ALL, 0n)).toBe('-1');
    expect(valueText(0x10n, 0n, 0x3000000n)).toBe('0x3000000 (SBI 3.0)');
    expect(valueText(0x10n, 1n, 3n)).toBe('3 (KVM)');
  });
});

describe('a version', () => {
  it.each([
    ['0.2', 2n],
    ['1.0', 0x1000000n],
    ['3.0', 0x3000000n],
  ] as const)('%s is encoded as major in bits 30:24 and minor below [SBI 3.0 §4.1]', (version, value) => {
    expect(encodeVersion(version)).toBe(value);
    expect(decodeVersion(value)).toBe(version);
    expect(versionText(value)).toBe(version);
  });

  it('is not one of the specification when its number is none', () => {
    expect(decodeVersion(0x4000000n)).toBeUndefined();
    expect(SBI_VERSIONS.map(encodeVersion).map(decodeVersion)).toEqual(SBI_VERSIONS);
  });

  it('gates extensions and their newer functions', () => {
    expect(hasVersion(SBI.DBCN, '1.0')).toBe(false);
    expect(hasVersion(SBI.DBCN, '2.0')).toBe(true);
    expect(functionsIn(SBI.PMU, '1.0')).not.toContain('snapshot_set_shmem');
    expect(functionsIn(SBI.PMU, '3.0')).toContain('event_get_info');
    expect(functionsIn(SBI.HSM, '0.2')).toEqual(['hart_start', 'hart_stop', 'hart_get_status']);
    expect(functionsIn(SBI.HSM, '0.1')).toEqual([]);
  });
});
