import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CSRS, csrByName, csrByNumber } from './index.ts';

/** Names that only a later binutils knows, or none: each with its reason to stand in the table. */
const BEYOND_BINUTILS: readonly string[] = [];

const recorded = readFileSync(new URL('./binutils-names.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^[0-9a-f]/.test(line))
  .flatMap((line) => {
    const [number = '', ...names] = line.split(' ');
    return names.map((name) => [name, Number.parseInt(number, 16)] as const);
  });

describe('the CSR table', () => {
  it('knows every name that GNU as knows, under the same number', () => {
    expect(recorded.length).toBeGreaterThan(400);
    expect(recorded.filter(([name, number]) => csrByName(name)?.number !== number)).toEqual([]);
  });

  it('knows no name that GNU as does not', () => {
    const known = new Set(recorded.map(([name]) => name));
    const names = CSRS.flatMap((csr) => [csr.name, ...csr.otherNames]);
    expect(names.filter((name) => !known.has(name))).toEqual(BEYOND_BINUTILS);
  });

  it('gives each number and each name once', () => {
    expect(new Set(CSRS.map((csr) => csr.number)).size).toBe(CSRS.length);
    const names = CSRS.flatMap((csr) => [csr.name, ...csr.otherNames]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('reads privilege and read-only from the number [Privileged ISA, CSR address mapping conventions]', () => {
    const facts = (name: string) => {
      const csr = csrByName(name);
      return [csr?.privilege, csr?.readOnly];
    };
    expect(facts('cycle')).toEqual(['U', true]);
    expect(facts('fcsr')).toEqual(['U', false]);
    expect(facts('satp')).toEqual(['S', false]);
    expect(facts('stopi')).toEqual(['S', true]);
    expect(facts('vsatp')).toEqual(['H', false]);
    expect(facts('mhartid')).toEqual(['M', true]);
  });

  it('offers a guest no CSR of a higher level, nor upper halves, nor withdrawn ones', () => {
    const guest = CSRS.filter((csr) => csr.guest);
    expect(guest.filter((csr) => csr.privilege === 'H' || csr.privilege === 'M')).toEqual([]);
    expect(guest.filter((csr) => csr.rv32Only || csr.withdrawn)).toEqual([]);
    expect(guest.map((csr) => csr.name)).toEqual(
      expect.arrayContaining(['sstatus', 'satp', 'time', 'stimecmp', 'seed']),
    );
    expect(csrByName('stimecmp')?.requires).toBe('Sstc');
  });

  it('has fields that lie apart within 64 bits', () => {
    for (const csr of CSRS) {
      const bits = csr.fields.flatMap(({ hi, lo }) => Array.from({ length: hi - lo + 1 }, (_, n) => lo + n));
      expect([csr.name, new Set(bits).size]).toEqual([csr.name, bits.length]);
      expect(csr.fields.filter(({ hi, lo }) => hi > 63 || lo < 0 || hi < lo)).toEqual([]);
    }
  });

  it('expands a series by index', () => {
    expect(csrByNumber(0xc1f)?.name).toBe('hpmcounter31');
    expect(csrByNumber(0x3ef)?.name).toBe('pmpaddr63');
    expect(csrByNumber(0x320)?.otherNames).toEqual(['mucounteren']);
  });
});
