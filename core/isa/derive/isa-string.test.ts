import { describe, expect, it } from 'vitest';
import { EXTENSIONS, isPart } from '../defs/index.ts';
import { checkExtensions, compareExtensions, isaExtensions, isaString, parseIsaString } from './isa-string.ts';

describe('the ISA string', () => {
  it('puts single letters in canonical order, then Z by category, then S [Unprivileged ISA, naming conventions]', () => {
    const names = [
      'Sstc',
      'Zihintpause',
      'C',
      'Zifencei',
      'Zaamo',
      'M',
      'Zicsr',
      'A',
      'Zba',
      'I',
      'Svinval',
      'Zfh',
      'Zicbom',
    ];
    expect(isaString(['Zba', 'D', 'C', 'Zicsr', 'F', 'M', 'A', 'Zfa'])).toBe('rv64imafdc_zicsr_zfa_zba');
    expect(isaString(names)).toBe('rv64imac_zicbom_zicsr_zifencei_zihintpause_zaamo_zfh_zba_sstc_svinval');
  });

  it('always has I, names nothing twice and leaves out the level S', () => {
    expect(isaString(['S', 'M', 'M'])).toBe('rv64im');
    expect(isaExtensions(['Sstc', 'S', 'C'])).toEqual(['i', 'c', 'sstc']);
  });

  it('comes back from every set that it can name', () => {
    const names = EXTENSIONS.map(({ name }) => name).filter((name) => name !== 'S' && !isPart(name));
    const parsed = parseIsaString(isaString(names));
    expect(parsed).toEqual({ ok: true, extensions: [...names].sort(compareExtensions) });
  });

  it.each([
    ['RV64IMAC', ['I', 'M', 'A', 'C']],
    ['rv64i2p1_m2p0_zicsr2p0', ['I', 'M', 'Zicsr']],
    ['rv64imaczicsr_zifencei', ['I', 'M', 'A', 'C', 'Zicsr', 'Zifencei']],
    ['rv64gc', ['I', 'M', 'A', 'F', 'D', 'C', 'Zicsr', 'Zifencei']],
    ['rv64gcb', ['I', 'M', 'A', 'F', 'D', 'C', 'Zicsr', 'Zifencei', 'Zba', 'Zbb', 'Zbs']],
    ['rv64i_zks', ['I', 'Zbkb', 'Zbkc', 'Zbkx', 'Zksed', 'Zksh']],
    ['RV64I_Zkn_Zbc', ['I', 'Zbc', 'Zbkb', 'Zbkc', 'Zbkx', 'Zknd', 'Zkne', 'Zknh']],
    ['rv64id', ['I', 'F', 'D', 'Zicsr']],
    ['rv64imac_sstc_zicsr', ['I', 'M', 'A', 'C', 'Zicsr', 'Sstc']],
  ])('reads %s', (text, extensions) => {
    expect(parseIsaString(text)).toEqual({ ok: true, extensions });
  });

  it.each([
    ['rv32imac', 'rv32imac', 'an ISA string begins with rv64'],
    ['rv64imac_zfoo', 'zfoo', 'there is no extension zfoo here'],
    ['rv64i_zkt', 'zkt', 'there is no extension zkt here'],
  ])('refuses %s and says why', (text, extension, message) => {
    expect(parseIsaString(text)).toEqual({ ok: false, problems: [{ extension, message }] });
  });

  it('refuses a group of which it has not all, and says what it lacks', () => {
    const lacked = { extension: 'Zkt', message: 'there is no extension Zkt here' };
    expect(parseIsaString('rv64gc_zk')).toEqual({ ok: false, problems: [lacked] });
  });

  it('says which requirement is off, and counts what is implied as on', () => {
    expect(checkExtensions(['I', 'Zicntr'])).toEqual([
      { extension: 'Zicntr', message: 'Zicntr needs Zicsr, which is off' },
    ]);
    expect(checkExtensions(['I', 'A', 'C', 'Zicsr', 'Zicntr', 'Sstc'])).toEqual([]);
    expect(checkExtensions(['Q'])).toEqual([{ extension: 'Q', message: 'there is no extension Q here' }]);
  });
});
