import { describe, expect, it } from 'vitest';
import {
  ALIASES,
  aliasesByName,
  aliasesOf,
  closure,
  EXTENSIONS,
  extensionByName,
  INSTRUCTIONS,
  instructionByName,
} from './index.ts';

describe('the list of extensions', () => {
  it('names each once, and only extensions that it has as required or implied', () => {
    const names = EXTENSIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const mentioned = EXTENSIONS.flatMap(({ requires, implies, comesWith }) => [...requires, ...implies, ...comesWith]);
    expect(mentioned.filter((name) => extensionByName(name) === undefined)).toEqual([]);
  });

  it('has every mnemonic once', () => {
    expect(INSTRUCTIONS.length).toBe(EXTENSIONS.flatMap((extension) => extension.instructions).length);
    expect(INSTRUCTIONS.map(({ name }) => instructionByName(name))).toEqual(INSTRUCTIONS);
  });

  it('closes a choice over what it implies and what is always on', () => {
    expect([...closure(['A', 'C'])].sort()).toEqual(['A', 'C', 'I', 'S', 'Zaamo', 'Zalrsc', 'Zca']);
    expect([...closure([])].sort()).toEqual(['I', 'S']);
  });

  it('closes a choice over what its members bring together', () => {
    expect(['C', 'D'].map((name) => closure([name]).has('Zcd'))).toEqual([false, false]);
    expect(closure(['F', 'D', 'C']).has('Zcd')).toBe(true);
    expect(closure(['F', 'D', 'Zca']).has('Zcd')).toBe(false);
  });

  it('has parts in the closure exactly when the extensions that they follow from are there', () => {
    for (const { name, follows } of EXTENSIONS) {
      if (follows === null) continue;
      const [of, all] = 'all' in follows ? [follows.all, true] : [follows.any, false];
      expect([name, closure(of).has(name), closure([]).has(name), closure([name]).has(name)]).toEqual([
        name,
        true,
        false,
        false,
      ]);
      for (const one of of) expect([name, one, closure([one]).has(name)]).toEqual([name, one, !all]);
    }
  });

  it('keeps a name that it does not know, for the check of the configuration to find', () => {
    expect(closure(['Zfoo']).has('Zfoo')).toBe(true);
  });
});

describe('aliases', () => {
  it('that fix a CSR come before those that take any, so that rdtime is printed before csrr', () => {
    const names = aliasesOf(instructionByName('csrrs')!).map(({ name }) => name);
    expect(names.indexOf('rdtime')).toBeLessThan(names.indexOf('csrr'));
    expect(names.indexOf('rdtime')).toBeGreaterThanOrEqual(0);
  });

  it('are found by name, in all their shapes', () => {
    expect(aliasesByName('jr').map(({ asm }) => asm)).toEqual(['rs1', 'imm(rs1)', 'rs1, imm']);
    expect(aliasesByName('nonesuch')).toEqual([]);
  });

  it('say what they mean', () => {
    expect(ALIASES.filter(({ says }) => !/^[A-Z].*\.$/.test(says))).toEqual([]);
  });
});
