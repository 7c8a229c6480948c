import { describe, expect, it } from 'vitest';
import * as uapi from '../../kvm/uapi.ts';
import { SBI } from '../../sbi/spec/index.ts';
import type { SbiExtension, SbiName } from '../../sbi/types.ts';
import { FOREIGN_SERVERS } from '../sbi/foreign.ts';
import { VMM_NAMES, VMM_PROFILES, vmmProfile } from './index.ts';
import { vmmWords } from './words.ts';

const foreign = VMM_PROFILES.filter(({ serves }) => serves !== 'all');

describe('the profiles of VMMs', () => {
  it('are one for each name, Ecall first', () => {
    expect(VMM_PROFILES.map(({ name }) => name)).toEqual(VMM_NAMES);
    for (const name of VMM_NAMES) expect(vmmProfile(name).name).toBe(name);
  });

  it.each(foreign)('$label serves functions that the tables have and that there is a handler for', ({ serves }) => {
    for (const [name, functions] of Object.entries(serves)) {
      const extension: SbiExtension = SBI[name as SbiName];
      const handlers: Readonly<Record<string, object>> = FOREIGN_SERVERS;
      for (const one of functions as readonly string[]) {
        expect(Object.keys(extension.functions)).toContain(one);
        expect(Object.keys(handlers[name] ?? {})).toContain(one);
      }
    }
  });

  it.each(foreign)('$label serves what it switches on, and needs what KVM_CHECK_EXTENSION can tell', (profile) => {
    const { switchesOn, serves, needs } = profile;
    for (const name of switchesOn as readonly SbiName[]) expect(Object.keys(serves)).toContain(name);
    for (const { capability } of needs) expect(capability).toBe(uapi.KVM_CAP_IRQCHIP);
  });

  it.each(foreign)('$label says what it does, where that was read, and at which state', (profile) => {
    const words = vmmWords(profile);
    expect(words).toContain(profile.unhandled);
    expect(words).toMatch(/(Read in its source|Measured): .*\. State of the source: .+\.$/);
    expect(words).not.toContain('undefined');
  });

  it.each(foreign)('$label says as what it ran where something of it was measured, and not otherwise', (profile) => {
    const measured = Object.values(profile.sources ?? {}).includes('measured');
    expect(profile.ranAs !== null).toBe(measured);
    expect(vmmWords(profile).includes('Measured: ')).toBe(measured);
  });

  it('tell a VMM without code for SBI from one without switches', () => {
    expect(vmmWords(vmmProfile('crosvm'))).toContain('Answers nothing of what KVM hands to it.');
    expect(vmmWords(vmmProfile('qemu'))).toContain('Answers V01 and DBCN of what KVM hands to it.');
    expect(vmmWords(vmmProfile('qemu'))).toContain('Can switch off nothing.');
    expect(vmmWords(vmmProfile('kvmtool'))).toContain('Sets machine ids, but not to 0.');
  });
});
