import { describe, expect, it } from 'vitest';
import { SBI } from '../../sbi/spec/index.ts';
import { MODES, SBI_NAMES, type SbiName } from '../../sbi/types.ts';
import {
  defaultMode,
  defaultModes,
  HOST_PROFILES,
  hostProfile,
  identityRefusal,
  modeRefusal,
  selectableModes,
} from './index.ts';

const INTERFACES = ['upstream', 'userspace', 'accelerator'] as const;
const NEW = hostProfile('linux-7.2')!;
const OLD = hostProfile('linux-6.12')!;

/** `kv-`: kvm and vmm can be chosen, off cannot; the default in capitals. */
function row(kvmInterface: (typeof INTERFACES)[number], profile: typeof NEW, name: SbiName): string {
  const letters = { kvm: 'k', vmm: 'v', off: 'o' } as const;
  const initial = defaultMode(kvmInterface, profile, name);
  return MODES.map((mode) => {
    if (modeRefusal(kvmInterface, profile, name, mode) !== null) return '-';
    return mode === initial ? letters[mode].toUpperCase() : letters[mode];
  }).join('');
}

describe('the modes that can be chosen', () => {
  it.each([
    // extension, then upstream, userspace, accelerator on Linux 7.2, and upstream, userspace, accelerator on 6.12
    ['V01', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['BASE', 'K--', 'Kvo', 'Kvo', 'K--', 'Kvo', 'Kvo'],
    ['TIME', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['IPI', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['RFENCE', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['HSM', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['SRST', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['STA', 'K-o', 'Kvo', 'Kvo', 'K-o', 'Kvo', 'Kvo'],
    ['DBCN', '-Vo', '-Vo', 'kVo', '-Vo', '-Vo', 'kVo'],
    ['SUSP', '-Vo', '-Vo', 'kVo', '--O', '-Vo', 'kVo'],
    ['EXPERIMENTAL', '-Vo', '-Vo', '-Vo', '-Vo', '-Vo', '-Vo'],
    ['VENDOR', '-Vo', '-Vo', '-Vo', '-Vo', '-Vo', '-Vo'],
    ['PMU', 'k-O', 'kvO', 'kvO', 'k-O', 'kvO', 'kvO'],
    ['FWFT', 'k-O', 'kvO', 'kvO', '--O', '-vO', 'kvO'],
    ['CPPC', '--O', '-vO', '-vO', '--O', '-vO', '-vO'],
    ['DBTR', '--O', '-vO', '-vO', '--O', '-vO', '-vO'],
    ['MPXY', '-vO', '-vO', '-vO', '--O', '-vO', '-vO'],
    ['SSE', '--O', '-vO', '-vO', '--O', '-vO', '-vO'],
  ] as const)('%s', (name, ...rows) => {
    const shown = [NEW, OLD].flatMap((profile) => INTERFACES.map((kvmInterface) => row(kvmInterface, profile, name)));
    expect(shown).toEqual(rows);
  });

  it.each(HOST_PROFILES.flatMap((profile) => INTERFACES.map((kvmInterface) => [profile, kvmInterface] as const)))(
    'always leave a default, and a reason in one sentence for each refusal: $0.name $1',
    (profile, kvmInterface) => {
      for (const name of SBI_NAMES) {
        expect(selectableModes(kvmInterface, profile, name)).toContain(defaultModes(kvmInterface, profile)[name]);
        for (const mode of MODES)
          expect(modeRefusal(kvmInterface, profile, name, mode) ?? 'Yes.').toMatch(/^[A-Z].*\.$/);
        if (!SBI[name].kvm && !SBI[name].vmm) expect(selectableModes(kvmInterface, profile, name)).toEqual(['off']);
      }
    },
  );

  it('do not include the legacy calls where the kernel was built without them', () => {
    const bare = hostProfile('linux-7.2-nov01')!;
    expect(INTERFACES.map((kvmInterface) => row(kvmInterface, bare, 'V01'))).toEqual(['--O', '-vO', '-vO']);
  });
});

describe('the identity', () => {
  it('is fixed in Linux, and else belongs to who answers BASE', () => {
    expect(identityRefusal('upstream', NEW, 'kvm')).toMatch(/constants/);
    expect(identityRefusal('userspace', NEW, 'kvm')).toMatch(/VMM/);
    expect(identityRefusal('userspace', NEW, 'vmm')).toBeNull();
    expect(identityRefusal('accelerator', NEW, 'kvm')).toBeNull();
  });
});
